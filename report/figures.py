"""Draws the figures: one gnuplot script each, with its data inside, and all of them at once.

Sizes are in px of 1/96 inch; the text of the PDF is 160 mm or 605 px wide.
"""

from __future__ import annotations

import math
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from errors import ReportError
from results import Attempt, Boundary, Curve, Results, Setting, Study

STYLE = Path(__file__).with_name("style.gp")
FONT = "Latin Modern Sans, Helvetica, Arial, sans-serif"
TEXT_WIDTH = 605

# The inputs by their keys in a link, as an axis says them
INPUTS = {"x": "x", "y": "y", "xSquared": "x²", "ySquared": "y²", "xTimesY": "xy",
          "sinX": "sin x", "sinY": "sin y"}


@dataclass
class Figure:
    """A file name without its ending, and what draws it."""

    name: str
    width: int
    height: int
    script: str


def all_figures(results: Results) -> list[Figure]:
    figures = [best_curve(results), best_boundary(results.best), search(results),
               search_losses(results)]
    for study in results.studies:
        figures += [comparison(study, results), curves(study, results)]
        figures += [tile(tile_name(study.name, i), setting)
                    for i, setting in enumerate(study.settings)]
    figures += [tile(tile_name("leaderboard", i), setting)
                for i, setting in enumerate(results.leaderboard)]
    return figures


def tile_name(study: str, place: int) -> str:
    return f"tile-{study}-{place}"


def draw(figures: list[Figure], folder: Path) -> None:
    """Writes `folder`/name.svg for every figure."""
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda share: plot(share, folder),
                      [figures[i::workers] for i in range(workers)]))


def plot(figures: list[Figure], folder: Path) -> None:
    for figure in figures:
        script = folder / f"{figure.name}.gp"
        script.write_text(
            f'set terminal svg size {figure.width},{figure.height} font "{FONT},11" '
            f'background "white"\nset output "{figure.name}.svg"\n'
            f"{STYLE.read_text(encoding='utf-8')}\n{figure.script}\nunset output\n",
            encoding="utf-8")
        try:
            done = subprocess.run(["gnuplot", script.name], cwd=folder, capture_output=True,
                                  text=True)
        except OSError as error:
            raise ReportError(f"gnuplot cannot be started ({error.strerror})")
        if done.returncode != 0 or done.stderr.strip():
            raise ReportError(f"gnuplot fails on {figure.name}: {last_line(done.stderr)}")


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing"


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


# Figures


def best_curve(results: Results) -> Figure:
    """The winner's losses on training and test points."""
    curve = results.best.curve
    band = curve.train
    return Figure("best-curve", TEXT_WIDTH, 250, f"""
{block('curve', curve_rows(curve))}
{loss_axis([*losses(curve), *band.median, *band.lower, *band.upper, results.target_loss])}
set xrange [0:{value(curve.epoch[-1])}]
set xlabel 'Epoch' offset 0, 0.7
set label 'Loss' at screen 0.005, graph 1 left offset 0, 1
set key outside top right horizontal Left reverse samplen 2.5
plot $curve using 1:3:4 with filledcurves linecolor rgb blue, \\
     $curve using 1:6:7 with filledcurves linecolor rgb orange, \\
     {results.target_loss:g} with lines linecolor rgb ink dashtype 3 title 'target', \\
     $curve using 1:5 with lines linecolor rgb '#c26a00' linewidth 1.6 dashtype 2 \\
         title 'training points', \\
     $curve using 1:2 with lines linecolor rgb blue linewidth 1.8 title 'test points'
""")


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


