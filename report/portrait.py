"""The pictures of one trained network: its curve, its boundary, and its weights as a diagram."""

from __future__ import annotations

from dataclasses import dataclass

from network import INPUTS, neurons
from plotting import (TEXT_WIDTH, Figure, Pictures, block, canvas, curve_rows, field, loss_axis,
                      losses, string, value)
from results import Setting, Weights


def curve(name: str, setting: Setting, target: float) -> Figure:
    """The losses on training and test points."""
    lines = setting.curve
    band = lines.train
    return Figure(f"{name}-curve", TEXT_WIDTH, 230, f"""
{block('curve', curve_rows(lines))}
{loss_axis([*losses(lines), *band.median, *band.lower, *band.upper, target])}
set xrange [0:{value(lines.epoch[-1])}]
set xlabel 'Epoch' offset 0, 0.7
set label 'Loss' at screen 0.005, graph 1 left offset 0, 1
set key outside top right horizontal Left reverse samplen 2.5
plot $curve using 1:3:4 with filledcurves linecolor rgb blue, \\
     $curve using 1:6:7 with filledcurves linecolor rgb orange, \\
     {target:g} with lines linecolor rgb ink dashtype 3 title 'target', \\
     $curve using 1:5 with lines linecolor rgb '#c26a00' linewidth 1.6 dashtype 2 \\
         title 'training points', \\
     $curve using 1:2 with lines linecolor rgb blue linewidth 1.8 title 'test points'
""")


