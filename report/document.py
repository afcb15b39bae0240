"""Puts the report together as one Markdown text from prose, computed sentences, and tables."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import findings
import tables
from checks import Check
from errors import ReportError
from figures import columns, tile_name
from pages import Book, chapters
from results import Results, Setting, Study
from wording import NONE, count, counted, escaped, listed, number, strong

TEXT = Path(__file__).with_name("text")
HOLE = re.compile(r"\{\{(\w+)\}\}")

NEW_PAGE = ":::: page\n::::\n\n"  # in the PDF

# The studies by name: heading, and what stands above the column of its settings
STUDIES = {
    "learning_rate": ("Learning rate", "Learning rate"),
    "width": ("Hidden sizes by width", "Neurons"),
    "depth": ("Hidden sizes by depth", "Hidden layers"),
    "regularization": ("Regularization", "Regularization"),
    "features": ("Input features", "Features"),
    "activation": ("Activation", "Activation"),
}


@dataclass
class Sources:
    """Everything that a report is made from."""

    results: Results
    checks: list[Check]
    book: Book
    figures: Path  # the folder of the drawn figures
    version: str  # of this project
    tools: str  # that write the report, with their versions


def document(sources: Sources) -> str:
    results = sources.results
    parts = [
        "# Summary {#summary .unnumbered}", summary(sources), ":::: contents\n::::",
        "# Backpropagation {#backpropagation}", filled("backpropagation"),
        chapters(sources.book),
        NEW_PAGE + "## Gradient checks {#gradient-checks}", checks_section(sources.checks),
        "# The spiral {#spiral}", spiral_section(results),
        "## The best hyper-parameters {#best}", best_section(sources),
        "## Findings {#findings}", findings_section(results),
        *[NEW_PAGE + study_section(study, sources) for study in results.studies],
        NEW_PAGE + "## All attempts {#attempts}", attempts_section(sources),
        "## Method {#method}", method_section(sources),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def filled(name: str, **values: str) -> str:
    """The prose of text/`name`.md with its holes filled; every value must have a hole."""
    path = TEXT / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror})")
    holes = set(HOLE.findall(text))
    if holes != set(values):
        odd = ", ".join(sorted(holes ^ set(values)))
        raise ReportError(f"{path}: the holes and the values to fill them differ in {odd}")
    return HOLE.sub(lambda hole: values[hole[1]], text)


# Summary and checks


def summary(sources: Sources) -> str:
    results = sources.results
    best = results.best
    lines = [
        f"The backward passes of {layers_said(sources.checks)} are derived by hand in "
        f"[the first part](#backpropagation). {verdict_said(sources.checks)}",
        f"The best setting found for the spiral is [{escaped(best.label)}]({best.url}). Its "
        f"median test loss is {findings.with_interval(best.test_loss)} over "
        f"{seeds_of_best(results)}; [how it was found](#best).",
    ]
    for study in results.studies:
        title = STUDIES.get(study.name, (title_of(study), ""))[0]
        lines.append(f"[{title}](#{study_id(study)}): {in_brief(study)}")
    return "\n".join(f"- {line}" for line in lines)


def seeds_of_best(results: Results) -> str:
    """`8 fresh seeds`, where none of them had a part in choosing the best setting."""
    fresh = "fresh " if not {run.seed for run in results.best.runs} & set(results.seeds) else ""
    return f"{count(len(results.best.runs))} {fresh}seed" + ("s" if len(results.best.runs) > 1 else "")


def in_brief(study: Study) -> str:
    """One sentence about a study: its best setting, its fastest, and its rivals."""
    ranked = findings.by_loss(study.settings)
    if not ranked:
        return "every run diverged."
    best = ranked[0]
    rivals = [s for s in ranked[1:]
              if not findings.apart(best.test_loss.interval, s.test_loss.interval)]
    said = (f"the lowest median test loss is {number(best.test_loss.median)} with "
            f"{findings.phrased(study, best)}")
    if len(rivals) == len(ranked) - 1 and rivals:
        said += ", but the data separate none of the settings from it"
    elif rivals:
        said += f", not separated from {findings.named(rivals)}"
    arriving = findings.by_epochs(study.settings)
    if arriving:
        which = ("it also reaches the target first" if arriving[0] is best
                 else f"the first to reach the target is {findings.phrased(study, arriving[0])}")
        said += f"; {which}, after {counted(arriving[0].median_epochs, 'epoch')}"
    return said + "."


def layers_said(checks: list[Check]) -> str:
    return listed([f"`{layer}`" for layer in dict.fromkeys(check.layer for check in checks)])


def verdict_said(checks: list[Check]) -> str:
    """What the gradient check found, in one or two sentences."""
    total = sum(check.entries for check in checks)
    wrong = sum(t.wrong for check in checks for t in check.tensors)
    undecided = sum(t.undecided for check in checks for t in check.tensors)
    found = (f"{counted(total, 'entry').replace('entrys', 'entries')} of gradients were checked "
             f"in {counted(len(checks), 'configuration')}")
    if not wrong and not undecided:
        failed = sum(not check.passed for check in checks)
        if failed:
            return f"{found}; {counted(failed, 'configuration')} did not pass."
        return f"{found}: all are verified."
    verified = total - wrong - undecided
    return (f"{found}: {count(verified)} are verified, {count(wrong)} wrong, and "
            f"{count(undecided)} undecided.")


# How each source of a reference derivative works, by the name that the check gives it
REFERENCES = {
    "central differences": "Central differences evaluate the forward pass on both sides of an "
                           "entry's value at shrinking distances and extrapolate the quotients to "
                           "the distance 0.",
    "complex step": "The complex step moves an entry by a tiny imaginary number and reads the "
                    "derivative off the imaginary part, where nothing is subtracted.",
    "forward mode": "Forward mode computes in extended precision with dual numbers, which carry a "
                    "derivative through every operation of the forward pass.",
}


def checks_section(checks: list[Check]) -> str:
    caption = "Analytic gradients against their references, for every layer and configuration. A configuration that begins with … is that of the row above up to there."
    references = list(dict.fromkeys(name for check in checks for name in check.references))
    return filled("checks", references=listed(references),
                  how=" ".join(REFERENCES[name] for name in references if name in REFERENCES),
                  verdict=verdict_said(checks), tried=tried_said(checks),
                  contract=contract_said(checks),
                  table=tables.check_table("tab-checks", caption, checks))


def tried_said(checks: list[Check]) -> str:
    """How much the comparisons mean: 0 with 0 proves little."""
    total = sum(check.entries for check in checks)
    not_zero, positive, negative = (sum(getattr(check.coverage, part) for check in checks)
                                    for part in ("not_zero", "positive", "negative"))
    said = (f"The upstream gradients $dy$ have {count(positive)} positive and {count(negative)} "
            f"negative entries. Of the {count(total)} entries compared, {count(not_zero)} are not 0 "
            "by structure; the others are 0 because no output depends on them, and must come out "
            "as 0.")
    kinks = sum(check.kinks for check in checks)
    if kinks:
        said += (f" {counted(kinks, 'output')} stood on a kink, where there is no derivative: there "
                 "a subgradient was asked for.")
    return said


def contract_said(checks: list[Check]) -> str:
    broken = [f"`{check.layer}`: {escaped(sentence)}" for check in checks
              for sentence in check.findings]
    if not broken:
        return "No layer broke a rule."
    return f"Broken in {counted(len(broken), 'case')}: {'; '.join(broken)}."


# The spiral


def spiral_section(results: Results) -> str:
    # A wrong answer costs 2, so this share of wrong ones alone makes the target loss
    wrong = f"one in {count(2 / results.target_loss)}"
    return filled("spiral", target=f"{results.target_loss:g}", wrong=wrong,
                  links="Where this part names a setting in a table or shows its picture, the "
                        "name or the picture is a link that opens it in the Playground; only the "
                        "stamps of [](#fig-search) are too small for that.")


def best_section(sources: Sources) -> str:
    results = sources.results
    best = results.best
    gap = (f" The median training loss is {number(best.train_loss.median)}."
           if best.train_loss.median is not None else "")
    arrival = (f" Half of the runs reach the target after "
               f"{counted(best.median_epochs, 'epoch')}." if best.median_epochs is not None else "")
    result = (f"After {count(results.epochs)} epochs the median test loss over "
              f"{seeds_of_best(results)} is {findings.with_interval(best.test_loss)}; "
              f"{len(best.runs) - best.censored} of {len(best.runs)} runs reach the target."
              f"{arrival}{gap} {selection_said(results)} [](#fig-best-curve) shows how the loss falls, and "
              "[](#fig-best-boundary) what the trained network answers over the plane.")
    final = best.curve.test.median[-1] if best.curve.test.median else None
    return filled(
        "best", url=best.url, result=result,
        hyper_parameters=tables.hyper_parameters_table(
            "tab-best", "The best hyper-parameters.", best.configuration),
        curve=figure(
            sources, "best-curve",
            "Loss of the best setting: medians over the seeds, with bands between the quartiles.",
            f"The median test loss starts at {number(best.curve.test.median[0])} and ends at "
            f"{number(final)}."),
        boundary=figure(
            sources, "best-boundary",
            f"What the best network answers after {count(results.epochs)} epochs (seed "
            f"{best.boundary.seed}), from −1 (orange) over 0 (line) to 1 (blue), and the points.",
            "Two interleaved spiral arms of points on coloured regions that show the network's "
            "answer."),
        search=search_said(results),
        funnel=tables.funnel_table("tab-funnel", "The search, stage by stage, with the median test loss of each stage's best.", results.stages),
        leaderboard_said=leaders_said(results),
        leaderboard=tables.leaderboard_table(
            "tab-leaderboard", "The settings of the last comparison by their median test loss.",
            results.leaderboard, results.epochs))


def search_said(results: Results) -> str:
    stages = results.stages
    if not stages:
        return "No search is recorded."
    runs = sum(stage.runs for stage in stages)
    return (f"In {counted(len(stages), 'stage')} with {count(runs)} runs altogether, each of which "
            f"kept the best of its configurations for the next ([](#tab-funnel)). It began with "
            f"{counted(stages[0].configurations, 'configuration')} and kept "
            f"{count(stages[-1].kept)} in the end. Choosing the lowest of many losses favours lucky "
            "runs, so every stage runs its configurations with seeds of its own.")


def selection_said(results: Results) -> str:
    """How far the winner's loss can be trusted: the lowest of many flatters."""
    chosen = results.leaderboard[0].test_loss.median if results.leaderboard else None
    if {run.seed for run in results.best.runs} & set(results.seeds):
        return ("The setting was chosen for this loss, as the lowest of several, so expect a higher "
                "one of it with other seeds.")
    said = "These seeds had no part in choosing the setting"
    if chosen is not None:
        said += (f"; with those that chose it the median was {number(chosen)}, a number that "
                 "flatters, being the lowest of several")
    return said + "."


