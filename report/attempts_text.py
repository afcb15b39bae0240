"""What the report says and shows of all attempts."""

from __future__ import annotations

import json
from dataclasses import replace

from blocks import filled, grid, sheet
from figures import tile_name
from results import Results
from search_figures import HIGHEST, LOWEST
from sources import Sources
from studies_text import title_of
from wording import count, counted, escaped, listed

CAPTION = (
    "Every attempt of the search. A stamp shows what the network of median test loss answers, from "
    "−1 (orange) to 1 (blue); beside it falls the median test loss against the epochs, on one "
    f"logarithmic scale from {LOWEST:g} to {HIGHEST:g}. Below: its rank and its loss; activation, "
    "hidden layers, and learning rate; batch size (b), regularization, and inputs (sx for sin x).")


def attempts_section(sources: Sources) -> str:
    results = sources.results
    groups = [(title_of(study), study.name, study.settings) for study in results.studies]
    # A leader's label is too long for a caption this narrow: its place in the table names it
    groups.append(("The last comparison of the search, by place in [](#tab-leaderboard)",
                   "leaderboard", [replace(setting, label=f"No. {place}")
                                   for place, setting in enumerate(results.leaderboard, 1)]))
    pictures = [(tile_name(name, i), setting, title) for title, name, settings in groups
                for i, setting in enumerate(settings)]
    shown = [setting for _, setting, _ in pictures]
    return filled(
        "attempts", everything=count(distinct([*shown, *results.attempts])),
        searched=count(len(results.attempts)), ended=ended_said(results),
        pictures=count(len(pictures)), distinct=count(distinct(shown)),
        search="\n\n".join(sheet(sources, page, CAPTION if place == 0 else "")
                           for place, page in enumerate(sources.sheets)),
        sheet=grid(sources, "fig-attempts",
                   "Every setting of the studies and of the search's last comparison, with its "
                   "median test loss.",
                   [(name, setting) for name, setting, _ in pictures], 7,
                   [title for _, _, title in pictures]))


def distinct(attempts: list) -> int:
    """How many different configurations there are among the attempts."""
    return len({json.dumps(attempt.configuration, sort_keys=True) for attempt in attempts})


def ended_said(results: Results) -> str:
    """How many attempts went how far, and what a run of each stage was."""
    parts = []
    for place, stage in enumerate(results.stages):
        here = sum(attempt.stage == place for attempt in results.attempts)
        parts.append(f"{count(here)} ended with *{escaped(stage.name)}* "
                     f"({counted(stage.seeds, 'seed')}, {counted(stage.epochs, 'epoch')})")
    return listed(parts)
