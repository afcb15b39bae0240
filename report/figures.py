"""All figures of the report, by name."""

from __future__ import annotations

import portrait
from plotting import Figure, Pictures, block, curve_rows, positive, value
from results import Results, Setting
from search_figures import Sheet, ladder, search_losses
from study_figures import answered, comparison, curves, film

# The networks that are shown in full, by the name of their figures
PORTRAITS = ("best", "two-inputs", "smallest")


def portraits(results: Results) -> dict[str, Setting]:
    """Those of PORTRAITS that there are."""
    settings = (results.best, results.best_of_two_inputs,
                results.smallest.setting if results.smallest else None)
    return {name: setting for name, setting in zip(PORTRAITS, settings) if setting}


def all_figures(results: Results, sheets: list[Sheet]) -> list[Figure]:
    figures = [sheet.figure for sheet in sheets] + [search_losses(results)]
    for name, setting in portraits(results).items():
        figures += [portrait.curve(name, setting, results.target_loss),
                    portrait.boundary(name, setting), portrait.network(name, setting)]
    if results.smallest:
        figures.append(ladder(results.smallest))
    for study in results.studies:
        figures += [comparison(study, results), curves(study, results), film(study)]
        figures += [tile(tile_name(study.name, i), setting)
                    for i, setting in enumerate(study.settings)]
    figures += [tile(tile_name("leaderboard", i), setting)
                for i, setting in enumerate(results.leaderboard)]
    return figures


def tile_name(study: str, place: int) -> str:
    return f"tile-{study}-{place}"


def tile(name: str, setting: Setting) -> Figure:
    """A small picture of one setting: its output over the plane, its test loss below."""
    side, curve_h, edge = 132, 34, 1
    total = side + curve_h + 4 + 2 * edge
    squares = Pictures(name)
    plane = (f"plot {squares.add(setting.boundary.values, 0, 0, 1)}"
             if answered(setting.boundary) else
             "set label 1 'diverged' at 0.5, 0.5 center textcolor rgb ink\nplot NaN\nunset label 1")
    curve = ("plot $curve using 1:3:4 with filledcurves linecolor rgb blue, "
             "$curve using 1:2 with lines linecolor rgb blue linewidth 1.3"
             if positive(setting.curve.test.median) else "plot NaN")
    return Figure(name, side + 2 * edge, total, f"""
{block('curve', curve_rows(setting.curve))}
unset grid
unset tics
set border 15 linecolor rgb '#bbbbbb'
set multiplot
set lmargin at screen {edge / (side + 2 * edge)}
set rmargin at screen {(side + edge) / (side + 2 * edge)}
set tmargin at screen {(total - edge) / total}
set bmargin at screen {(total - edge - side) / total}
set xrange [0:1]
set yrange [0:1]
{plane}
set tmargin at screen {(curve_h + edge) / total}
set bmargin at screen {edge / total}
set xrange [0:{value(setting.curve.epoch[-1])}]
set logscale y
set yrange [1e-4:1]
{curve}
unset multiplot
""", squares.data())
