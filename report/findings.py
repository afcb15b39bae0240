"""Says in plain English what the runs of a study show; limits.py says what they do not show.

Two settings are told apart only where the interval of their quotient, seed by seed, leaves out 1.
A run that never reaches the target loss counts as later than every run that does.
"""

from __future__ import annotations

import math
import statistics

from effects import (Effect, epochs_ratio, gap, loss_ratio, median_interval, noted, said,
                     same_epochs, same_loss)
from results import Results, Setting, Study, Summary
from wording import count, counted, listed, number, span, strong

# How a sentence names a setting for the first time; what follows calls it by its label
PHRASES = {
    "learning_rate": "a learning rate of {}",
    "width": "{} neuron{s} in the hidden layer",
    "depth": "{} hidden layer{s}",
    "regularization": "regularization {}",
    "regularization_noise": "regularization {}",
    "features": "the inputs {}",
    "activation": "the activation {}",
    "batch_size": "a batch size of {}",
}

# A factor whose settings are numbers: its name, and how it can be wrong in either direction
ORDERED = {
    "learning_rate": ("a learning rate", "too small", "too large"),
    "width": ("a layer", "too narrow", "too wide"),
    "depth": ("a network", "too shallow", "too deep"),
    "batch_size": ("a batch", "too small", "too large"),
}


def phrased(study: Study, setting: Setting) -> str:
    """`a learning rate of **0.1**`, `**8** neurons in the hidden layer`."""
    plural = "" if setting.label == "1" else "s"
    return PHRASES.get(study.name, "{}").format(strong(setting.label), s=plural)


def by_loss(settings: list[Setting]) -> list[Setting]:
    """The settings that have a median test loss, the lowest first."""
    return sorted((s for s in settings if s.test_loss.median is not None),
                  key=lambda s: s.test_loss.median)


def by_epochs(settings: list[Setting]) -> list[Setting]:
    """The settings of which half of the runs reach the target, the fastest first."""
    return sorted((s for s in settings if s.median_epochs is not None),
                  key=lambda s: s.median_epochs)


def along(study: Study) -> list[Setting]:
    """The settings in the order of their numbers; empty where the factor has none."""
    try:
        return sorted(study.settings, key=lambda s: float(s.label))
    except ValueError:
        return []


# The finding


def finding(study: Study) -> str:
    """The study in a few sentences, each with the size of its effect."""
    ranked = by_loss(study.settings)
    if not ranked:
        return "Every run of every setting diverged, so no setting can be preferred."
    best = ranked[0]
    none = next((s for s in study.settings if s.label == "none"), None)
    if none is not None and none.test_loss.median is not None:
        sentences = against_none_in_brief(study, none)
    elif along(study):
        sentences = in_order(study, best)
    else:
        sentences = among_kinds(study, ranked)
    return " ".join([*sentences, speed_in_brief(study, best)]).strip()


def in_order(study: Study, best: Setting) -> list[str]:
    """Of a factor that is a number: on which side of the best one the loss is higher."""
    line = along(study)
    place = line.index(best)
    below = [s for s in line[:place] if not same_loss(s, best)]
    above = [s for s in line[place + 1:] if not same_loss(s, best)]
    name, little, much = ORDERED.get(study.name, ("it", "too small", "too large"))
    subject = name[0].upper() + name[1:]
    if below and above:
        lead = f"{subject} can be {little} and {much}."
    elif below:
        lead = (f"{subject} can be {little}; {strong(line[-1].label)}, the most that was tried, is "
                f"not yet {much}.")
    elif above:
        lead = (f"{subject} can be {much}; {strong(line[0].label)}, the least that was tried, is "
                f"not yet {little}.")
    else:
        return [f"The data do not tell any of the settings from the best: {lowest(study, best)}."]
    steps = [f"{strong(line[at].label)} ends with {loss_said(line[at], best)}"
             for at in (place - 1, place + 1) if 0 <= at < len(line)]
    return [lead, f"The lowest loss is that of {phrased(study, best)}, "
                  f"{with_interval(best.test_loss)}; of its neighbours, {listed(steps, mark=';')}."
            if len(steps) > 1 else
            f"The lowest loss is that of {phrased(study, best)}, {with_interval(best.test_loss)}; "
            f"{''.join(steps)}."]


