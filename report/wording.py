"""Numbers and lists as a sentence or a table cell says them."""

from __future__ import annotations

import math
import re

NONE = "–"  # what a table shows where there is no number


def number(value: float | None, digits: int = 3) -> str:
    """`digits` significant digits, as Markdown: 0.0123, 12.3, or $1.23 \\times 10^{-5}$."""
    if value is None or math.isinf(value):
        return NONE
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    exponent = int(exponent)
    if -4 <= exponent < 6:
        return f"{value:.{max(0, digits - 1 - exponent)}f}"
    return f"${mantissa} \\times 10^{{{exponent}}}$"


def span(ends: tuple[float, float] | None, digits: int = 3, joined_by: str = " to ") -> str:
    """An interval; one without an upper end is `0.3 or more`."""
    if ends is None or math.isinf(ends[0]):
        return NONE
    if math.isinf(ends[1]):
        return f"{number(ends[0], digits)} or more"
    return f"{number(ends[0], digits)}{joined_by}{number(ends[1], digits)}"


def count(n: float) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{round(n):,}".replace(",", " ")


def counted(n: int, noun: str) -> str:
    """`1 run`, `3 runs`."""
    return f"{count(n)} {noun}" + ("" if n == 1 else "s")


def times(ratio: float) -> str:
    """How many times as much: two digits, and around 1 three, where they make the difference."""
    if ratio < 0.95:
        return number(ratio, 2)
    if ratio < 1.95:
        return f"{ratio:.2f}"
    return f"{ratio:.1f}" if ratio < 9.95 else count(float(f"{ratio:.1e}"))


def percent(share: float) -> str:
    """`12 %`."""
    return f"{100 * share:.0f} %"


def seeds_said(seeds: list[str]) -> str:
    """`fresh-1` to `fresh-32` where they are numbered in turn, else each of them."""
    parts = [re.fullmatch(r"(.*?)(\d+)", seed) for seed in seeds]
    if len(seeds) > 2 and all(parts) and len({part[1] for part in parts}) == 1:
        numbers = [int(part[2]) for part in parts]
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return f"`{seeds[0]}` to `{seeds[-1]}`"
    return listed([f"`{seed}`" for seed in seeds]) or "none"


def listed(items: list[str], joined_by: str = "and", mark: str = ",") -> str:
    """`a`, `a and b`, `a, b, and c`; items that have commas of their own take another mark."""
    if len(items) < 2 or (len(items) == 2 and mark == ","):
        return f" {joined_by} ".join(items)
    return f"{mark} ".join(items[:-1]) + f"{mark} {joined_by} " + items[-1]


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#$|~^" else c for c in text)


def strong(text: str) -> str:
    return f"**{escaped(text)}**"