def leaders_said(results: Results) -> str:
    leaders = [s for s in results.leaderboard if s.test_loss.median is not None]
    if len(leaders) < 2:
        return "[](#tab-leaderboard) lists the settings of the last comparison."
    first = leaders[0]
    rivals = [s for s in leaders[1:]
              if not findings.apart(first.test_loss.interval, s.test_loss.interval)]
    if not rivals:
        said = "The interval of the first lies below those of all others."
    else:
        said = (f"The interval of the first overlaps with "
                f"{'that' if len(rivals) == 1 else 'those'} of {count(len(rivals))} of the other "
                f"{count(len(leaders) - 1)}, so the data do not say that it is better than "
                f"{'this one' if len(rivals) == 1 else 'these'}.")
    return f"[](#tab-leaderboard) lists the settings of the last comparison. {said}"


def findings_section(results: Results) -> str:
    return filled("findings", seeds=count(len(results.seeds)), epochs=count(results.epochs),
                  target=f"{results.target_loss:g}")


def study_section(study: Study, sources: Sources) -> str:
    results = sources.results
    title, column = STUDIES.get(study.name, (title_of(study), "Setting"))
    factor = title.lower()
    medians = "; ".join(f"{s.label}: {plain(number(s.test_loss.median))}" for s in study.settings)
    body = filled(
        "study",
        held=held_said(study),
        performance=" ".join(s for s in findings.performance(study, results.epochs) if s),
        convergence=" ".join(findings.convergence(study, results)),
        comparison=figure(
            sources, f"{study.name}-comparison",
            f"{title}: every run (circles), the medians (bars), and the intervals of the median "
            "loss. Triangles are runs that never reach the target.",
            f"Median test losses: {medians}."),
        table=tables.study_table(
            f"tab-{study.name}",
            f"{title}: medians over the seeds, with quartiles and intervals.",
            column, study.settings, results.epochs),
        curves=figure(
            sources, f"{study.name}-curves",
            f"{title}: the median test loss by epoch with the band between its quartiles, against "
            "the medians of the other settings (grey) and the target (dotted).",
            f"One panel for each of {len(study.settings)} settings of the {factor}."),
        boundaries=grid(
            sources, f"fig-{study.name}-boundaries",
            f"{title}: what the network of median test loss answers after the last epoch; "
            "below, the median test loss on a logarithmic scale from 0.0001 to 1.",
            [(tile_name(study.name, i), s) for i, s in enumerate(study.settings)],
            columns(len(study.settings))))
    return f"### {title} {{#{study_id(study)}}}\n\n{body}"


