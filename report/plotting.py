"""Draws figures: one gnuplot script each, with its data inside, and as many at once as there are
processors.

Sizes are in px of 1/96 inch; the text of the PDF is 160 mm or 605 px wide.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from array import array
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from errors import ReportError
from results import Boundary, Curve, Numbers

STYLE = Path(__file__).with_name("style.gp")
FONT = "Latin Modern Sans, Helvetica, Arial, sans-serif"
TEXT_WIDTH = 605


@dataclass
class Figure:
    """A file name without its ending, and what draws it."""

    name: str
    width: int
    height: int
    script: str
    data: bytes = b""  # in the file name.bin, which the script reads


class Pictures:
    """Small pictures of the plane for one figure, which gnuplot reads fast because they are binary."""

    def __init__(self, name: str):
        self.name = name
        self.parts: list[bytes] = []
        self.length = 0

    def add(self, values: list[Numbers], x: float, y: float, side: float) -> str:
        """What plots the square of `values`, top row first, with its lower left corner at x, y."""
        size = len(values)
        step = side / size
        cells = array("f", [math.nan if cell is None else cell
                            for row in reversed(values) for cell in row])
        if sys.byteorder == "big":
            cells.byteswap()
        place = (f"'{self.name}.bin' binary array=({size},{size}) skip={self.length} "
                 f"format='%float' endian=little origin=({x + step / 2:.8g},{y + step / 2:.8g}) "
                 f"dx={step:.8g} dy={step:.8g} using 1 with image")
        self.parts.append(cells.tobytes())
        self.length += len(self.parts[-1])
        return place

    def data(self) -> bytes:
        return b"".join(self.parts)


def draw(figures: list[Figure], folder: Path) -> None:
    """Writes `folder`/name.svg for every figure."""
    workers = min(os.cpu_count() or 1, len(figures))
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda share: plot(share, folder),
                      [figures[i::workers] for i in range(workers)]))


def plot(figures: list[Figure], folder: Path) -> None:
    """Draws all of them in one process, as most of gnuplot's time is its start."""
    for figure in figures:
        if figure.data:
            (folder / f"{figure.name}.bin").write_bytes(figure.data)
        (folder / f"{figure.name}.gp").write_text(script_of(figure), encoding="utf-8")
    try:
        done = subprocess.run(["gnuplot", *(f"{figure.name}.gp" for figure in figures)],
                              cwd=folder, capture_output=True, text=True)
    except OSError as error:
        raise ReportError(f"gnuplot cannot be started ({error.strerror})")
    name, complaint = first_complaint(done.stderr, figures)
    if done.returncode != 0 or complaint:
        raise ReportError(f"gnuplot fails on {name}: {complaint or 'it says nothing'}")
    for figure in figures:
        lighten(folder / f"{figure.name}.svg")


# A figure begins with the pen of the picture before it in the same process, whatever that is; so
# that comes to be gnuplot's own test picture, thrown away, which ends with the pen of the start
CLEAN = """
reset session
set terminal svg
set output '/dev/null'
test
unset output
reset session
"""


def script_of(figure: Figure) -> str:
    """What gnuplot shall do; first of all it says the figure's name."""
    return (f'print "{figure.name}"\n{CLEAN}'
            f'set terminal svg size {figure.width},{figure.height} font "{FONT},11" '
            f'background "white"\nset output "{figure.name}.svg"\n'
            f"{STYLE.read_text(encoding='utf-8')}\n{figure.script}\nunset output\n")


def first_complaint(said: str, figures: list[Figure]) -> tuple[str, str]:
    """The figure that gnuplot complains of first, with the last line about it; else no line."""
    names = [figure.name for figure in figures]
    begun, complaint = names[0], ""
    for line in filter(None, map(str.strip, said.splitlines())):
        if line not in names:
            complaint = line
        elif complaint:
            break
        else:
            begun = line
    return begun, complaint


def lighten(svg: Path) -> None:
    """Names the font once: gnuplot repeats it at every word, a third of a sheet of stamps."""
    text = svg.read_text(encoding="utf-8")
    once = f' font-family="{FONT}"'
    svg.write_text(text.replace(once, "").replace("<svg", f"<svg{once}", 1), encoding="utf-8")


# Data


BEYOND = 1e9  # stands for infinity: an interval without an end runs out of the picture


