"""The key figures of the report as two small files that are kept with its source.

findings.json has the numbers of the results without their pictures; findings.md is what these
numbers say, and nothing else. So a test can write findings.md again from findings.json in no time,
and sees it when either was changed by hand; and `./run report` sees it when the results did.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import findings
import tables
from best_text import named_settings, result_said, seeds_of
from effects import same_loss
from errors import ReportError
from limits import late_start, limits
from reading import Node, read
from results import Results
from results_reader import VERSION, results_of
from studies_text import column_of, finding_said, held_said, title_of
from wording import count, counted, escaped, percent

NUMBERS, TEXT = "findings.json", "findings.md"
# More digits than any sentence shows, so that rounding twice changes none of them
DIGITS = 9
COLUMNS = ("seed", "train_loss", "test_loss", "diverged", "epochs_to_target", "dead_weights")
AGAIN = "./run report writes it"


# The numbers


def reduced(results: dict) -> dict:
    """What the key figures need of a results.json: no pictures, few points of the curves."""
    kept = {key: results[key] for key in ("version", "epochs", "seeds", "target_loss", "totals")}
    kept["searched"] = len(results["attempts"])
    for key in ("best", "best_of_two_inputs", "smallest"):
        if results.get(key) is not None:
            kept[key] = setting(results[key])
    kept["best"]["how"] = results["best"]["how"]
    if "smallest" in kept:
        kept["smallest"] |= {key: results["smallest"][key]
                             for key in ("neurons", "weight_count", "ladder")}
    kept["leaderboard"] = [setting(one) for one in results["leaderboard"]]
    kept["studies"] = [{**study, "settings": [setting(one) for one in study["settings"]]}
                       for study in results["studies"]]
    return rounded(kept)


def setting(full: dict) -> dict:
    """Its runs as columns, and of its curve the points that limits.py looks at."""
    kept = {key: value for key, value in full.items()
            if key not in ("runs", "curve", "boundary", "boundaries", "points", "weights", "how",
                           "neurons", "weight_count", "ladder")}
    shown = {*tables.HYPER_PARAMETERS, *tables.FEATURES}
    kept["configuration"] = {key: value for key, value in full["configuration"].items()
                             if key in shown and value is not False}
    kept["runs"] = {column: [run[column] for run in full["runs"]] for column in COLUMNS}
    curve = full["curve"]
    places = sorted({0, late_start(curve["epoch"]), len(curve["epoch"]) - 1})
    kept["curve"] = {"epoch": [curve["epoch"][i] for i in places], **{
        part: {key: [line[i] for i in places] for key, line in curve[part].items()}
        for part in ("train", "test")}}
    return kept


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def written(numbers: dict) -> str:
    """As JSON with a line for every setting, so that a comparison shows which of them changed."""
    def line(value) -> str:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    parts = []
    for key, value in numbers.items():
        if key == "leaderboard":
            value = "[\n" + ",\n".join(map(line, value)) + "\n]"
        elif key == "studies":
            value = "[\n" + ",\n".join(
                f'{{"name":{line(one["name"])},"factor":{line(one["factor"])},"settings":[\n'
                + ",\n".join(map(line, one["settings"])) + "\n]}" for one in value) + "\n]"
        else:
            value = line(value)
        parts.append(f"{line(key)}:{value}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def read_numbers(path: Path) -> dict:
    return read(path, "./run report", VERSION).value


def results_from(numbers: dict, file: str = NUMBERS) -> Results:
    """The numbers as results, whose pictures are empty."""
    def expanded(one: dict) -> dict:
        columns = one["runs"]
        runs = [dict(zip(columns, cells)) for cells in zip(*columns.values())]
        return {**one, "runs": runs}

    try:
        full = {key: expanded(value) if isinstance(value, dict) and "runs" in value
                and isinstance(value["runs"], dict) else value for key, value in numbers.items()}
        full["attempts"] = []
        full["leaderboard"] = [expanded(one) for one in numbers["leaderboard"]]
        full["studies"] = [{**study, "settings": [expanded(one) for one in study["settings"]]}
                           for study in numbers["studies"]]
        full["totals"] = {key: numbers["totals"][key] for key in ("runs", "epochs", "samples")}
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError(f"{file}: lacks {error}; {AGAIN}")
    return results_of(Node(file, "", full), pictures=False)


# The text


def text(numbers: dict) -> str:
    """findings.md, whose last line names the numbers it was made from."""
    results = results_from(numbers)
    parts = [
        "# What the runs on the spiral show",
        "The key figures of the report, which has their pictures. `./run report` trains, and "
        f"writes this page anew where it differs from what the runs say; it is made from "
        f"`{NUMBERS}`, and a test fails when the two do not agree.",
        "## The best hyper-parameters", best(results, numbers["searched"]),
        "## Findings", method(results),
    ]
    for study in results.studies:
        table = tables.study_table("", "", column_of(study), study.settings, study.epochs)
        parts += [
            f"### {title_of(study)}",
            f"**Finding.** {finding_said(study, results)}",
            held_said(study),
            f"**Performance.** {' '.join(findings.performance(study))}",
            f"**Convergence.** {' '.join(findings.convergence(study, results))}",
            f"**What the data do not show.** {limits(study)}",
            bare(table)]
    parts.append(f"---\n\nMade from `{NUMBERS}`, SHA-256 `{digest(numbers)}`.")
    return "\n\n".join(part for part in parts if part) + "\n"


def digest(numbers: dict) -> str:
    return hashlib.sha256(written(numbers).encode("utf-8")).hexdigest()


def bare(table: str) -> str:
    """A table of the report without its caption."""
    return "\n".join(line for line in table.splitlines() if line.startswith("|"))


def best(results: Results, searched: int) -> str:
    two = results.best_of_two_inputs
    names = named_settings(results)
    linked = [f"- {name}: [{escaped(one.label)}]({one.url})" for name, one in names.items()]
    parts = [
        f"Of {counted(searched, 'configuration')} tried by the search. The names are links that "
        "open the setting in the Playground.", "\n".join(linked),
        bare(tables.hyper_parameters_table("", "", names)),
        f"**Best.** {result_said(results, results.best)} {rivals(results)}",
        f"**With only $x$ and $y$.** {result_said(results, two)}"]
    if results.smallest:
        small = results.smallest
        parts += [
            f"**Smallest.** The smallest network that is at the target in at least half of its "
            f"runs has {counted(small.neurons, 'hidden neuron')} and "
            f"{counted(small.weight_count, 'weight')}. {result_said(results, small.setting)} "
            f"{below(results)}"]
    else:
        parts.append("**Smallest.** No network that was tried is at the target in half of its "
                     "runs.")
    stages = bare(tables.funnel_table("", "", results.stages))
    leaders = bare(tables.leaderboard_table("", "", results.leaderboard))
    parts += ["**How it was found.** Every stage runs its configurations with seeds of its own and "
              "keeps the best of them.", stages,
              "**The last comparison**, by median test loss.", leaders]
    return "\n\n".join(parts)


def rivals(results: Results) -> str:
    """How many of the last comparison the data do not tell from the first."""
    first, *others = results.leaderboard
    level = [one for one in others if same_loss(one, first)]
    return (f"Of the other {count(len(others))} settings of the last comparison, seed by seed, the "
            f"data do not tell {count(len(level))} from it.") if others else ""


def below(results: Results) -> str:
    """The most successes of a network with fewer neurons."""
    small = results.smallest
    fewer = [rung for rung in small.ladder if rung.neurons < small.neurons]
    if not fewer:
        return ""
    most = max(fewer, key=lambda rung: (rung.success_rate, rung.neurons))
    low, high = most.success_interval
    return (f"With fewer neurons at most {round(most.success_rate * most.runs)} of "
            f"{counted(most.runs, 'run')} are (interval {percent(low)} to {percent(high)}), with "
            f"[{escaped(most.label)}]({most.url}).")


def method(results: Results) -> str:
    return (
        f"Each study changes one factor and holds the rest; every setting has the same "
        f"{counted(len(results.seeds), 'seed')}. *Performance* is the test loss after the last "
        "epoch, *convergence* the epochs until the test loss is first at the target, "
        f"{results.target_loss:g}, or below. Settings are compared seed by seed: \"2.0 times (1.5 "
        "to 2.5)\" is the median of the quotients over the seeds with its 95 % interval, and the "
        "data tell two settings apart where it leaves out 1. Other intervals are 95 % as well: "
        "bootstrap for a median loss, Wilson's for a success rate.")


# The files


def differences(folder: Path, numbers: dict) -> dict[Path, str]:
    """What the files in `folder` should say, of those that say something else or are missing."""
    wanted = {folder / NUMBERS: written(numbers), folder / TEXT: text(numbers)}

    def said_by(path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8")
        except OSError:
            return None

    return {path: content for path, content in wanted.items() if said_by(path) != content}


def replace(path: Path, content: str) -> None:
    """Writes a file whole or not at all."""
    unfinished = path.with_name(f".{path.name}.new")
    try:
        unfinished.write_text(content, encoding="utf-8")
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise ReportError(f"{path}: cannot be written ({error.strerror})")
