"""Tables, as Markdown. A caption and an id stand on the block around a table."""

from __future__ import annotations

import math
import os
import re
from itertools import groupby

from checks import Check
from effects import median_interval
from findings import arrivals
from network import hidden_layers, weight_count
from results import Rung, Setting, Stage
from wording import NONE, count, escaped, number, percent, span

# The Playground's names for the settings a reader chooses, and ours, in the order of the page
HYPER_PARAMETERS = {
    "activation": "Activation",
    "networkShape": "Hidden layers",
    "learningRate": "Learning rate",
    "regularization": "Regularization",
    "regularizationRate": "Regularization rate",
    "batchSize": "Batch size",
    "percTrainData": "Share of points that train",
    "noise": "Noise",
}
FEATURES = {
    "x": "$x$",
    "y": "$y$",
    "xSquared": "$x^2$",
    "ySquared": "$y^2$",
    "xTimesY": "$xy$",
    "sinX": "$\\sin x$",
    "sinY": "$\\sin y$",
}


def table(name: str, caption: str, header: list[str], rows: list[list[str]], align: str) -> str:
    """A table whose columns are aligned as in `align`, one letter a column: l, r, c, or p.

    p is a column of running text that takes the width which the others leave.
    """
    rule = {"l": ":---", "p": ":---", "r": "---:", "c": ":---:"}
    lines = [header, [rule[letter] for letter in align], *rows]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f":::: {{.table #{name} columns={align}}}\n{caption}\n\n{body}\n::::\n"


def interval(ends: tuple | None) -> str:
    """Two digits at either end are as much as an interval knows."""
    return span(ends, 2, "–")


def quartiles(setting: Setting) -> str:
    lower, upper = setting.test_loss.lower, setting.test_loss.upper
    return interval((math.inf if lower is None else lower, math.inf if upper is None else upper))


def epochs_interval(setting: Setting) -> str:
    low, high = median_interval(arrivals(setting))
    if math.isinf(low):
        return NONE
    return f"{count(low)}–{count(high)}" if not math.isinf(high) else f"{count(low)} or more"


def epochs(setting: Setting, last: int) -> str:
    """The median number of epochs to the target; beyond the last one where it is not reached."""
    return f"> {count(last)}" if setting.median_epochs is None else count(setting.median_epochs)


def linked(setting: Setting) -> str:
    return f"[{escaped(setting.label)}]({setting.url})"


def success(setting: Setting) -> str:
    """How many runs stand at the target or below it after the last epoch."""
    return f"{setting.successes}/{len(setting.runs)}"


def shares(ends: tuple[float, float]) -> str:
    return f"{100 * ends[0]:.0f}–{percent(ends[1])}"


def study_table(name: str, caption: str, factor: str, settings: list[Setting], last: int) -> str:
    header = [factor, "Test loss", "Quartiles", "Interval", "Training", "Diverged", "Success",
              "Interval", "Epochs", "Interval"]
    rows = [[linked(s), number(s.test_loss.median),
             quartiles(s), interval(s.test_loss.interval), number(s.train_loss.median),
             str(s.diverged), success(s), shares(s.success_interval), epochs(s, last),
             epochs_interval(s)] for s in settings]
    return table(name, caption, header, rows, "lrrrrrrrrr")


def leaderboard_table(name: str, caption: str, settings: list[Setting]) -> str:
    header = ["", "Setting", "Test loss", "Interval", "Training", "Success", "Epochs"]
    rows = [[str(place), linked(s), number(s.test_loss.median), interval(s.test_loss.interval),
             number(s.train_loss.median), success(s), epochs(s, s.epochs)]
            for place, s in enumerate(settings, 1)]
    return table(name, caption, header, rows, "rprrrrr")


def funnel_table(name: str, caption: str, stages: list[Stage]) -> str:
    header = ["Stage", "Configurations", "Seeds", "Epochs", "Runs", "Kept", "Best median"]
    rows = [[escaped(stage.name), count(stage.configurations), count(stage.seeds),
             count(stage.epochs), count(stage.runs), count(stage.kept), number(stage.best)]
            for stage in stages]
    return table(name, caption, header, rows, "lrrrrrr")