def best_boundary(best: Setting) -> Figure:
    """The winner's output with the data: circles for label 1, triangles for label −1."""
    def points(name: str, label: int, source: list) -> str:
        rows = [[x, y] for x, y, sign in source if (sign > 0) == (label > 0)]
        return block(name, rows or [["NaN", "NaN"]])

    boundary = best.boundary
    circle, triangle, open_circle, open_triangle = 7, 9, 6, 8
    # Every kind is drawn twice, a white halo first, so that points stand out on their own colour
    kinds = [("train_plus", circle, "#04466f", 0.5), ("train_minus", triangle, "#9c5200", 0.55),
             ("test_plus", open_circle, "#04466f", 0.5),
             ("test_minus", open_triangle, "#9c5200", 0.55)]
    titles = ["label 1, training", "label −1, training", "label 1, test", "label −1, test"]
    halo = ", \\\n     ".join(
        f"${name} using 1:2 with points pointtype {circle if 'plus' in name else triangle} "
        f"pointsize {size + 0.15} linecolor rgb 'white'" for name, _, _, size in kinds)
    marks = ", \\\n     ".join(
        f"${name} using 1:2 with points pointtype {kind} pointsize {size} linewidth 2 "
        f"linecolor rgb '{colour}' title '{title}'"
        for (name, kind, colour, size), title in zip(kinds, titles))
    side = 410
    return Figure("best-boundary", TEXT_WIDTH, side + 40, f"""
{points('train_plus', 1, best.train_points)}{points('train_minus', -1, best.train_points)}
{points('test_plus', 1, best.test_points)}{points('test_minus', -1, best.test_points)}
{field(boundary)}
set lmargin at screen {50 / TEXT_WIDTH}
set rmargin at screen {(50 + side) / TEXT_WIDTH}
set tmargin at screen {(side + 32) / (side + 40)}
set bmargin at screen {32 / (side + 40)}
unset grid
set border 15
set xlabel 'x' offset 0, 0.7
set label 'y' at graph -0.085, graph 0.5 center
set key at screen {(side + 60) / TEXT_WIDTH}, screen 0.97 left Left reverse samplen 0.5 \\
    spacing 1.4
plot @picture, \\
     $zero using 1:2 with lines linecolor rgb ink linewidth 1, \\
     {halo}, \\
     {marks}
""")


def comparison(study: Study, results: Results) -> Figure:
    """Every run of every setting: its test loss above, its epochs to the target below."""
    settings = study.settings
    left, width = 62, TEXT_WIDTH - 62 - 10
    tall = any(len(s.label) * len(settings) > 95 for s in settings)
    height = 132 if len(settings) < 10 else 114  # the longer table goes on the same page
    foot = 24 if not tall else 24 + 3 * max(len(s.label) for s in settings)
    total = 2 * height + foot + 34
    later = 1.13 * results.epochs  # where runs stand that never reach the target
    ends = [end for s in settings for end in (s.test_loss.interval or ())]
    runs = [[i + offset(k, len(s.runs)), run.test_loss, run.epochs_to_target,
             later if run.epochs_to_target is None else None]
            for i, s in enumerate(settings) for k, run in enumerate(s.runs)]
    medians = [[i, s.test_loss.median, *(s.test_loss.interval or (None, None)), s.median_epochs]
               for i, s in enumerate(settings)]
    tics = ", ".join(f"{string(s.label)} {i}" for i, s in enumerate(settings))
    diverged = "\n".join(
        f"set label {i + 1} '{s.diverged} diverged' at first {i}, graph 1 center "
        "offset 0, 0.6 font ',9' textcolor rgb ink"
        for i, s in enumerate(settings) if s.diverged)
    return Figure(f"{study.name}-comparison", TEXT_WIDTH, total, f"""
{block('runs', runs)}{block('medians', medians)}
set multiplot
set lmargin at screen {left / TEXT_WIDTH}
set rmargin at screen {(left + width) / TEXT_WIDTH}
set xrange [-0.5:{len(settings) - 0.5}]

set tmargin at screen {(total - 20) / total}
set bmargin at screen {(foot + height + 6) / total}
unset xtics
{loss_axis([*(row[1] for row in runs), *ends])}
set label 'Test loss' at screen 0.005, graph 1 left offset 0, 0.8
{diverged}
plot $runs using 1:2 with points pointtype 6 pointsize 0.4 linecolor rgb pale, \\
     $medians using 1:3:(0):($4 - $3) with vectors heads size screen 0.006,90 linewidth 1.6 \\
         linecolor rgb blue, \\
     $medians using ($1 - 0.28):2:(0.56):(0) with vectors nohead linewidth 2.4 \\
         linecolor rgb blue
unset label

set tmargin at screen {(foot + height - 24) / total}
set bmargin at screen {foot / total}
set xtics ({tics}) noenhanced scale 0 {'rotate by 25 right' if tall else 'offset 0, 0.3'}
unset logscale y
set yrange [0:{1.22 * results.epochs:g}]
set ytics ({epoch_tics(results.epochs)}, 'later' {later:g})
set label 'Epochs to target' at screen 0.005, graph 1 left offset 0, 0.8
set arrow from graph 0, first {results.epochs} to graph 1, first {results.epochs} nohead \\
    linecolor rgb ink linewidth 0.6 dashtype 3
plot $runs using 1:3 with points pointtype 6 pointsize 0.4 linecolor rgb pale, \\
     $runs using 1:4 with points pointtype 8 pointsize 0.45 linecolor rgb pale, \\
     $medians using ($1 - 0.28):5:(0.56):(0) with vectors nohead linewidth 2.4 \\
         linecolor rgb blue
unset multiplot
""")


