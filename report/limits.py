"""What the data of a study do not show, said as plainly as what they show."""

from __future__ import annotations

from effects import loss_ratio, noted
from findings import along, by_loss, named
from results import Curve, Study
from wording import counted, listed, strong

# A median loss that falls by more than this share over the last tenth of the epochs is not at its
# end: at such a pace it would halve within another run of the same length or so
STILL_FALLING = 0.05
LAST_PART = 0.1


def limits(study: Study) -> str:
    """`Whether …; what …; and where …`, as one sentence; never empty."""
    parts = [part for part in (
        ties(study), beyond_the_edge(study), unfinished(study), never_arriving(study)) if part]
    parts.append("how the factor acts where what was held fixed is otherwise")
    sentence = listed(parts, joined_by="and", mark=";")
    return sentence[0].upper() + sentence[1:] + "."


def ties(study: Study) -> str:
    """Settings whose loss is not told apart from the best one's."""
    ranked = by_loss(study.settings)
    if len(ranked) < 2:
        return ""
    best = ranked[0]
    rivals = [(s, loss_ratio(s, best)) for s in ranked[1:]]
    level = [f"{strong(s.label)} ({noted(effect)})" for s, effect in rivals
             if effect.holds(1)]
    return f"whether {strong(best.label)} is better than {listed(level, 'or')}" if level else ""


def beyond_the_edge(study: Study) -> str:
    """A lowest loss at the end of the range leaves open what comes after it."""
    if study.name.startswith("regularization"):
        return below_the_weakest(study)
    line = [s for s in along(study) if s.test_loss.median is not None]
    if len(line) < 2:
        return ""
    best = by_loss(line)[0]
    if best is line[-1]:
        return f"what lies beyond {strong(best.label)}, the largest tried"
    if best is line[0]:
        return f"what lies below {strong(best.label)}, the smallest tried"
    return ""


def below_the_weakest(study: Study) -> str:
    """The same of a regularization rate, for the best setting that has one."""
    rates = {s.label: s.configuration.get("regularizationRate", 0) for s in study.settings
             if s.label != "none"}
    best = next((s for s in by_loss(study.settings) if s.label in rates), None)
    if best is None or rates[best.label] > min(rates.values()):
        return ""
    return f"what a rate below {rates[best.label]:g}, the smallest tried, does"


def unfinished(study: Study) -> str:
    """Settings that more epochs would still improve."""
    moving = [s for s in study.settings if late_fall(s.curve) > STILL_FALLING]
    if not moving:
        return ""
    which = "any setting" if len(moving) == len(study.settings) else named(moving)
    return (f"where {which} would end with more than {counted(study.epochs, 'epoch')}, as the "
            f"median loss still falls by more than {STILL_FALLING:.0%} in the last tenth of them"
            .replace("%", " %"))


def late_fall(curve: Curve) -> float:
    """The share by which the median test loss falls in the last part of the epochs."""
    start = late_start(curve.epoch)
    before, after = curve.test.median[start], curve.test.median[-1]
    if before is None or after is None or before <= 0:
        return 0.0
    return (before - after) / before


def late_start(epoch: list[float]) -> int:
    """The place where the last part of the epochs begins."""
    from_here = (1 - LAST_PART) * epoch[-1]
    return max(i for i, one in enumerate(epoch) if one <= from_here or i == 0)


def never_arriving(study: Study) -> str:
    """Settings whose time to the target is longer than the runs."""
    late = [s for s in study.settings if s.median_epochs is None and 2 * s.diverged < len(s.runs)]
    if not late or len(late) == len(study.settings):
        return ""
    return f"how many epochs {named(late)} would need to the target"
