"""Prose with holes, and the blocks that filter.lua sets: figures, grids of tiles, sheets of stamps."""

from __future__ import annotations

import re
from pathlib import Path

from errors import ReportError
from plotting import TEXT_WIDTH
from results import Setting
from search_figures import CELL_HEIGHT, CELL_WIDTH, Sheet
from sources import Sources
from wording import NONE, escaped, number

TEXT = Path(__file__).with_name("text")
HOLE = re.compile(r"\{\{(\w+)\}\}")

NEW_PAGE = ":::: page\n::::\n\n"  # in the PDF


def filled(name: str, **values: str) -> str:
    """The prose of text/`name`.md with its holes filled; every value must have a hole."""
    path = TEXT / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror})")
    holes = set(HOLE.findall(text))
    if holes != set(values):
        odd = ", ".join(sorted(holes ^ set(values)))
        raise ReportError(f"{path}: the holes and the values to fill them differ in {odd}")
    return HOLE.sub(lambda hole: values[hole[1]], text)


def figure(sources: Sources, name: str, caption: str, seen: str) -> str:
    """A figure with its caption; `seen` says what it shows to who cannot see it."""
    path = sources.figures / f"{name}.svg"
    return f":::: {{.figure #fig-{name}}}\n![{escaped(seen)}]({path})\n\n{caption}\n::::\n"


def grid(sources: Sources, id: str, caption: str, pictures: list[tuple[str, Setting]],
         across: int, titles: list[str] | None = None) -> str:
    """Small pictures side by side, each a link to the Playground; a title where a group begins."""
    cells = []
    for i, (name, setting) in enumerate(pictures):
        if titles and (i == 0 or titles[i] != titles[i - 1]):
            cells.append(f":::: group\n{titles[i]}\n::::")
        path = sources.figures / f"{name}.svg"
        loss = number(setting.test_loss.median)
        seen = f"Answers of the network with {setting.label}; test loss {plain(loss)}"
        cells.append(f":::: cell\n[![{escaped(seen)}]({path})]({setting.url})\n\n"
                     f"[{escaped(setting.label)}]({setting.url})\n\n"
                     f"{loss if loss != NONE else 'diverged'}\n::::")
    body = "\n\n".join(cells)
    return f"::::: {{.grid #{id} columns={across}}}\n{caption}\n\n{body}\n:::::\n"


def plain(markdown: str) -> str:
    """A number without the maths marks, for alternative texts."""
    return re.sub(r"\$(.*?) \\times 10\^\{(-?\d+)\}\$", r"\1e\2", markdown)


def sheet(sources: Sources, page: Sheet, caption: str = "") -> str:
    """A sheet of stamps; the first has an id and a caption for all. filter.lua reads its links."""
    shown = page.figure
    path = sources.figures / f"{shown.name}.svg"
    first, last = page.stamps[0].rank, page.stamps[-1].rank
    id = " #fig-search" if caption else ""
    return (f":::: {{.sheet{id} width={TEXT_WIDTH} height={shown.height} links={shown.name}.links "
            f"cell-width={CELL_WIDTH - 6:.2f} cell-height={CELL_HEIGHT - 4}}}\n"
            f"![Attempts {first} to {last} of the search]({path})\n\n{caption}\n::::\n")


def links(page: Sheet) -> str:
    """A line a stamp: its place on the sheet, its address, and what it is, parted by tabs.

    In a file of their own, as pandoc takes longer to read thousands of links than all else.
    """
    return "".join(
        f"{stamp.x:.2f}\t{stamp.y:.2f}\t{stamp.attempt.url}\t{stamp.attempt.label}; test loss "
        f"{plain(number(stamp.attempt.test_loss))}\n" for stamp in page.stamps)