def offset(place: int, n: int) -> float:
    """Spreads the runs of one setting over the width of its column."""
    return 0.0 if n < 2 else 0.5 * (place / (n - 1) - 0.5)


def epoch_tics(last: int) -> str:
    step = rounded(last / 5, math.ceil)
    marks = [i * step for i in range(int(last / step) + 1)]
    return ", ".join(f"'{mark:g}' {mark:g}" for mark in marks)


# The hyper-parameters that the search varies, by how it shows them: along rows and along columns
ROWS = ("learningRate", "networkShape")
COLUMNS = ("activation", "inputs")
TITLES = {"learningRate": "Learning rate", "networkShape": "Hidden layers",
          "activation": "Activation", "inputs": "Inputs"}


def choice(attempt: Attempt, key: str) -> str:
    """What an attempt has chosen for a hyper-parameter, as an axis says it."""
    configuration = attempt.configuration
    if key == "inputs":
        used = [name for name in INPUTS if configuration.get(name)]
        return "all seven" if len(used) == len(INPUTS) else ", ".join(INPUTS[n] for n in used)
    chosen = configuration[key]
    return ",".join(map(str, chosen)) if isinstance(chosen, list) else str(chosen)


def choices(attempts: list[Attempt], keys: tuple) -> list[tuple]:
    """The combinations of choices that occur, each once, in their order in the search."""
    return list(dict.fromkeys(tuple(choice(a, key) for key in keys) for a in attempts))


def search(results: Results) -> Figure:
    """A stamp for every attempt of the search: its output over the plane, its test loss below."""
    attempts = results.attempts
    rows, across = choices(attempts, ROWS), choices(attempts, COLUMNS)
    left, top, gap, text, between = 64, 78, 3, 10, 7
    apart_x, apart_y = (between * (len(starts(axis)) - 1) for axis in (across, rows))
    # As large as the width of the page and its height (870 px with a caption) allow
    side = min((TEXT_WIDTH - left - apart_x) / max(1, len(across)),
               (780 - apart_y) / max(1, len(rows)) - text) - gap
    height = round(top + len(rows) * (side + gap + text) + apart_y)
    lefts = [left + x for x in places(across, side + gap, between)]
    bottoms = [height - top - side - y for y in places(rows, side + gap + text, between)]
    last = len(results.stages) - 1
    drawn, plots = [], []
    for i, attempt in enumerate(attempts):
        x = lefts[across.index(tuple(choice(attempt, key) for key in COLUMNS))]
        y = bottoms[rows.index(tuple(choice(attempt, key) for key in ROWS))]
        drawn.append(f"set label '{stamp_loss(attempt)}' at {x + side / 2:.6g}, {y - 6:.6g} center "
                     f"font ',7' {'textcolor rgb ink' if attempt.stage else 'textcolor rgb pale'}")
        frames = ((-1, 1.6), (-3, 1.2)) if attempt.stage == last else ((-1, 1.6),)
        drawn += [f"set object rectangle from {x + d:.6g}, {y + d:.6g} to {x + side - d:.6g}, "
                  f"{y + side - d:.6g} front fillstyle empty border rgb ink linewidth {w}"
                  for d, w in frames if attempt.stage]
        if any(cell is not None for row in attempt.boundary.values for cell in row):
            step = side / attempt.boundary.size
            drawn.append(block(f"values{i}", attempt.boundary.values))
            plots.append(f"$values{i} matrix using ({x:.6g} + ($1 + 0.5) * {step:.8g})"
                         f":({y + side:.6g} - ($2 + 0.5) * {step:.8g}):3 with image")
    drawn += [f"set label {string('rate ' + rows[i][0])} at 10, {bottoms[i] + side:.6g} right "
              "rotate by 90 font ',9'" for i in starts(rows)]
    drawn += [f"set label {string(row[1])} at {left - 6}, {y + side / 2:.6g} right font ',8'"
              for row, y in zip(rows, bottoms)]
    drawn += [f"set label {string(across[i][0])} at {lefts[i]:.6g}, {height - 8} left font ',9'"
              for i in starts(across)]
    drawn += [f"set label {string(column[1])} at {x + side / 2:.6g}, {height - top + 5} left "
              "rotate by 50 font ',8'" for column, x in zip(across, lefts)]
    return Figure("search", TEXT_WIDTH, height, f"""
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 1
set bmargin at screen 0
set xrange [0:{TEXT_WIDTH}]
set yrange [0:{height}]
unset border
unset tics
unset grid
{chr(10).join(drawn)}
plot {", ".join(plots) or 'NaN'}
""")