def hyper_parameters_table(name: str, caption: str, settings: dict[str, Setting]) -> str:
    """A column a setting: what was chosen, and what came of it."""
    shown = list(settings.values())
    rows = [["Input features", *(features(s.configuration) for s in shown)]]
    for key, meaning in HYPER_PARAMETERS.items():
        if any(key in s.configuration for s in shown):
            rows.append([meaning, *(hyper_parameter(key, s.configuration[key])
                                    if key in s.configuration else NONE for s in shown)])
    rows += [
        ["Weights", *(count(weight_count(s.configuration)) for s in shown)],
        ["**Test loss**, median", *(f"**{number(s.test_loss.median)}**" for s in shown)],
        ["its interval", *(interval(s.test_loss.interval) for s in shown)],
        ["Training loss, median", *(number(s.train_loss.median) for s in shown)],
        ["Runs at the target", *(success(s) for s in shown)],
        ["their interval", *(shares(s.success_interval) for s in shown)],
        ["Epochs to the target, median", *(epochs(s, s.epochs) for s in shown)],
    ]
    return table(name, caption, ["Hyper-parameter", *settings], rows, "l" + "l" * len(shown))


def ladder_table(name: str, caption: str, rungs: list[Rung]) -> str:
    rows = [[str(rung.neurons), str(rung.weight_count), f"[{escaped(rung.label)}]({rung.url})",
             f"{round(rung.success_rate * rung.runs)}/{rung.runs}", shares(rung.success_interval),
             number(rung.test_loss.median), interval(rung.test_loss.interval)] for rung in rungs]
    return table(name, caption, ["Neurons", "Weights", "Setting", "Success", "Interval",
                                 "Test loss", "Interval"], rows, "rrprrrr")


def features(configuration: dict) -> str:
    used = [meaning for key, meaning in FEATURES.items()
            if str(configuration.get(key, "")).lower() == "true"]
    return ", ".join(used) or NONE


def hyper_parameter(key: str, value) -> str:
    if key == "networkShape":
        return ", ".join(map(str, hidden_layers({key: value}))) or "none"
    if key in ("percTrainData", "noise"):
        return f"{value:g} %"
    return escaped(f"{value:g}" if isinstance(value, (int, float)) else str(value))


def check_table(name: str, caption: str, checks: list[Check]) -> str:
    """One row a configuration, with the tensor whose error comes closest to its bound."""
    rows = []
    for layer, group in groupby(checks, key=lambda check: check.layer):
        above: list[str] = []
        for check in group:
            parts = PARTS.split(check.configuration)
            rows.append(["" if above else f"`{layer}`", escaped(unlike(above, parts)),
                         count(check.entries), *worst_of(check), verdict(check)])
            above = parts
    header = ["Layer", "Configuration", "Entries", "Worst in", "Error", "Bound", "Verdict"]
    return table(name, caption, header, rows, "lprlrrl")


# The commas between the parts of a configuration, not those inside a shape
PARTS = re.compile(r", (?![^(]*\))")


def unlike(above: list[str], parts: list[str]) -> str:
    """What a configuration has that the one above has not, from the first difference on."""
    same = len(os.path.commonprefix([above, parts]))
    if 0 < same < len(parts):
        return "… " + ", ".join(parts[same:])
    return ", ".join(parts)


def worst_of(check: Check) -> list[str]:
    judged = [t for t in check.tensors if t.worst and t.worst.error is not None]
    if not judged:
        return [NONE, NONE, NONE]
    if not any(t.worst.error for t in judged):
        bounds = [t.worst.bound for t in judged if t.worst.bound is not None]
        return [NONE, "0", number(max(bounds, default=None), 2)]
    tensor = max(judged, key=lambda t: t.worst.error / t.worst.bound if t.worst.bound
                 else (math.inf if t.worst.error else 0))
    return [f"`{tensor.name}`", number(tensor.worst.error, 2), number(tensor.worst.bound, 2)]


def verdict(check: Check) -> str:
    wrong = sum(t.wrong for t in check.tensors)
    undecided = sum(t.undecided for t in check.tensors)
    if wrong:
        return f"**{count(wrong)} wrong**"
    if undecided:
        return f"{count(undecided)} undecided"
    return "verified" if check.passed else "**failed**"