def among_kinds(study: Study, ranked: list[Setting]) -> list[str]:
    """Of a factor that is a name: the best, and how far the others are."""
    best, *others = ranked
    if not others:
        return [f"Only {phrased(study, best)} has a median test loss, "
                f"{with_interval(best.test_loss)}."]
    equals = [s for s in others if same_loss(s, best)]
    if len(equals) == len(others):
        return [f"The data do not tell any of the settings from the best: {lowest(study, best)}."]
    lead = f"{lowest(study, best)[0].upper()}{lowest(study, best)[1:]}"
    if equals:
        lead += f"; {named(equals)} {'is' if len(equals) == 1 else 'are'} not told apart from it"
    rest = [s for s in others if s not in equals]
    return [f"{lead}. {strong(rest[0].label)} ends with {loss_said(rest[0], best)}"
            + (f", {strong(rest[-1].label)} with {said(loss_ratio(rest[-1], best))}."
               if len(rest) > 1 else ".")]


def against_none_in_brief(study: Study, none: Setting) -> list[str]:
    """Whether leaving the factor out is best, and what the best and the worst of it do."""
    others = [s for s in by_loss(study.settings) if s is not none]
    if not others:
        return [f"Nothing but {strong('none')} has a median test loss."]
    best, worst = others[0], others[-1]
    effect = loss_ratio(best, none)
    lead = ("Regularization helps: with" if effect.high < 1
            else "Regularization does not help: even with" if effect.low > 1
            else "The data do not show that regularization helps: with")
    sentences = [f"{lead} {strong(best.label)}, the best of it, a run ends with "
                 f"{said(effect)} the loss of {strong('none')}, whose median is "
                 f"{with_interval(none.test_loss)}."]
    if worst is not best:
        sentences.append(f"With {strong(worst.label)} it ends with {said(loss_ratio(worst, none))} "
                         f"that loss, a median of {number(worst.test_loss.median)}.")
    return sentences


def speed_in_brief(study: Study, best: Setting) -> str:
    arriving = by_epochs(study.settings)
    if not arriving:
        return ""
    fastest = arriving[0]
    if fastest is best:
        return (f"{strong(best.label)} is also first at the target, after "
                f"{counted(fastest.median_epochs, 'epoch')}.")
    if same_epochs(best, fastest):
        return (f"First at the target is {strong(fastest.label)}, after "
                f"{counted(fastest.median_epochs, 'epoch')}, not told apart from "
                f"{strong(best.label)}.")
    later = (f"**{best.label}** takes {said(epochs_ratio(best, fastest))} as many"
             if best.median_epochs is not None
             else f"fewer than half of the runs with {strong(best.label)} get there")
    return (f"First at the target is {strong(fastest.label)}, after "
            f"{counted(fastest.median_epochs, 'epoch')}; {later}.")


def loss_said(setting: Setting, best: Setting) -> str:
    """`2.3 times (1.9 to 2.8) that loss`, and whether the data tell it from the best."""
    effect = loss_ratio(setting, best)
    return f"{said(effect)} that loss" + (", not told apart from it" if effect.holds(1) else "")


def lowest(study: Study, best: Setting) -> str:
    return (f"the lowest loss is that of {phrased(study, best)}, "
            f"{with_interval(best.test_loss)}")


def in_brief(study: Study) -> str:
    """One sentence about a study: its best setting, its fastest, and its rivals."""
    ranked = by_loss(study.settings)
    if not ranked:
        return "every run diverged."
    best = ranked[0]
    rivals = [s for s in ranked[1:] if same_loss(s, best)]
    brief = (f"the lowest median test loss is {number(best.test_loss.median)} with "
             f"{phrased(study, best)}")
    if len(rivals) == len(ranked) - 1 and rivals:
        brief += ", but the data tell none of the settings from it"
    elif rivals:
        brief += f", not told apart from {named(rivals)}"
    arriving = by_epochs(study.settings)
    if arriving:
        which = ("it also reaches the target first" if arriving[0] is best
                 else f"the first to reach the target is {phrased(study, arriving[0])}")
        brief += f"; {which}, after {counted(arriving[0].median_epochs, 'epoch')}"
    return brief + "."