def boundary(name: str, setting: Setting) -> Figure:
    """The output with the data: circles for label 1, triangles for label −1."""
    def points(key: str, label: int, source: list) -> str:
        rows = [[x, y] for x, y, sign in source if (sign > 0) == (label > 0)]
        return block(key, rows or [["NaN", "NaN"]])

    circle, triangle, open_circle, open_triangle = 7, 9, 6, 8
    # Every kind is drawn twice, a white halo first, so that points stand out on their own colour
    kinds = [("train_plus", circle, "#04466f", 0.5), ("train_minus", triangle, "#9c5200", 0.55),
             ("test_plus", open_circle, "#04466f", 0.5),
             ("test_minus", open_triangle, "#9c5200", 0.55)]
    titles = ["label 1, training", "label −1, training", "label 1, test", "label −1, test"]
    halo = ", \\\n     ".join(
        f"${key} using 1:2 with points pointtype {circle if 'plus' in key else triangle} "
        f"pointsize {size + 0.15} linecolor rgb 'white'" for key, _, _, size in kinds)
    marks = ", \\\n     ".join(
        f"${key} using 1:2 with points pointtype {kind} pointsize {size} linewidth 2 "
        f"linecolor rgb '{colour}' title '{title}'"
        for (key, kind, colour, size), title in zip(kinds, titles))
    side = 380
    return Figure(f"{name}-boundary", TEXT_WIDTH, side + 40, f"""
{points('train_plus', 1, setting.train_points)}{points('train_minus', -1, setting.train_points)}
{points('test_plus', 1, setting.test_points)}{points('test_minus', -1, setting.test_points)}
{field(setting.boundary)}
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


# The diagram


CELLS = 24  # of a neuron's picture, each way
OUTPUT_CELLS = 48
SIDE, GAP = 34, 9  # of a neuron's picture, px
OUTPUT_SIDE = 76
THICK, THIN = 6.0, 0.5  # px of the largest weight, and the least of any
HEAD, FOOT = 24, 34


@dataclass
class Neuron:
    """A picture's lower left corner and side in px, and what the neuron answers."""

    x: float
    y: float
    side: float
    values: list[list[float]]


def network(name: str, setting: Setting) -> Figure:
    """Inputs, neurons with what they answer over the plane, and the weights between them.

    As in the Playground's own picture; and the sign of a weight is told by the dash as well.
    """
    weights = setting.weights
    columns = placed(weights, setting)
    height = HEAD + FOOT + max(len(column) for column in columns) * (SIDE + GAP)
    largest = max((abs(w) for layer in weights.layers for row in layer.weight for w in row),
                  default=0) or 1.0
    drawn = links(weights, columns, largest)
    squares, plots = Pictures(f"{name}-network"), []
    for column in columns:
        for neuron in column:
            plots.append(squares.add(neuron.values, neuron.x, neuron.y, neuron.side))
            drawn.append(f"set object rectangle from {neuron.x:g}, {neuron.y:g} to "
                         f"{neuron.x + neuron.side:g}, {neuron.y + neuron.side:g} front "
                         "fillstyle empty border rgb ink linewidth 1")
    plots += biases(weights, columns, drawn)
    drawn += titles(weights, columns, height)
    drawn += legend(largest)
    return Figure(f"{name}-network", TEXT_WIDTH, height, f"""
{canvas(height)}
{chr(10).join(drawn)}
plot {", ".join(plots)}
""", squares.data())


def placed(weights: Weights, setting: Setting) -> list[list[Neuron]]:
    """Where every neuron stands, in columns from the inputs to the output."""
    answers = pictures(weights, setting, CELLS)
    output = pictures(weights, setting, OUTPUT_CELLS)[-1]
    tallest = max(len(column) for column in answers)
    middle = FOOT + tallest * (SIDE + GAP) / 2
    left, right = 52, TEXT_WIDTH - 8 - OUTPUT_SIDE
    apart = (right - left) / (len(answers) - 1)
    columns = []
    for c, column in enumerate(answers[:-1]):
        top = middle + len(column) * (SIDE + GAP) / 2
        columns.append([Neuron(left + c * apart, top - (n + 1) * (SIDE + GAP) + GAP / 2, SIDE,
                               values) for n, values in enumerate(column)])
    columns.append([Neuron(right, middle - OUTPUT_SIDE / 2, OUTPUT_SIDE, output[0])])
    return columns


def pictures(weights: Weights, setting: Setting, cells: int) -> list[list[list[list[float]]]]:
    """For every column and neuron what it answers at the centres of the cells, top row first."""
    reach = setting.boundary.range
    step = 2 * reach / cells
    activation = setting.configuration["activation"]
    grid = [[neurons(weights, activation, -reach + (i + 0.5) * step, reach - (j + 0.5) * step)
             for i in range(cells)] for j in range(cells)]
    return [[[[cell[c][n] for cell in row] for row in grid] for n in range(len(column))]
            for c, column in enumerate(grid[0][0])]


def links(weights: Weights, columns: list[list[Neuron]], largest: float) -> list[str]:
    """Every weight as a line, the heavier over the lighter; a weight of 0 is none."""
    lines = []
    for layer, sources, targets in zip(weights.layers, columns, columns[1:]):
        for row, target in zip(layer.weight, targets):
            for place, (w, source) in enumerate(zip(row, sources)):
                if w != 0:
                    spread = (place + 0.5) / len(sources)  # where it enters the target, from above
                    lines.append((abs(w), f"set arrow from {source.x + source.side:.6g}, "
                                  f"{source.y + source.side / 2:.6g} to {target.x:.6g}, "
                                  f"{target.y + target.side * (1 - spread):.6g} {stroke(w, largest)}"))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def stroke(w: float, largest: float) -> str:
    """Thick and dark for a large weight; whole for a positive one, dashed for a negative one."""
    share = abs(w) / largest
    width = max(THIN, THICK * share)
    # Dashes are measured in widths of the line: about as long for thin lines as for thick ones
    dash, space = 5 / width + 1, 3.5 / width + 0.6
    kind = "solid" if w > 0 else f"({dash:.3g}, {space:.3g})"
    return f"nohead linewidth {width:.3g} dashtype {kind} linecolor rgb '{shade(w > 0, share)}'"


def shade(positive: bool, share: float) -> str:
    """From pale at 0 to the full colour at 1."""
    full = (0x08, 0x77, 0xBD) if positive else (0xE0, 0x7A, 0x00)
    pale = (0xD0, 0xDC, 0xE4) if positive else (0xF0, 0xE0, 0xCC)
    depth = min(1.0, 0.25 + 0.9 * share)
    return "#" + "".join(f"{round(p + (f - p) * depth):02x}" for p, f in zip(pale, full))


def biases(weights: Weights, columns: list[list[Neuron]], drawn: list[str]) -> list[str]:
    """A dot at the lower left corner of every neuron: full for a bias above 0, open below."""
    rows: dict[bool, list[list]] = {True: [], False: []}
    largest = max(abs(b) for layer in weights.layers for b in layer.bias) or 1.0
    for layer, column in zip(weights.layers, columns[1:]):
        for bias, neuron in zip(layer.bias, column):
            if bias != 0:
                rows[bias > 0].append([neuron.x + 1, neuron.y + 1,
                                       0.25 + 0.55 * abs(bias) / largest])
    plots = []
    for positive, kind in ((True, "full"), (False, "open")):
        if rows[positive]:
            drawn.append(block(f"{kind}", rows[positive]))
            colour = "ink" if positive else "'white'"
            plots.append(f"${kind} using 1:2:($3 + 0.18) with points pointtype 7 pointsize variable "
                         "linecolor rgb ink")
            plots.append(f"${kind} using 1:2:3 with points pointtype 7 pointsize variable "
                         f"linecolor rgb {colour}")
    return plots


def titles(weights: Weights, columns: list[list[Neuron]], height: int) -> list[str]:
    """The inputs by name, and what stands in every column."""
    lines = [f"set label {string(INPUTS[key][0])} at {neuron.x - 6:g}, "
             f"{neuron.y + neuron.side / 2:g} right" for key, neuron in zip(weights.inputs, columns[0])]
    hidden = len(columns) - 2
    names = ["Inputs", *(f"Hidden layer{'' if hidden == 1 else f' {i + 1}'}"
                         for i in range(hidden)), "Output"]
    return lines + [f"set label {string(name)} at {column[0].x + column[0].side / 2:.6g}, "
                    f"{height - 9} center font ',9'" for name, column in zip(names, columns)]


def legend(largest: float) -> list[str]:
    """The two kinds of lines, and how thick which weight is."""
    lines, x = [], 52
    for w, text in ((largest, f"a weight of {largest:.2g}"), (-largest, f"of −{largest:.2g}"),
                    (largest / 4, f"of {largest / 4:.2g}"), (-largest / 4, f"of −{largest / 4:.2g}")):
        lines.append(f"set arrow from {x}, 12 to {x + 40}, 12 {stroke(w, largest)}")
        lines.append(f"set label {string(text)} at {x + 46}, 12 left font ',9'")
        x += 52 + (94 if text.startswith("a") else 62)
    return lines
