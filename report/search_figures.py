"""The pictures of the search: its attempts by hyper-parameter, the ladder of sizes, all stamps."""

from __future__ import annotations

import math
from dataclasses import dataclass

from network import INPUTS, hidden_layers, used_inputs
from plotting import TEXT_WIDTH, Figure, Pictures, block, canvas, loss_axis, offset, string
from results import Attempt, Results, Smallest
from wording import counted

# What the attempts may differ in, and how an axis calls it
TITLES = {
    "learningRate": "Learning rate",
    "activation": "Activation",
    "layers": "Hidden layers",
    "neurons": "Hidden neurons",
    "inputs": "Number of inputs",
    "regularization": "Regularization",
    "regularizationRate": "Its rate",
    "batchSize": "Batch size",
}
MANY = 12  # choices beside each other; numbers with more are put into classes
CLASSES = 5


def choice(attempt: Attempt, key: str):
    """What an attempt has chosen for a hyper-parameter: a number or a text."""
    configuration = attempt.configuration
    if key == "inputs":
        return len(used_inputs(configuration))
    if key == "layers":
        return len(hidden_layers(configuration))
    if key == "neurons":
        return sum(hidden_layers(configuration))
    return configuration.get(key, "–")


def classes(attempts: list[Attempt], key: str) -> list[tuple[str, list[Attempt]]]:
    """The attempts by what they have chosen, in order; many numbers go into a few classes."""
    by_choice: dict = {}
    if key == "regularizationRate":  # it means nothing without a kind
        attempts = [a for a in attempts if choice(a, "regularization") != "none"]
    for attempt in attempts:
        by_choice.setdefault(choice(attempt, key), []).append(attempt)
    numeric = all(isinstance(one, (int, float)) for one in by_choice)
    if len(by_choice) > MANY and numeric:
        return binned(by_choice)
    if numeric:
        return [(f"{one:g}", by_choice[one]) for one in sorted(by_choice)]
    return sorted(by_choice.items(), key=lambda pair: (pair[0] != "none", pair[0]))


def binned(by_number: dict) -> list[tuple[str, list[Attempt]]]:
    """Classes of neighbouring numbers with about as many attempts in each."""
    numbers = sorted(by_number)
    wanted = sum(map(len, by_number.values())) / CLASSES
    groups: list[list] = [[]]
    for number in numbers:
        if len(groups) < CLASSES and sum(len(by_number[n]) for n in groups[-1]) >= wanted:
            groups.append([])
        groups[-1].append(number)
    return [(f"{group[0]:g}" if len(group) == 1 else f"{group[0]:.3g}–{group[-1]:.3g}",
             [a for n in group for a in by_number[n]]) for group in groups]


def search_losses(results: Results) -> Figure:
    """The attempts in columns by each hyper-parameter that differs, marked by how far they went."""
    attempts = results.attempts
    groups = [(TITLES[key], classes(attempts, key)) for key in TITLES]
    lines = in_lines([(title, columns) for title, columns in groups if len(columns) > 1])
    panel, foot, head, key_height = 132, 46, 24, 32
    total = key_height + len(lines) * (panel + foot + head)
    drawn, top = [], total - key_height
    width = max((sum(len(columns) + 0.7 for _, columns in line) for line in lines), default=1)
    for number, line in enumerate(lines):
        drawn.append(loss_panel(results, line, number, top - head, panel, total, width))
        top -= panel + foot + head
    return Figure("search-losses", TEXT_WIDTH, max(total, 40), f"""
set multiplot
set lmargin at screen {46 / TEXT_WIDTH}
set rmargin at screen {(TEXT_WIDTH - 6) / TEXT_WIDTH}
{loss_axis([*(a.test_loss for a in attempts), results.target_loss])}
set key at screen 0.99, screen {(total - 4) / total} right top horizontal maxrows 2 Left reverse \\
    samplen 0.6 font ',9'
{''.join(drawn)}
unset multiplot
""")


def in_lines(groups: list) -> list[list]:
    """Groups of columns under each other where they would be too narrow side by side."""
    lines: list[list] = [[]]
    for group in groups:
        if lines[-1] and sum(len(columns) for _, columns in [*lines[-1], group]) > 22:
            lines.append([])
        lines[-1].append(group)
    return lines if lines[0] else []