def stamp_loss(attempt: Attempt) -> str:
    return "diverged" if attempt.test_loss is None else f"{attempt.test_loss:.2g}"


def starts(combinations: list[tuple]) -> list[int]:
    """Where a group begins: the first choice differs from the one before."""
    return [i for i, one in enumerate(combinations) if i == 0 or one[0] != combinations[i - 1][0]]


def places(combinations: list[tuple], step: float, between: float) -> list[float]:
    """Where the combinations stand along an axis, with some room between groups."""
    first = starts(combinations)
    return [i * step + between * sum(0 < start <= i for start in first)
            for i in range(len(combinations))]


def search_losses(results: Results) -> Figure:
    """The attempts of the search in columns by each hyper-parameter, marked by how far they went."""
    attempts = results.attempts
    ticks, rows, edges, place = [], [[] for _ in results.stages], [], 0
    for key in (*ROWS, *COLUMNS):
        names = [name for name, in choices(attempts, (key,))]
        edges.append((TITLES[key], place))
        for name in names:
            column = [a for a in attempts if choice(a, key) == name]
            for k, attempt in enumerate(column):
                rows[attempt.stage].append([place + 1.2 * offset(k, len(column)),
                                            attempt.test_loss])
            ticks.append(f"{string(name)} {place}")
            place += 1
        place += 0.7
    # Circles for the first stage, then ever heavier marks
    marks = [(6, 0.35, "pale"), (6, 0.5, "blue"), (7, 0.45, "blue"), (9, 0.9, "orange")]
    drawn = [f"$stage{i} using 1:2 with points pointtype {kind} pointsize {size} linewidth 1.4 "
             f"linecolor rgb {colour} title {string(stage.name)}"
             for i, (stage, (kind, size, colour)) in enumerate(
                 zip(results.stages, marks + [marks[-1]] * len(results.stages)))]
    titles = "\n".join(f"set label {string(title)} at first {at - 0.45}, graph 1 left offset 0, 0.7"
                       for title, at in edges)
    blocks = "".join(block(f"stage{i}", part or [[None, None]]) for i, part in enumerate(rows))
    return Figure("search-losses", TEXT_WIDTH, 300, f"""
{blocks}
{loss_axis([*(a.test_loss for a in attempts), results.target_loss])}
set xrange [-0.8:{place - 0.7 - 0.2}]
set lmargin at screen {46 / TEXT_WIDTH}
set rmargin at screen {(TEXT_WIDTH - 6) / TEXT_WIDTH}
set tmargin at screen 0.83
set bmargin at screen 0.2
set xtics ({', '.join(ticks)}) noenhanced scale 0 rotate by 35 right font ',9'
set key at screen 0.99, screen 0.99 right top horizontal maxrows 1 Left reverse samplen 0.6 font ',9'
{titles}
plot {results.target_loss:g} with lines linecolor rgb ink dashtype 3 title 'target', \\
     {', '.join(drawn)}
""")


def columns(settings: int) -> int:
    """How many panels stand side by side: four, or two rows of more."""
    return 4 if settings <= 8 else math.ceil(settings / 2)


