"""The pictures of a study: every run, the curves, and how the boundaries come about."""

from __future__ import annotations

import math

from network import weight_count
from plotting import (TEXT_WIDTH, Figure, Pictures, block, canvas, curve_rows, epoch_tics, loss_axis,
                      losses, offset, panel_tics, string)
from results import Boundary, Results, Setting, Study

# Panels of a comparison: the room around them in px
LEFT, RIGHT, TITLE, BETWEEN = 62, 10, 20, 28


def comparison(study: Study, results: Results) -> Figure:
    """Every run of every setting: its loss, its time to the target, and what became of them all."""
    settings = study.settings
    tall = any(len(s.label) * len(settings) > 95 for s in settings)
    foot = 24 if not tall else 24 + 3 * max(len(s.label) for s in settings)
    panels = [(112, test_losses(settings)), (96, epochs_to_target(study)), (62, shares(settings))]
    if any(run.dead_weights for s in settings for run in s.runs):
        panels.append((50, dead_weights(settings)))
    total = TITLE + sum(height for height, _ in panels) + BETWEEN * (len(panels) - 1) + foot
    tics = ", ".join(f"{string(s.label)} {i}" for i, s in enumerate(settings))
    drawn, top = [], total - TITLE
    for place, (height, script) in enumerate(panels):
        lowest = place == len(panels) - 1
        drawn.append(f"""
set tmargin at screen {top / total}
set bmargin at screen {(top - height) / total}
{f"set xtics ({tics}) noenhanced scale 0 {'rotate by 25 right' if tall else 'offset 0, 0.3'}"
 if lowest else 'unset xtics'}
{script}
unset label
unset arrow
unset object
""")
        top -= height + BETWEEN
    return Figure(f"{study.name}-comparison", TEXT_WIDTH, total, f"""
{block('runs', run_rows(study))}{block('medians', median_rows(settings))}
set multiplot
set lmargin at screen {LEFT / TEXT_WIDTH}
set rmargin at screen {(TEXT_WIDTH - RIGHT) / TEXT_WIDTH}
set xrange [-0.5:{len(settings) - 0.5}]
{''.join(drawn)}
unset multiplot
""")


def run_rows(study: Study) -> list[list]:
    """Place, test loss, epochs to the target, the same where it is never reached, dead weights."""
    return [[i + offset(k, len(s.runs)), run.test_loss, run.epochs_to_target,
             later(study) if run.epochs_to_target is None else None,
             100 * run.dead_weights / max(1, weight_count(s.configuration))]
            for i, s in enumerate(study.settings) for k, run in enumerate(s.runs)]


def later(study: Study) -> float:
    """Where runs stand that never reach the target."""
    return 1.13 * study.epochs


def median_rows(settings: list[Setting]) -> list[list]:
    """Place, median loss and its interval, median epochs; shares in per cent with an interval."""
    return [[i, s.test_loss.median, *(s.test_loss.interval or (None, None)), s.median_epochs,
             100 * s.success_rate, *(100 * end for end in s.success_interval),
             100 * s.diverged / len(s.runs)] for i, s in enumerate(settings)]


def titled(text: str) -> str:
    return f"set label {string(text)} at screen 0.005, graph 1 left offset 0, 0.75"


BARS = "using ($1 - 0.28):{}:(0.56):(0) with vectors nohead linewidth 2.4 linecolor rgb blue"
CIRCLES = "with points pointtype 6 pointsize 0.35 linecolor rgb pale"


def test_losses(settings: list[Setting]) -> str:
    numbers = [run.test_loss for s in settings for run in s.runs]
    ends = [end for s in settings for end in (s.test_loss.interval or ())]
    return f"""
{loss_axis([*numbers, *ends])}
{titled('Test loss')}
plot $runs using 1:2 {CIRCLES}, \\
     $medians using 1:3:(0):($4 - $3) with vectors heads size screen 0.006,90 linewidth 1.6 \\
         linecolor rgb blue, \\
     $medians {BARS.format(2)}
"""


def epochs_to_target(study: Study) -> str:
    return f"""
unset logscale y
set yrange [0:{1.22 * study.epochs:g}]
set ytics ({epoch_tics(study.epochs)}, 'later' {later(study):g})
{titled('Epochs to target')}
set arrow from graph 0, first {study.epochs} to graph 1, first {study.epochs} nohead \\
    linecolor rgb ink linewidth 0.6 dashtype 3
plot $runs using 1:3 {CIRCLES}, \\
     $runs using 1:4 with points pointtype 8 pointsize 0.4 linecolor rgb pale, \\
     $medians {BARS.format(5)}
"""