# Performance


def performance(study: Study) -> list[str]:
    """Sentences about the loss after the last epoch, for a study of one factor."""
    ranked = by_loss(study.settings)
    if not ranked:
        return ["Every run of every setting diverged, so no setting can be preferred."]
    best, worst = ranked[0], ranked[-1]
    sentences = [f"After {counted(study.epochs, 'epoch')} the lowest median test loss is "
                 f"{with_interval(best.test_loss)}, with {phrased(study, best)}; "
                 f"{best.successes} of {counted(len(best.runs), 'run')} "
                 f"{'is' if best.successes == 1 else 'are'} at the target then."]
    if len(ranked) > 1:
        if best.label != "none":  # against_none says it
            sentences.append(compared(best, ranked[1:]))
        sentences.append(contrasted(study, best, worst))
    sentences += [trend(study), against_none(study.settings), gaps(study), diverging(study),
                  dying(study.settings)]
    return [sentence for sentence in sentences if sentence]


def with_interval(summary: Summary) -> str:
    """`0.012 (interval 0.010 to 0.015)`."""
    if summary.interval is None:
        return number(summary.median)
    return f"{number(summary.median)} (interval {span(summary.interval)})"


def compared(best: Setting, others: list[Setting]) -> str:
    """Which of the others the data do not tell from the best."""
    close = [s for s in others if same_loss(s, best)]
    if len(close) == len(others):
        return "Seed by seed, the data tell no other setting from it."
    if close:
        return f"Seed by seed, the data do not tell it from {named(close, with_loss=True)}."
    return "Seed by seed, every other setting ends with a higher loss."


def contrasted(study: Study, best: Setting, worst: Setting) -> str:
    """How far it is from the best to the worst; nothing where they are not told apart."""
    if same_loss(worst, best):
        return ""
    effect = loss_ratio(worst, best)
    how = f", {said(effect)} as high," if effect.median is not None else ""
    return (f"The highest{how} is {with_interval(worst.test_loss)}, with "
            f"{phrased(study, worst)}.")


def trend(study: Study) -> str:
    """The way of the medians along a factor whose settings are numbers."""
    line = [s for s in along(study) if s.test_loss.median is not None]
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
    others = [(s, loss_ratio(s, none)) for s in by_loss(settings) if s is not none]
    groups = (("lower", [pair for pair in others if pair[1].high < 1]),
              ("higher", [pair for pair in others if pair[1].low > 1]),
              ("not told apart", [pair for pair in others if pair[1].holds(1)]))
    parts = [f"{word} with " + listed([f"{strong(s.label)} ({noted(effect)})" for s, effect in group])
             for word, group in groups if group]
    return (f"Against {strong('none')}, seed by seed, the loss is {'; '.join(parts)}."
            if parts else "")


def gaps(study: Study) -> str:
    """How much higher the test loss is than the training loss, least and most regularized."""
    if not study.name.startswith("regularization"):
        return ""
    none = next((s for s in study.settings if s.label == "none"), None)
    best = next((s for s in by_loss(study.settings) if s is not none), None)
    parts = [f"{gap_said(gap(s))} with {strong(s.label)}" for s in (none, best)
             if s is not None and gap(s).median is not None]
    return (f"The test loss of a run is above its training loss by {listed(parts)}."
            if len(parts) == 2 else "")


def gap_said(effect: Effect) -> str:
    return f"{signed(effect.median)} (interval {signed(effect.low)} to {signed(effect.high)})"


def signed(value: float) -> str:
    return f"−{number(-value)}" if value < 0 else number(value)


def diverging(study: Study) -> str:
    some = [s for s in study.settings if 0 < s.diverged < len(s.runs)]
    every = [s for s in study.settings if s.diverged == len(s.runs)]
    sentences = []
    if every:
        sentences.append(f"Every run diverged with {named(every)}.")
    if some:
        first, *others = some
        sentences.append(listed([
            f"{first.diverged} of {len(first.runs)} runs diverged with {phrased(study, first)}",
            *(f"{s.diverged} of {len(s.runs)} with {strong(s.label)}" for s in others)]) + ".")
    return " ".join(sentences)