def value(number: float | None) -> str:
    return "NaN" if number is None else f"{min(number, BEYOND):.6g}"


def block(name: str, rows: list[list]) -> str:
    """Rows of numbers under a name that scripts use as a file."""
    lines = [" ".join(value(cell) if not isinstance(cell, str) else cell for cell in row)
             for row in rows]
    return f"${name} << END\n" + "\n".join(lines) + "\nEND\n"


def string(text: str) -> str:
    """A text as gnuplot quotes it."""
    return "'" + text.replace("'", "''") + "'"


def positive(numbers: list[float | None]) -> list[float]:
    return [number for number in numbers
            if number is not None and number > 0 and math.isfinite(number)]


def loss_axis(numbers: list[float | None], labels: bool = True) -> str:
    """A logarithmic axis with room around all numbers, marked at powers of ten."""
    shown = positive(numbers) or [1e-3, 1]
    low, high = min(shown) / 1.4, max(shown) * 1.4
    steps = (1,) if high / low > 100 else (1, 2, 5)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    marks = [step * 10.0 ** decade for decade in decades for step in steps]
    tics = ", ".join(f"'{mark:g}' {mark:g}" if labels else f"'' {mark:g}"
                     for mark in marks if low <= mark <= high)
    return f"set logscale y\nset yrange [{low:.3g}:{high:.3g}]\nset ytics ({tics})\n"


def rounded(number: float, towards) -> float:
    """The next 1, 2, or 5 times a power of ten, below for math.floor and above for math.ceil."""
    power = 10.0 ** math.floor(math.log10(number))
    steps = [step * power for step in (1, 2, 5, 10)]
    if towards is math.floor:
        return max(step for step in steps if step <= number * (1 + 1e-9))
    return min(step for step in steps if step >= number * (1 - 1e-9))


def curve_rows(curve: Curve) -> list[list]:
    return [list(row) for row in zip(
        curve.epoch, curve.test.median, curve.test.lower, curve.test.upper,
        curve.train.median, curve.train.lower, curve.train.upper)]


def losses(curve: Curve) -> list[float | None]:
    return [*curve.test.median, *curve.test.lower, *curve.test.upper]


def offset(place: int, n: int) -> float:
    """Spreads the runs of one setting over the width of its column."""
    return 0.0 if n < 2 else 0.5 * (place / (n - 1) - 0.5)


def epoch_tics(last: int) -> str:
    step = rounded(last / 5, math.ceil)
    marks = [i * step for i in range(int(last / step) + 1)]
    return ", ".join(f"'{mark:g}' {mark:g}" for mark in marks)


def panel_tics(last: int, labels: bool, rightmost: bool) -> str:
    """Start, middle, and end; the end is named where no panel follows on the right."""
    names = ["0", f"{last / 2:g}", f"{last}" if rightmost else ""] if labels else ["", "", ""]
    return ", ".join(f"'{name}' {at:g}" for name, at in zip(names, (0, last / 2, last)))


# A figure whose units are px


def canvas(height: float) -> str:
    """Coordinates in px from the lower left corner, and nothing drawn yet."""
    return f"""
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 1
set bmargin at screen 0
set xrange [0:{TEXT_WIDTH}]
set yrange [0:{height}]
unset border
unset tics
unset grid
"""


# The plane


def field(boundary: Boundary) -> str:
    """The output over the plane, as a matrix and as plotting commands for colours and zero line.

    Values stand at the centres of the cells; rows come from the top.
    """
    step = 2 * boundary.range / boundary.size
    place = (f"matrix using (-{boundary.range:g} + ($1 + 0.5) * {step!r})"
             f":({boundary.range:g} - ($2 + 0.5) * {step!r}):3")
    zero = f"""
set table $zero
set contour base
unset surface
set cntrparam levels discrete 0
splot $values {place}
unset table
unset contour
""" if has_both_signs(boundary) else "$zero << END\nNaN NaN\nEND\n"
    return f"""
{block('values', boundary.values)}
{zero}
set xrange [-{boundary.range:g}:{boundary.range:g}]
set yrange [-{boundary.range:g}:{boundary.range:g}]
picture = "$values {place} with image"
"""


def has_both_signs(boundary: Boundary) -> bool:
    numbers = [cell for row in boundary.values for cell in row if cell is not None]
    return bool(numbers) and min(numbers) < 0 < max(numbers)