def shares(settings: list[Setting]) -> str:
    """Successes from below, runs that diverged from above, striped; the rest did neither."""
    marks = "\n".join(f"set label '{s.diverged} diverged' at first {i}, graph 1 center "
                      "offset 0, 0.5 font ',9' textcolor rgb ink"
                      for i, s in enumerate(settings) if s.diverged)
    return f"""
unset logscale y
set yrange [0:100]
set ytics ('0 %%' 0, '50 %%' 50, '100 %%' 100)
{titled('Runs that succeed (below) and diverge (striped)')}
{marks}
set style fill solid 0.25 border rgb blue
plot $medians using 1:(50):(0.2):(50) with boxxyerror \\
         fillstyle empty border rgb '#b8bfc3' linecolor rgb '#b8bfc3', \\
     $medians using 1:($6 / 2):(0.2):($6 / 2) with boxxyerror linecolor rgb blue, \\
     $medians using 1:(100 - $9 / 2):(0.2):($9 / 2) with boxxyerror \\
         fillstyle pattern 4 border rgb '#c26a00' linecolor rgb '#c26a00', \\
     $medians using 1:7:(0):($8 - $7) with vectors heads size screen 0.006,90 linewidth 1.6 \\
         linecolor rgb blue
set style fill solid 0.25 noborder
"""


def dead_weights(settings: list[Setting]) -> str:
    return f"""
unset logscale y
set yrange [-5:105]
set ytics ('0 %%' 0, '50 %%' 50, '100 %%' 100)
{titled('Weights that L1 has set to 0')}
plot $runs using 1:5 {CIRCLES}
"""


# Curves


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
    panel_h = 84
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
set xtics ({panel_tics(study.epochs, lowest, column == across - 1)}) offset 0, 0.3
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
set xrange [0:{study.epochs}]
set multiplot
{''.join(drawn)}
unset multiplot
""")


def no_curve_label(setting: Setting) -> str:
    if setting.curve.test.median[-1] is not None:
        return "unset label 2"
    return "set label 2 'diverged' at graph 0.5, graph 0.5 center textcolor rgb ink"


# Boundaries at several epochs


def film(study: Study) -> Figure:
    """A column a setting, a row an epoch: what the network of median test loss answers."""
    shots = [setting.boundaries or [setting.boundary] for setting in study.settings]
    rows = max(len(column) for column in shots)
    left, top, gap = 46, 20, 5
    side = min(62.0, (TEXT_WIDTH - left - 1) / len(shots) - gap)
    tall = max(len(s.label) for s in study.settings) * 5.6 > side + gap
    if tall:
        top += 4 + round(2.4 * max(len(s.label) for s in study.settings))
    height = round(top + rows * (side + gap))
    drawn, plots, squares = [], [], Pictures(f"{study.name}-boundaries")
    for c, (setting, column) in enumerate(zip(study.settings, shots)):
        x = left + c * (side + gap)
        at = (f"{x + side / 2 - 4:.6g}, {height - top + 5} left rotate by 25" if tall
              else f"{x + side / 2:.6g}, {height - top + 9} center")
        drawn.append(f"set label {string(setting.label)} at {at} noenhanced font ',9'")
        for r, shot in enumerate(column):
            y = height - top - (r + 1) * side - r * gap
            drawn.append(f"set object rectangle from {x:.6g}, {y:.6g} to {x + side:.6g}, "
                         f"{y + side:.6g} front fillstyle empty border rgb '#999999' linewidth 0.6")
            if c == 0:
                said = f"{shot.epoch:g}" if shot.epoch is not None else "end"
                drawn.append(f"set label '{said}' at {left - 7}, {y + side / 2:.6g} right font ',9'")
            if not answered(shot):
                drawn.append(f"set label 'diverged' at {x + side / 2:.6g}, {y + side / 2:.6g} center "
                             "font ',8'")
                continue
            plots.append(squares.add(shot.values, x, y, side))
    drawn.append(f"set label 'Epoch' at {left - 7}, {height - top + 9} right font ',9'")
    return Figure(f"{study.name}-boundaries", TEXT_WIDTH, height, f"""
{canvas(height)}
{chr(10).join(drawn)}
plot {", ".join(plots) or 'NaN'}
""", squares.data())


def answered(shot: Boundary) -> bool:
    return any(cell is not None for row in shot.values for cell in row)
