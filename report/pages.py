"""Turns the pages of the book into chapters of one document.

Headings move down and get an id of their own page, links between pages become links inside the
document, and fences keep their language and what they quote.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from errors import ReportError

BOOK = Path(__file__).resolve().parents[1] / "derivations" / "book"
sys.path.insert(0, str(BOOK))
from order import order  # noqa: E402
from page import HEADING, Page, PageError, read_page  # noqa: E402

# What stands in a line of prose: code and maths stay as they are, links and pictures are looked at
PIECE = re.compile(r"(?P<verbatim>(`+).+?\2|\$[^$]+\$)"
                   r"|(?P<picture>!)?\[(?P<text>(?:`[^`]*`|[^\]`])*)\]\((?P<target>[^)\s]+)\)")


@dataclass
class Book:
    """The pages in their order, and the folder that their pictures are named from."""

    pages: list[Page]
    folder: Path

    def ids(self) -> set[str]:
        return {id for page in self.pages for id in [page.name, *heading_ids(page).values()]}


def read_book(folder: Path) -> Book:
    root = folder.resolve().parent
    readme = folder / "README.md"
    if not readme.is_file():
        raise ReportError(f"{readme}: there is no such file; it links to the pages of the book in "
                          "their order")
    names = order(readme)
    if not names:
        raise ReportError(f"{readme}: links to no page of the book")
    try:
        return Book([read_page(folder / name, root) for name in names], folder.resolve())
    except PageError as error:
        raise ReportError(str(error).rstrip("."))


def chapters(book: Book) -> str:
    """All pages as one Markdown text, whose headings start at level 2."""
    return "\n\n".join(chapter(page, book) for page in book.pages)


def chapter(page: Page, book: Book) -> str:
    lines = list(page.lines)
    ids = heading_ids(page)
    known = book.ids()
    for number, text in page.prose():
        heading = HEADING.match(text)
        if heading:
            lines[number - 1] = f"#{heading[1]} {heading[2]} {{#{ids[number]}}}"
        else:
            lines[number - 1] = PIECE.sub(
                lambda match, at=number: piece(match, page, at, book, known), text)
    for block in page.blocks:
        lines[block.line - 1] = " " * block.indent + fence(block.language, block.attributes)
        lines[block.last_line - 1] = " " * block.indent + "```"
    for first, last in formulas(page):
        lines[first - 1] = " ".join(line.strip() for line in lines[first - 1:last])
        lines[first:last] = [None] * (last - first)
    return "\n".join(line for line in lines if line is not None)


def formulas(page: Page) -> list[tuple[int, int]]:
    """The first and last lines of displayed formulas.

    Each becomes one line: a line of a formula that begins with = would underline a heading.
    """
    marks = [number for number, text in page.prose() if text.strip() == "$$"]
    return list(zip(marks[::2], marks[1::2]))


def heading_ids(page: Page) -> dict[int, str]:
    """The id of each heading by its line: the page's name alone for its title."""
    ids: dict[int, str] = {}
    seen: dict[str, int] = {}
    for heading in page.headings():
        plain = slug(heading.text)
        again = seen.get(plain, 0)
        seen[plain] = again + 1
        own = f"{plain}-{again}" if again else plain
        ids[heading.line] = page.name if heading.level == 1 else f"{page.name}-{own}"
    return ids


def slug(text: str) -> str:
    """A heading's anchor, as GitHub forms it."""
    kept = re.sub(r"[^\w\- ]", "", text.lower())
    return kept.replace(" ", "-")


def fence(language: str, attributes: dict[str, str]) -> str:
    """A fence that only says what a reader should see."""
    if "from" in attributes:
        file = attributes["from"].rpartition(":")[0]
        return f'```{{.{language or "text"} from="{file}"}}'
    return f"```{language or 'text'}"


def piece(match: re.Match, page: Page, line: int, book: Book, known: set[str]) -> str:
    """A link or a picture as the one document has it."""
    if match["verbatim"]:
        return match[0]
    if match["picture"]:
        return picture(match, page, line, book)
    text, target = match["text"], match["target"]
    if re.match(r"[a-z]+:", target):
        return match[0]
    name, _, anchor = target.partition("#")
    if name.endswith("README.md") or (name and not name.endswith(".md")):
        return text  # files that the reader of a PDF does not have
    chapter_name = Path(name).stem if name else page.name
    id = f"{chapter_name}-{anchor}" if anchor else chapter_name
    if id not in known:
        raise ReportError(f"{page.path}:{line}: links to {target}, which is no heading of the book")
    return f"[{text}](#{id})"


def picture(match: re.Match, page: Page, line: int, book: Book) -> str:
    file = book.folder / match["target"]
    if not file.is_file():
        raise ReportError(f"{page.path}:{line}: there is no picture {match['target']}")
    return f"![{match['text']}]({file})"