def loss_panel(results: Results, line: list, number: int, top: int, height: int, total: int,
               width: float) -> str:
    """Some hyper-parameters side by side, of a picture `total` px high and `width` columns wide."""
    rows: list[list] = [[] for _ in results.stages]
    ticks, edges, bars, place = [], [], [], 0.0
    for title, columns in line:
        edges.append((title, place))
        for name, column in columns:
            for k, attempt in enumerate(column):
                rows[attempt.stage].append([place + 1.3 * offset(k, len(column)),
                                            attempt.test_loss])
            numbers = sorted(math.inf if a.test_loss is None else a.test_loss for a in column)
            bars.append([place, numbers[len(numbers) // 10]])
            ticks.append(f"{string(name)} {place:g}")
            place += 1
        place += 0.7
    # Dots for the first stage, then ever heavier marks; orange for the last alone
    between = [(6, 0.4, "blue"), (7, 0.4, "blue"), (13, 0.65, "'#04466f'")]
    marks = [(7, 0.16, "pale"), *(between + between[-1:] * len(results.stages))]
    marks = [*marks[:max(0, len(results.stages) - 1)], (9, 1.0, "orange")]
    names = [string(stage.name) if number == 0 else "''" for stage in results.stages]
    drawn = [f"$line{number}stage{i} using 1:2 with points pointtype {kind} pointsize {size} "
             f"linewidth 1.2 linecolor rgb {colour} notitle, NaN with points pointtype {kind} "
             f"pointsize {max(size, 0.4)} linecolor rgb {colour} "
             + (f"title {name}" if number == 0 else "notitle")
             for i, ((kind, size, colour), name) in enumerate(zip(marks, names))]
    titles = "\n".join(f"set label {string(title)} at first {at - 0.45}, graph 1 left offset 0, 0.7"
                       for title, at in edges)
    blocks = "".join(block(f"line{number}stage{i}", part or [[None, None]])
                     for i, part in enumerate(rows))
    legend = "title 'target'" if number == 0 else "notitle"
    bar = "title 'a tenth lies below'" if number == 0 else "notitle"
    return f"""
{blocks}{block(f'line{number}bars', bars)}
set tmargin at screen {top / total}
set bmargin at screen {(top - height) / total}
set xrange [-0.8:{width - 0.9}]
set xtics ({', '.join(ticks)}) noenhanced scale 0 rotate by 35 right font ',9'
{titles}
plot {results.target_loss:g} with lines linecolor rgb ink dashtype 3 {legend}, \\
     {', '.join(drawn)}, \\
     $line{number}bars using ($1 - 0.4):2:(0.8):(0) with vectors nohead linewidth 3 \\
         linecolor rgb 'white' notitle, \\
     $line{number}bars using ($1 - 0.4):2:(0.8):(0) with vectors nohead linewidth 1.6 \\
         linecolor rgb ink notitle, NaN with lines linewidth 1.6 linecolor rgb ink {bar}
unset label
"""


# The ladder


def ladder(smallest: Smallest) -> Figure:
    """How often every size succeeds, with the interval, and the loss it ends with."""
    rungs = smallest.ladder
    chosen = [[i, 100 * rung.success_rate] for i, rung in enumerate(rungs)
              if rung.label == smallest.setting.label]
    rows = [[i, 100 * rung.success_rate, *(100 * end for end in rung.success_interval),
             rung.test_loss.median, *(rung.test_loss.interval or (None, None))]
            for i, rung in enumerate(rungs)]
    ticks = ", ".join(f"'{rung.neurons}' {i}" for i, rung in enumerate(rungs))
    foot = 38
    upper, lower, between = 84, 84, 26
    total = 22 + upper + between + lower + foot
    losses = [number for row in rows for number in row[4:]]
    return Figure("smallest-ladder", TEXT_WIDTH, total, f"""
{block('rungs', rows)}{block('chosen', chosen or [[None, None]])}
set multiplot
set lmargin at screen {62 / TEXT_WIDTH}
set rmargin at screen {(TEXT_WIDTH - 10) / TEXT_WIDTH}
set xrange [-0.6:{len(rungs) - 0.4}]

set tmargin at screen {(total - 22) / total}
set bmargin at screen {(total - 22 - upper) / total}
unset xtics
set yrange [0:100]
set ytics ('0 %%' 0, '50 %%' 50, '100 %%' 100)
set label 'Runs that succeed' at screen 0.005, graph 1 left offset 0, 0.75
set style fill solid 0.25 border rgb blue
plot $rungs using 1:($2 / 2):(0.25):($2 / 2) with boxxyerror linecolor rgb blue, \\
     $chosen using 1:($2 / 2):(0.25):($2 / 2) with boxxyerror \\
         fillstyle solid 0.8 border rgb blue linecolor rgb blue, \\
     $rungs using 1:3:(0):($4 - $3) with vectors heads size screen 0.006,90 linewidth 1.6 \\
         linecolor rgb ink, \\
     50 with lines linecolor rgb ink linewidth 0.8 dashtype 3
unset label

set tmargin at screen {(foot + lower) / total}
set bmargin at screen {foot / total}
set xtics ({ticks}) noenhanced scale 0 offset 0, 0.3
set xlabel 'Hidden neurons' offset 0, 1
{loss_axis(losses)}
set label 'Test loss' at screen 0.005, graph 1 left offset 0, 0.75
plot $rungs using 1:6:(0):($7 - $6) with vectors heads size screen 0.006,90 linewidth 1.6 \\
         linecolor rgb blue, \\
     $rungs using ($1 - 0.25):5:(0.5):(0) with vectors nohead linewidth 2.4 linecolor rgb blue
unset multiplot
""")


# All stamps


ACROSS = 8  # stamps beside each other
STAMP = 33  # px, each way
CELL_WIDTH, CELL_HEIGHT = TEXT_WIDTH / ACROSS, 60
GROUP_HEIGHT = 22
SHEET_HEIGHT = 905  # px of a page's text
FIRST_SHEET_HEIGHT = 840  # the first has the caption above it
SMALL = 6.6  # px of the letters: 5 pt


@dataclass
class Stamp:
    """Where an attempt stands on its sheet, in px from the lower left corner."""

    attempt: Attempt
    rank: int
    x: float
    y: float


@dataclass
class Sheet:
    figure: Figure
    stamps: list[Stamp]


def ranked(results: Results) -> list[Attempt]:
    """The attempts that went furthest first, and among those the lowest loss first."""
    return sorted(results.attempts, key=lambda a: (
        -a.stage, math.inf if a.test_loss is None else a.test_loss))


def sheets(results: Results) -> list[Sheet]:
    """All attempts on as many sheets as they need, in the order of their rank."""
    pages: list[list] = []
    room, place, stage = 0.0, ACROSS, None
    for rank, attempt in enumerate(ranked(results), 1):
        begins = attempt.stage != stage
        if begins or place == ACROSS:
            needed = CELL_HEIGHT + (GROUP_HEIGHT if begins else 0)
            if not pages or room < needed:
                room = SHEET_HEIGHT if pages else FIRST_SHEET_HEIGHT
                pages.append([])
            if begins:
                pages[-1].append(("group", group_title(results, attempt.stage)))
                room -= GROUP_HEIGHT
            pages[-1].append(("row", []))
            room -= CELL_HEIGHT
            place, stage = 0, attempt.stage
        pages[-1][-1][1].append((rank, attempt))
        place += 1
    return [sheet(number, page) for number, page in enumerate(pages, 1)]


def group_title(results: Results, place: int) -> str:
    stage = results.stages[place]
    here = sum(attempt.stage == place for attempt in results.attempts)
    return (f"Last stage: {stage.name} ({counted(here, 'attempt')}, {counted(stage.seeds, 'seed')}, "
            f"{counted(stage.epochs, 'epoch')})")


def sheet(number: int, page: list) -> Sheet:
    height = sum(GROUP_HEIGHT if kind == "group" else CELL_HEIGHT for kind, _ in page)
    name = f"search-{number}"
    squares = Pictures(name)
    drawn, plots, curves, stamps, top = [], [], [], [], height
    for kind, content in page:
        if kind == "group":
            drawn.append(f"set label {string(content)} at 0, {top - 10} left font ',10'")
            top -= GROUP_HEIGHT
            continue
        for column, (rank, attempt) in enumerate(content):
            stamp = Stamp(attempt, rank, column * CELL_WIDTH, top - CELL_HEIGHT)
            stamps.append(stamp)
            drawn += written(stamp)
            plots += stamped(stamp, drawn, squares)
            curves += curve_lines(stamp)
        top -= CELL_HEIGHT
    drawn.append(block("curves", curves or [[None, None]]))
    plots.append("$curves using 1:2 with lines linecolor rgb blue linewidth 0.7")
    return Sheet(Figure(name, TEXT_WIDTH, height, f"""
{canvas(height)}
{chr(10).join(drawn)}
plot {", ".join(plots)}
""", squares.data()), stamps)


def stamped(stamp: Stamp, drawn: list[str], squares: Pictures) -> list[str]:
    """The picture, with a frame; nothing where the network answers no numbers."""
    x, y = stamp.x, stamp.y + CELL_HEIGHT - STAMP
    drawn.append(f"set object rectangle from {x:.6g}, {y:.6g} to {x + STAMP:.6g}, {y + STAMP:.6g} "
                 "front fillstyle empty border rgb '#999999' linewidth 0.5")
    values = stamp.attempt.boundary.values
    if not any(cell is not None for row in values for cell in row):
        return []
    return [squares.add(values, x, y, STAMP)]


LOWEST, HIGHEST = 1e-3, 1.0  # losses at the foot and the head of a stamp's curve


def curve_lines(stamp: Stamp) -> list[list]:
    """The median test loss beside the stamp, with its axes; an empty row parts two lines."""
    left, width = stamp.x + STAMP + 3, CELL_WIDTH - STAMP - 9
    foot = stamp.y + CELL_HEIGHT - STAMP
    last = stamp.attempt.epoch[-1] or 1

    def place(epoch: float, loss: float | None) -> list:
        if loss is None:
            return [None, None]
        share = math.log(min(max(loss, LOWEST), HIGHEST) / LOWEST) / math.log(HIGHEST / LOWEST)
        return [left + width * epoch / last, foot + STAMP * share]

    return [*[place(*pair) for pair in zip(stamp.attempt.epoch, stamp.attempt.curve)], [" "]]


def written(stamp: Stamp) -> list[str]:
    """Its rank and loss, its network and learning rate, and the rest; and the foot of its curve."""
    attempt, x = stamp.attempt, stamp.x
    y = stamp.y + CELL_HEIGHT - STAMP
    right = x + CELL_WIDTH - 6
    loss = "diverged" if attempt.test_loss is None else f"{attempt.test_loss:.2g}"
    font = f"font ',{SMALL}'"
    lines = network_said(attempt.configuration)
    return [
        f"set arrow from {x + STAMP + 3:.6g}, {y:.6g} to {right:.6g}, {y:.6g} nohead "
        "linecolor rgb '#bbbbbb' linewidth 0.5",
        f"set label '{stamp.rank}' at {x:.6g}, {y - 5:.6g} left {font} textcolor rgb pale",
        f"set label '{loss}' at {right:.6g}, {y - 5:.6g} right {font}",
        *(f"set label {string(line)} at {x:.6g}, {y - 12 - 7 * i:.6g} left noenhanced {font}"
          for i, line in enumerate(lines))]


SHORT = {"xSquared": "x²", "ySquared": "y²", "xTimesY": "xy", "sinX": "sx", "sinY": "sy"}


def network_said(configuration: dict) -> list[str]:
    """Two lines of some twenty letters."""
    layers = ",".join(map(str, hidden_layers(configuration))) or "–"
    used = used_inputs(configuration)
    inputs = "all" if len(used) == len(INPUTS) else " ".join(SHORT.get(key, key) for key in used)
    kind = configuration.get("regularization", "none")
    extra = "" if kind == "none" else f" {kind} {configuration['regularizationRate']:g}"
    return [f"{configuration['activation']} {layers}; {configuration['learningRate']:g}",
            f"b{configuration['batchSize']:g}{extra}; {inputs}"]