def held_said(study: Study) -> str:
    """What all settings of a study have in common."""
    first = study.settings[0].configuration
    same = {key: value for key, value in first.items()
            if all(s.configuration.get(key) == value for s in study.settings)}
    said = [f"{meaning.lower()} {tables.hyper_parameter(key, same[key])}"
            for key, meaning in tables.HYPER_PARAMETERS.items()
            if key in same and not (key == "regularizationRate"
                                    and first.get("regularization") == "none")]
    inputs = {tables.features(s.configuration) for s in study.settings}
    if len(inputs) == 1:
        said.insert(0, f"input features {inputs.pop()}")
    return f"Held fixed: {'; '.join(said)}." if said else ""


def attempts_section(sources: Sources) -> str:
    results = sources.results
    groups = [(STUDIES.get(study.name, (title_of(study), ""))[0], study.name, study.settings)
              for study in results.studies]
    # A leader's label is too long for a caption this narrow: its place in the table names it
    groups.append(("The last comparison of the search, by place in [](#tab-leaderboard)",
                   "leaderboard", [replace(setting, label=f"No. {place}")
                                   for place, setting in enumerate(results.leaderboard, 1)]))
    pictures = [(tile_name(name, i), setting, title) for title, name, settings in groups
                for i, setting in enumerate(settings)]
    shown = [setting for _, setting, _ in pictures]
    boundary = results.best.boundary
    return filled(
        "attempts", everything=count(distinct([*shown, *results.attempts])),
        searched=count(len(results.attempts)), ended=ended_said(results),
        range=f"{boundary.range:g}", pictures=count(len(pictures)), distinct=count(distinct(shown)),
        search=figure(
            sources, "search",
            "Every attempt of the search: rows by learning rate and hidden layers, columns by "
            "activation and inputs; below each stamp its median test loss. Frames mark the "
            "attempts that went beyond the first stage, the double frame the winner.",
            f"{count(len(results.attempts))} small pictures of what the networks answer over the "
            "plane."),
        losses=figure(
            sources, "search-losses",
            "Every attempt of the search by its median test loss, once for each hyper-parameter; "
            "the mark tells the last stage that it reached.",
            "Points that stand for median test losses, in columns by hyper-parameter."),
        sheet=grid(sources, "fig-attempts",
                   "Every setting of the studies and of the search's last comparison, with its "
                   "median test loss.",
                   [(name, setting) for name, setting, _ in pictures], 6,
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


def method_section(sources: Sources) -> str:
    results = sources.results
    return filled(
        "method", seeds=seeds_said(results.seeds),
        fresh=seeds_said([run.seed for run in results.best.runs]), epochs=count(results.epochs),
        missing=f"{100 * (1 - findings.CONFIDENCE):.0f} %", version=sources.version,
        tools=sources.tools, step=count(measured_every(results)), size=str(results.best.boundary.size),
        range=f"{results.best.boundary.range:g}")


def measured_every(results: Results) -> float:
    """The epochs from one measurement of a curve to the next."""
    epoch = results.best.curve.epoch
    return max((b - a for a, b in zip(epoch, epoch[1:])), default=results.epochs)


def seeds_said(seeds: list[str]) -> str:
    return listed([f"`{seed}`" for seed in seeds])


# Blocks


def figure(sources: Sources, name: str, caption: str, seen: str) -> str:
    """A figure with its caption; `seen` says what it shows to who cannot see it."""
    path = sources.figures / f"{name}.svg"
    return f":::: {{.figure #fig-{name}}}\n![{escaped(seen)}]({path})\n\n{caption}\n::::\n"


def grid(sources: Sources, id: str, caption: str, pictures: list[tuple[str, Setting]],
         across: int, titles: list[str] | None = None) -> str:
    """Small pictures side by side, each a link to the Playground; a title where a group begins."""
    cells = []
    for i, (name, setting) in enumerate(pictures):
        if titles and (i == 0 or titles[i] != titles[i - 1]):
            cells.append(f":::: group\n{titles[i]}\n::::")
        path = sources.figures / f"{name}.svg"
        loss = number(setting.test_loss.median)
        seen = f"Answers of the network with {setting.label}; test loss {plain(loss)}"
        cells.append(f":::: cell\n[![{escaped(seen)}]({path})]({setting.url})\n\n"
                     f"[{escaped(setting.label)}]({setting.url})\n\n"
                     f"{loss if loss != NONE else 'diverged'}\n::::")
    body = "\n\n".join(cells)
    return f"::::: {{.grid #{id} columns={across}}}\n{caption}\n\n{body}\n:::::\n"


def plain(markdown: str) -> str:
    """A number without the maths marks, for alternative texts."""
    return re.sub(r"\$(.*?) \\times 10\^\{(-?\d+)\}\$", r"\1e\2", markdown)


def study_id(study: Study) -> str:
    return "study-" + study.name.replace("_", "-")


def title_of(study: Study) -> str:
    return study.name.replace("_", " ").capitalize()
