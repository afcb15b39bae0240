"""Says in plain English what the runs of a study show, and what they do not show.

Two settings are told apart only where the intervals of their medians do not overlap. A run that
never reaches the target loss counts as later than every run that does.
"""

from __future__ import annotations

import math
import statistics

from results import Results, Setting, Study, Summary
from wording import count, counted, listed, number, span, strong, times

CONFIDENCE = 0.95  # of the interval around a median number of epochs, as for the losses


def performance(study: Study, epochs: int) -> list[str]:
    """Sentences about the loss after the last epoch, for a study of one factor."""
    ranked = by_loss(study.settings)
    if not ranked:
        return ["Every run of every setting diverged, so no setting can be preferred."]
    best, worst = ranked[0], ranked[-1]
    said = [f"After {count(epochs)} epochs the lowest median test loss is "
            f"{with_interval(best.test_loss)}, with {phrased(study, best)}."]
    if len(ranked) > 1:
        if best.label != "none":  # against_none says it
            said.append(compared(best, ranked[1:]))
        said.append(contrasted(study, best, worst))
    said += [sentence for sentence in (
        trend(study), against_none(study.settings), diverging(study),
        dying(study.settings)) if sentence]
    return said


def convergence(study: Study, results: Results) -> list[str]:
    """Sentences about the number of epochs that runs take to the target loss."""
    target = f"the target, a test loss of {results.target_loss:g}"
    arriving = by_epochs(study.settings)
    never = [s for s in study.settings if s.censored == len(s.runs)]
    if not arriving:
        most = max(study.settings, key=lambda s: s.success_rate)
        if most.censored == len(most.runs):
            return [f"No run reaches {target}, within {count(results.epochs)} epochs."]
        return [f"No setting brings half of its runs to {target}, within {count(results.epochs)} "
                f"epochs; {phrased(study, most)} comes closest with "
                f"{len(most.runs) - most.censored} of {len(most.runs)} runs."]

    fastest = arriving[0]
    said = [f"The fastest way to {target}, is with {phrased(study, fastest)}: half of the runs are "
            f"there after {counted(fastest.median_epochs, 'epoch')}{spread_of_epochs(fastest)}."]
    if len(arriving) > 1:
        said.append(slower(fastest, arriving[1:]))
    late = [s for s in study.settings if s.median_epochs is None and s not in never]
    if late:
        said.append(f"Fewer than half of the runs get there with {named(late)}; how many epochs "
                    f"they would need is beyond these {count(results.epochs)}.")
    if never:
        said.append(f"No run gets there with {named(never)}.")
    said.append(both_or_one(by_loss(study.settings)[0], fastest))
    return said


# How a sentence names a setting for the first time; what follows calls it by its label
PHRASES = {
    "learning_rate": "a learning rate of {}",
    "width": "{} neuron{s} in the hidden layer",
    "depth": "{} hidden layer{s}",
    "regularization": "regularization {}",
    "features": "the inputs {}",
    "activation": "the activation {}",
}


def phrased(study: Study, setting: Setting) -> str:
    """`a learning rate of **0.1**`, `**8** neurons in the hidden layer`."""
    plural = "" if setting.label == "1" else "s"
    return PHRASES.get(study.name, "{}").format(strong(setting.label), s=plural)


# Performance


def by_loss(settings: list[Setting]) -> list[Setting]:
    """The settings that have a median test loss, the lowest first."""
    return sorted((s for s in settings if s.test_loss.median is not None),
                  key=lambda s: s.test_loss.median)


def with_interval(summary: Summary) -> str:
    """`0.012 (interval 0.010 to 0.015)`."""
    if summary.interval is None:
        return number(summary.median)
    return f"{number(summary.median)} (interval {span(summary.interval)})"


def apart(a: tuple | None, b: tuple | None) -> bool:
    """Whether two intervals have no number in common; one that is missing is apart from none."""
    return a is not None and b is not None and (a[1] < b[0] or b[1] < a[0])


def compared(best: Setting, others: list[Setting]) -> str:
    """Which of the others the data do not tell from the best."""
    close = [s for s in others if not apart(best.test_loss.interval, s.test_loss.interval)]
    if len(close) == len(others):
        return ("The data do not separate it from any other setting: all intervals overlap with "
                "its own.")
    if close:
        return (f"The data do not separate it from {named(close, with_loss=True)}, "
                f"{'whose interval overlaps' if len(close) == 1 else 'whose intervals overlap'} "
                "with its own.")
    return "The intervals of all other settings lie above its own."


def contrasted(study: Study, best: Setting, worst: Setting) -> str:
    """How far it is from the best to the worst; nothing where they are not apart."""
    if not apart(best.test_loss.interval, worst.test_loss.interval):
        return ""
    low, high = best.test_loss.median, worst.test_loss.median
    ratio = f", {times(high / low)} times as high," if low > 0 else ""
    return (f"The highest{ratio} is {with_interval(worst.test_loss)}, with "
            f"{phrased(study, worst)}.")


def trend(study: Study) -> str:
    """The way of the medians along a factor whose settings are numbers."""
    try:
        along = sorted(((float(s.label), s) for s in study.settings), key=lambda pair: pair[0])
    except ValueError:
        return ""
    line = [s for _, s in along if s.test_loss.median is not None]
    if len(line) < 3:
        return ""
    medians = [s.test_loss.median for s in line]
    low = medians.index(min(medians))
    first, last = phrased(study, line[0]), line[-1]
    if medians == sorted(medians, reverse=True):
        return f"The median falls all the way from {first} to {strong(last.label)}."
    if medians == sorted(medians):
        return f"The median rises all the way from {first} to {strong(last.label)}."
    falls = medians[:low + 1] == sorted(medians[:low + 1], reverse=True)
    rises = medians[low:] == sorted(medians[low:])
    down = f"falls from {first} to {strong(line[low].label)}"
    up = f"rises from {phrased(study, line[low])} to {strong(last.label)}"
    if falls and rises:
        return f"The median {down} and rises beyond."
    if falls and low > 0:
        return f"The median {down} and follows no one direction beyond."
    if rises and low < len(line) - 1:
        return f"The median {up} and follows no one direction before."
    return "The median follows no one direction along the settings."