def dying(settings: list[Setting]) -> str:
    """Weights that L1 has set to 0 for good."""
    dead = [(s, statistics.median(run.dead_weights for run in s.runs)) for s in settings]
    parts = [f"{count(n)} with {strong(s.label)}" for s, n in dead if n > 0]
    return f"The median run ends with weights that L1 has set to 0: {listed(parts)}." if parts else ""


def noise_compared(results: Results) -> str:
    """What regularization does without noise and with it, as far as there are both studies."""
    by_name = {study.name: study for study in results.studies}
    parts = []
    for name, when in (("regularization", "Without noise"), ("regularization_noise", "with noise")):
        settings = by_name[name].settings if name in by_name else []
        none = next((s for s in settings if s.label == "none"), None)
        best = next((s for s in by_loss(settings) if s is not none), None)
        if none is None or best is None:
            return ""
        effect = loss_ratio(best, none)
        verdict = ("better than none" if effect.high < 1 else "worse than none" if effect.low > 1
                   else "not told apart from none")
        parts.append(f"{when} the best of it, {strong(best.label)}, is {verdict}: "
                     f"{said(effect)} its loss")
    return "; ".join(parts) + "."


# Convergence


def convergence(study: Study, results: Results) -> list[str]:
    """Sentences about the number of epochs that runs take to the target loss."""
    target = f"the target, a test loss of {results.target_loss:g}"
    arriving = by_epochs(study.settings)
    never = [s for s in study.settings if s.censored == len(s.runs)]
    if not arriving:
        most = max(study.settings, key=lambda s: len(s.runs) - s.censored)
        if most.censored == len(most.runs):
            return [f"No run reaches {target}, within {count(study.epochs)} epochs."]
        return [f"No setting brings half of its runs to {target}, within {count(study.epochs)} "
                f"epochs; {phrased(study, most)} comes closest with "
                f"{len(most.runs) - most.censored} of {len(most.runs)} runs."]

    fastest = arriving[0]
    sentences = [f"The fastest way to {target}, is with {phrased(study, fastest)}: half of the runs "
                 f"are there after {counted(fastest.median_epochs, 'epoch')}"
                 f"{spread_of_epochs(fastest)}."]
    if len(arriving) > 1:
        sentences.append(slower(fastest, arriving[1:]))
    late = [s for s in study.settings if s.median_epochs is None and s not in never]
    if late:
        sentences.append(f"Fewer than half of the runs get there with {named(late)}.")
    if never:
        sentences.append(f"No run gets there with {named(never)}.")
    ranked = by_loss(study.settings)
    if ranked:
        sentences.append(both_or_one(ranked[0], fastest))
    return sentences


def arrivals(setting: Setting) -> list[float]:
    """The epochs to the target of all runs, in order; infinite for a run that never arrives."""
    return sorted(math.inf if run.epochs_to_target is None else run.epochs_to_target
                  for run in setting.runs)


def spread_of_epochs(setting: Setting) -> str:
    low, high = median_interval(arrivals(setting))
    if math.isinf(high):
        return f" (interval from {count(low)} on)"
    return f" (interval {count(low)} to {count(high)})"


def slower(fastest: Setting, others: list[Setting]) -> str:
    """How the other settings that arrive compare with the fastest."""
    close = [s for s in others if same_epochs(s, fastest)]
    distant = [s for s in others if s not in close]
    sentences = []
    if close:
        sentences.append(f"The data do not tell {named(close, with_epochs=True)} from it.")
    if distant:
        parts = [f"{said(epochs_ratio(s, fastest))} as many with {strong(s.label)}"
                 for s in distant]
        sentences.append(f"Seed by seed, a run takes {listed(parts)}.")
    return " ".join(sentences)


def both_or_one(best: Setting, fastest: Setting) -> str:
    if best is fastest:
        return "The fastest setting is also the one with the lowest loss in the end."
    if same_loss(fastest, best):
        return (f"In the end its loss, {number(fastest.test_loss.median)}, is not told apart from "
                f"the lowest, that of {strong(best.label)}.")
    return (f"Fast is not best here: in the end {strong(best.label)} has the lower loss, "
            f"{number(best.test_loss.median)} against {number(fastest.test_loss.median)}.")


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