def curves(study: Study, results: Results) -> Figure:
    """One panel a setting: its test loss with the quartile band, the others' medians in grey."""
    settings = study.settings
    across = columns(len(settings))
    rows = math.ceil(len(settings) / across)
    left, foot, top, gap_x, gap_y = 40, 36, 36, 14, 24
    panel_w = (TEXT_WIDTH - left - 8 - (across - 1) * gap_x) / across
    panel_h = 96
    total = top + rows * panel_h + (rows - 1) * gap_y + foot
    everything = [loss for s in settings for loss in losses(s.curve)] + [results.target_loss]
    drawn = []
    for i, setting in enumerate(settings):
        row, column = divmod(i, across)
        x = left + column * (panel_w + gap_x)
        y = total - top - row * (panel_h + gap_y)
        lowest = i + across >= len(settings)
        others = [f"$curve{k} using 1:2 with lines linecolor rgb '#c3c9cc' linewidth 0.7"
                  for k in range(len(settings)) if k != i]
        title = (f"set label 3 'Test loss' at screen 0.005, screen {(total - 8) / total} left"
                 if i == 0 else "unset label 3")
        drawn.append(f"""
{title}
set lmargin at screen {x / TEXT_WIDTH}
set rmargin at screen {(x + panel_w) / TEXT_WIDTH}
set tmargin at screen {y / total}
set bmargin at screen {(y - panel_h) / total}
set xtics ({panel_tics(results.epochs, lowest, column == across - 1)}) offset 0, 0.3
{loss_axis(everything, labels=column == 0)}
set xlabel '{'Epoch' if lowest else ''}' offset 0, 1
set label 1 {string(setting.label)} at graph 0.5, graph 1 center offset 0, 0.55 noenhanced \\
    textcolor rgb ink
{no_curve_label(setting)}
plot {", ".join([*others, f'''$curve{i} using 1:3:4 with filledcurves linecolor rgb blue''',
                 f"{results.target_loss:g} with lines linecolor rgb ink linewidth 0.7 dashtype 3",
                 f"$curve{i} using 1:2 with lines linecolor rgb blue linewidth 1.8"])}
""")
    blocks = "".join(block(f"curve{i}", curve_rows(s.curve)) for i, s in enumerate(settings))
    return Figure(f"{study.name}-curves", TEXT_WIDTH, total, f"""
{blocks}
set xrange [0:{results.epochs}]
set multiplot
{''.join(drawn)}
unset multiplot
""")


def panel_tics(last: int, labels: bool, rightmost: bool) -> str:
    """Start, middle, and end; the end is named where no panel follows on the right."""
    names = ["0", f"{last / 2:g}", f"{last}" if rightmost else ""] if labels else ["", "", ""]
    return ", ".join(f"'{name}' {at:g}" for name, at in zip(names, (0, last / 2, last)))


def no_curve_label(setting: Setting) -> str:
    if setting.curve.test.median[-1] is not None:
        return "unset label 2"
    return "set label 2 'diverged' at graph 0.5, graph 0.5 center textcolor rgb ink"


def tile(name: str, setting: Setting) -> Figure:
    """A small picture of one setting: its output over the plane, its test loss below."""
    side, curve_h, edge = 132, 34, 1
    total = side + curve_h + 4 + 2 * edge
    shown = positive(setting.curve.test.median)
    nothing = not any(cell is not None for row in setting.boundary.values for cell in row)
    plane = ("set label 1 'diverged' at 0, 0 center textcolor rgb ink\nplot NaN\nunset label 1"
             if nothing else
             "plot @picture, $zero using 1:2 with lines linecolor rgb ink linewidth 0.8")
    curve = ("plot $curve using 1:3:4 with filledcurves linecolor rgb blue, "
             "$curve using 1:2 with lines linecolor rgb blue linewidth 1.3" if shown else "plot NaN")
    return Figure(name, side + 2 * edge, total, f"""
{field(setting.boundary)}
{block('curve', curve_rows(setting.curve))}
unset grid
unset tics
set border 15 linecolor rgb '#bbbbbb'
set multiplot
set lmargin at screen {edge / (side + 2 * edge)}
set rmargin at screen {(side + edge) / (side + 2 * edge)}
set tmargin at screen {(total - edge) / total}
set bmargin at screen {(total - edge - side) / total}
{plane}
set tmargin at screen {(curve_h + edge) / total}
set bmargin at screen {edge / total}
set xrange [0:{value(setting.curve.epoch[-1])}]
set logscale y
set yrange [1e-4:1]
{curve}
unset multiplot
""")