def against_none(settings: list[Setting]) -> str:
    """Settings against the one called none, which leaves the factor out."""
    none = next((s for s in settings if s.label == "none"), None)
    if none is None or none.test_loss.median is None:
        return ""
    others = [s for s in by_loss(settings) if s is not none]
    better = [s for s in others if s.test_loss.median < none.test_loss.median
              and apart(s.test_loss.interval, none.test_loss.interval)]
    worse = [s for s in others if s.test_loss.median > none.test_loss.median
             and apart(s.test_loss.interval, none.test_loss.interval)]
    level = [s for s in others if s not in better and s not in worse]
    base = f"Against {strong('none')} ({number(none.test_loss.median)}), the median is"
    parts = [f"{word} with {named(group, with_loss=True)}" for word, group in (
        ("lower", better), ("higher", worse), ("not separated", level)) if group]
    return f"{base} {'; '.join(parts)}." if parts else ""


def diverging(study: Study) -> str:
    some = [s for s in study.settings if 0 < s.diverged < len(s.runs)]
    every = [s for s in study.settings if s.diverged == len(s.runs)]
    said = []
    if every:
        said.append(f"Every run diverged with {named(every)}.")
    if some:
        first, *others = some
        said.append(listed([
            f"{first.diverged} of {len(first.runs)} runs diverged with {phrased(study, first)}",
            *(f"{s.diverged} of {len(s.runs)} with {strong(s.label)}" for s in others)]) + ".")
    return " ".join(said)


def dying(settings: list[Setting]) -> str:
    """Weights that L1 has set to 0 for good."""
    dead = [(s, statistics.median(run.dead_weights for run in s.runs)) for s in settings]
    parts = [f"{count(n)} with {strong(s.label)}" for s, n in dead if n > 0]
    return f"The median run ends with weights that L1 has set to 0: {listed(parts)}." if parts else ""


# Convergence


def by_epochs(settings: list[Setting]) -> list[Setting]:
    """The settings of which half of the runs reach the target, the fastest first."""
    return sorted((s for s in settings if s.median_epochs is not None),
                  key=lambda s: s.median_epochs)


def arrivals(setting: Setting) -> list[float]:
    """The epochs to the target of all runs, in order; infinite for a run that never arrives."""
    return sorted(math.inf if run.epochs_to_target is None else run.epochs_to_target
                  for run in setting.runs)


def median_interval(ordered: list[float]) -> tuple[float, float]:
    """An interval for the median of which `ordered` is a sample: two of its values.

    The number of values below the median is binomial with probability 1/2, so the interval from
    the k-th smallest to the k-th largest misses it with probability 2 P(fewer than k below). The
    largest k that keeps this within 1 − CONFIDENCE is taken, and at least k = 1, the whole range.
    """
    n = len(ordered)
    k, missed = 1, 2 * 0.5 ** n
    while k < n / 2:
        missed += 2 * math.comb(n, k) * 0.5 ** n
        if missed > 1 - CONFIDENCE:
            break
        k += 1
    return ordered[k - 1], ordered[n - k]


def spread_of_epochs(setting: Setting) -> str:
    low, high = median_interval(arrivals(setting))
    if math.isinf(high):
        return f" (interval from {count(low)} on)"
    return f" (interval {count(low)} to {count(high)})"


def slower(fastest: Setting, others: list[Setting]) -> str:
    """How the other settings that arrive compare with the fastest."""
    own = median_interval(arrivals(fastest))
    close = [s for s in others if not apart(own, median_interval(arrivals(s)))]
    distant = [s for s in others if s not in close]
    said = []
    if close:
        said.append(f"The data do not separate {named(close, with_epochs=True)} from it.")
    if distant:
        last = distant[-1]
        ratio = (f", {times(last.median_epochs / fastest.median_epochs)} times as many"
                 if fastest.median_epochs > 0 else "")
        which = "The slowest that arrives" if len(distant) > 1 else "Slower"
        said.append(f"{which} is {strong(last.label)} with "
                    f"{counted(last.median_epochs, 'epoch')}{ratio}.")
    return " ".join(said)


def both_or_one(best: Setting, fastest: Setting) -> str:
    if best is fastest:
        return "The fastest setting is also the one with the lowest loss in the end."
    if apart(best.test_loss.interval, fastest.test_loss.interval):
        return (f"Fast is not best here: in the end {strong(best.label)} has the lower loss, "
                f"{number(best.test_loss.median)} against {number(fastest.test_loss.median)}.")
    return (f"In the end its loss, {number(fastest.test_loss.median)}, is not separated from the "
            f"lowest, that of {strong(best.label)}.")


def named(settings: list[Setting], with_loss: bool = False, with_epochs: bool = False) -> str:
    """`**a** (0.012), **b** (0.014), and **c** (0.02)`."""
    parts = []
    for setting in settings:
        note = ""
        if with_loss:
            note = f" ({number(setting.test_loss.median)})"
        if with_epochs:
            note = f" ({count(setting.median_epochs)})"
        parts.append(strong(setting.label) + note)
    return listed(parts)
