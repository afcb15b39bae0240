"""Reads a page of the book: its fenced blocks, its headings, and the errors that point into it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
HEADING = re.compile(r"^(#{1,6}) +(.*?)(?: +#+)? *$")


class PageError(Exception):
    """One sentence about one line of a page, printed as `derivations/conv2d.md:57: sentence`."""

    def __init__(self, page: str, line: int, sentence: str) -> None:
        super().__init__(f"{page}:{line}: {sentence}")


@dataclass
class Block:
    """A fenced block: ```language name="value" … ```."""

    line: int  # of the opening fence; the first line of a page is 1
    language: str
    attributes: dict[str, str]
    indent: int
    code: list[str] = field(default_factory=list)

    @property
    def last_line(self) -> int:
        """The line of the closing fence."""
        return self.line + len(self.code) + 1


@dataclass
class Heading:
    """A heading `## text` of a page."""

    line: int
    level: int
    text: str
    anchor: str  # as GitHub names it


@dataclass
class Page:
    """A page, taken apart. `path` is as messages print it, relative to the root of the project."""

    path: str
    lines: list[str]
    blocks: list[Block]

    @property
    def name(self) -> str:
        """The base name, which is the name of the page's test suite and of its layer's header."""
        return Path(self.path).stem

    def prose(self) -> list[tuple[int, str]]:
        """The lines outside fenced blocks, with their numbers."""
        fenced = {
            line for block in self.blocks for line in range(block.line, block.last_line + 1)
        }
        return [(n, text) for n, text in enumerate(self.lines, 1) if n not in fenced]

    def headings(self) -> list[Heading]:
        """The headings, in order."""
        found: list[Heading] = []
        seen: Counter[str] = Counter()
        for number, line in self.prose():
            match = HEADING.match(line)
            if match:
                name = slug(match[2])
                anchor = f"{name}-{seen[name]}" if seen[name] else name
                seen[name] += 1
                found.append(Heading(number, len(match[1]), match[2], anchor))
        return found


def slug(heading: str) -> str:
    """The anchor that GitHub gives the first heading of these words; the next ones get -1, -2."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def read_page(file: Path, root: Path) -> Page:
    """Reads `file`; messages about it print its path relative to `root`."""
    path = file.resolve().relative_to(root.resolve()).as_posix()
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PageError(path, 1, "there is no such page.") from None
    return parse_page(path, text)


def parse_page(path: str, text: str) -> Page:
    """Takes the text of a page apart."""
    lines = text.splitlines()
    blocks: list[Block] = []
    opened: Block | None = None
    mark = ""
    for number, line in enumerate(lines, 1):
        match = FENCE.match(line)
        if opened and match and closes(match, mark):
            blocks.append(opened)
            opened = None
        elif opened:
            opened.code.append(dedented(line, opened.indent))
        elif match:
            opened, mark = open_block(path, number, match), match["mark"]
    if opened:
        raise PageError(path, opened.line, "this block is never closed; it needs a line with ``` after it.")
    return Page(path, lines, blocks)


def closes(match: re.Match[str], mark: str) -> bool:
    """Does this fence end a block that `mark` began?"""
    return match["mark"].startswith(mark) and not match["info"].strip()


def dedented(line: str, indent: int) -> str:
    """`line` without the spaces that its fence has before it."""
    return line[min(indent, len(line) - len(line.lstrip(" "))):]


def open_block(path: str, line: int, match: re.Match[str]) -> Block:
    """The block that an opening fence begins, still without its code."""
    language, _, rest = match["info"].strip().partition(" ")
    attributes: dict[str, str] = {}
    for name, value in ATTRIBUTE.findall(rest):
        if name in attributes:
            raise PageError(path, line, f"the attribute {name} stands here twice.")
        attributes[name] = value
    unread = ATTRIBUTE.sub("", rest).strip()
    if unread:
        raise PageError(
            path, line, f'"{unread}" is not an attribute; attributes are written name="value".'
        )
    return Block(line, language, attributes, len(match["indent"]))
