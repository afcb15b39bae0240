"""How much one setting differs from another, seed by seed, and how sure that is.

Runs of two settings with one seed have the same points and start from the same draws, so their
quotient leaves out what the seed is to blame for. Its median over the seeds is the effect.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import Callable

from results import Run, Setting
from wording import times

CONFIDENCE = 0.95  # of every interval that is computed here, as of those in the results

Number = float | None


@dataclass
class Effect:
    """A median over the seeds with its interval; None where the runs do not fix it."""

    median: Number
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


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


def effect_of(pairs: list[tuple[float, float]]) -> Effect:
    """The median of numbers each of which is known to lie between two ends."""
    lows, highs = (sorted(ends) for ends in zip(*pairs))
    low, high = statistics.median(lows), statistics.median(highs)
    # A single number is the same at both ends; what is not known at all is from 0 to infinity
    return Effect(low if low == high else None, median_interval(lows)[0], median_interval(highs)[1])


def quotient(a: Number, b: Number) -> tuple[float, float]:
    """a / b, where None is a number beyond all others: the ends between which it lies."""
    if a is None and b is None:
        return 0.0, math.inf
    if b is None:
        return 0.0, 0.0
    if a is None or (b == 0 and a > 0):
        return math.inf, math.inf
    return (a / b, a / b) if b else (1.0, 1.0)


def paired(setting: Setting, base: Setting, of: Callable[[Run], Number]) -> Effect:
    """How many times as large `of` is with `setting` as with `base`, by seed."""
    by_seed = {run.seed: of(run) for run in base.runs}
    return effect_of([quotient(of(run), by_seed[run.seed]) for run in setting.runs])


def loss_ratio(setting: Setting, base: Setting) -> Effect:
    return paired(setting, base, lambda run: run.test_loss)


def epochs_ratio(setting: Setting, base: Setting) -> Effect:
    return paired(setting, base, lambda run: run.epochs_to_target)


def same_loss(setting: Setting, base: Setting) -> bool:
    """Whether the data do not tell the losses of two settings apart."""
    return loss_ratio(setting, base).holds(1)


def same_epochs(setting: Setting, base: Setting) -> bool:
    return epochs_ratio(setting, base).holds(1)


def gap(setting: Setting) -> Effect:
    """By how much the test loss of a run exceeds its training loss."""
    return effect_of([(-math.inf, math.inf) if run.test_loss is None or run.train_loss is None
                      else (run.test_loss - run.train_loss,) * 2 for run in setting.runs])


def said(effect: Effect) -> str:
    """`2.3 times (1.9 to 2.8)`; an interval without an upper end is `1.9 or more`."""
    return with_ends(effect, "{} ({})")


def noted(effect: Effect) -> str:
    """The same for between parentheses: `2.3 times, 1.9 to 2.8`."""
    return with_ends(effect, "{}, {}")


def with_ends(effect: Effect, form: str) -> str:
    if effect.median is None or math.isinf(effect.median):
        if math.isinf(effect.low):
            return "infinitely many times"
        return f"more than {times(effect.low)} times" if effect.low > 0 else "unknown times"
    ends = (f"{times(effect.low)} or more" if math.isinf(effect.high)
            else f"{times(effect.low)} to {times(effect.high)}")
    return form.format(f"{times(effect.median)} times", ends)
