"""Puts the report together as one Markdown text from prose, computed sentences, and tables."""

from __future__ import annotations

import findings
from attempts_text import attempts_section
from best_text import best_section, seeds_of, smallest_section, two_inputs_section
from blocks import NEW_PAGE, filled
from checks_text import checks_section, layers_said, verdict_said
from effects import CONFIDENCE
from pages import chapters
from results import Results
from sources import Sources
from studies_text import findings_section, study_id, study_sections, title_of
from wording import count, counted, escaped, seeds_said


def document(sources: Sources) -> str:
    results = sources.results
    parts = [
        "# Summary {#summary .unnumbered}", summary(sources), ":::: contents\n::::",
        "# Backpropagation {#backpropagation}", filled("backpropagation"),
        chapters(sources.book),
        NEW_PAGE + "## Gradient checks {#gradient-checks}", checks_section(sources.checks),
        "# The spiral {#spiral}", spiral_section(results),
        "## The best hyper-parameters {#best}", best_section(sources),
        "### With only the two coordinates {#two-inputs}", two_inputs_section(sources),
        "### The smallest network {#smallest}", smallest_section(sources),
        NEW_PAGE + "## Findings {#findings}", findings_section(results),
        *study_sections(sources),
        NEW_PAGE + "## All attempts {#attempts}", attempts_section(sources),
        NEW_PAGE + "## Method and reproduction {#method}", method_section(sources),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def summary(sources: Sources) -> str:
    results = sources.results
    best, two = results.best, results.best_of_two_inputs
    lines = [
        f"The backward passes of {layers_said(sources.checks)} are derived by hand in "
        f"[the first part](#backpropagation). {verdict_said(sources.checks)}",
        f"The best setting found for the spiral is [{escaped(best.label)}]({best.url}). Its "
        f"median test loss is {findings.with_interval(best.test_loss)} over "
        f"{seeds_of(results, best)}; [how it was found](#best) among "
        f"{count(len(results.attempts))}.",
        f"With only $x$ and $y$ it is [{escaped(two.label)}]({two.url}), with a median of "
        f"{findings.with_interval(two.test_loss)}; [more of it](#two-inputs).",
    ]
    if results.smallest:
        small = results.smallest
        lines.append(
            f"The [smallest network](#smallest) that solves the spiral in at least half of its "
            f"runs has {counted(small.neurons, 'hidden neuron')} and "
            f"{counted(small.weight_count, 'weight')}: "
            f"[{escaped(small.setting.label)}]({small.setting.url}).")
    lines += [f"[{title_of(study)}](#{study_id(study)}): {findings.in_brief(study)}"
              for study in results.studies]
    return "\n".join(f"- {line}" for line in lines)


def spiral_section(results: Results) -> str:
    # A wrong answer costs 2, so this share of wrong ones alone makes the target loss
    wrong = f"one in {count(2 / results.target_loss)}"
    return filled("spiral", target=f"{results.target_loss:g}", wrong=wrong,
                  links="Where this part names a setting in a table or shows its picture, the "
                        "name or the picture is a link that opens it in the Playground.")


def method_section(sources: Sources) -> str:
    results = sources.results
    totals = results.totals
    leaders = results.leaderboard[:1]
    return filled(
        "method",
        totals=f"Altogether {counted(totals.runs, 'run')} were trained for "
               f"{counted(totals.epochs, 'epoch')} on {counted(totals.samples, 'sample')}.",
        seeds=seeds_said(results.seeds),
        compared=seeds_said([run.seed for leader in leaders for run in leader.runs]),
        fresh=seeds_said([run.seed for run in results.best.runs]),
        missing=f"{100 * (1 - CONFIDENCE):.0f} %", version=sources.version,
        tools=sources.tools, step=count(measured_every(results)),
        size=str(results.best.boundary.size),
        stamp=str(results.attempts[0].boundary.size if results.attempts else 0),
        range=f"{results.best.boundary.range:g}")


def measured_every(results: Results) -> float:
    """The epochs from one measurement of a curve to the next."""
    epoch = results.best.curve.epoch
    return max((b - a for a, b in zip(epoch, epoch[1:])), default=results.epochs)
