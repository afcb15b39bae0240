"""Turns a page of the book, as GitHub reads it, into what Doxygen reads; prints it line by line.

Every line stays on its line, so that Doxygen's warnings point into the page: formulas become
\\f$ … \\f$ and \\f[ … \\f], headings get the anchors that GitHub gives them, links between pages
become references, and fences keep nothing but their language.
"""

import re
import sys
from pathlib import Path

from maths import mask, unmask
from order import order
from page import Block, Page, read_page

LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
PAGE = re.compile(r"^(?:\.\./)?(?P<page>[A-Za-z0-9_]+)\.md(?:#(?P<slug>.+))?$")
CHAPTER = re.compile(r"\[(?P<text>[^\]]*)\]\(@ref (?P<page>[a-z0-9_]+)\)")
# What the site's navigation shows below a page that is no chapter; each is linked to there
SUBPAGES = {
    "home": ["book", "checker"],
    "checker": ["failing_check", "checked", "kill_matrix", "peers", "report_json"],
}
WIDE = ["checked", "failing_check", "kill_matrix"]  # pages that need the room that contents would take
LABELS = {"README": "book", "home": "mainpage"}
LANGUAGES = {"cpp": ".cpp", "python": ".py"}  # the others are set without colours


def label(page: str, anchor: str = "") -> str:
    """The name of a page, or of an anchor in it, which in Doxygen no other page may have."""
    name = LABELS.get(page, page)
    return f"{name}-{anchor}" if anchor else name


def filtered(page: Page, chapters: list[str]) -> str:
    """The page for Doxygen: its lines in their places, and below them the site's own.

    `chapters` are the names of the book's pages, in its order.
    """
    lines = list(page.lines)
    display = False
    for number, line in page.prose():
        if line.strip() == "$$":
            lines[number - 1] = r"\f]" if display else r"\f["
            display = not display
        elif not display:
            lines[number - 1] = prose(page, line)
    for heading in page.headings():
        anchor = label(page.name, "" if heading.level == 1 else heading.anchor)
        lines[heading.line - 1] = f"{'#' * heading.level} {heading.text} {{#{anchor}}}"
    for block in page.blocks:
        fence(lines, block)
    if page.name == "README":
        name_subpages(lines, chapters)
    elif page.name in SUBPAGES:
        name_subpages(lines, SUBPAGES[page.name])
    elif page.name not in WIDE:
        add_contents(page, lines)
        lines += neighbours(page.name, chapters)
    return "\n".join(lines) + "\n"


def prose(page: Page, line: str) -> str:
    """A line of text, with its formulas and links as Doxygen writes them."""
    masked, kept = mask(line)
    return unmask(LINK.sub(lambda match: link(page, match), masked), [written(*k) for k in kept])


def written(kind: str, says: str) -> str:
    """Code, a formula or a dollar, as Doxygen reads it."""
    return {"code": says, "maths": rf"\f${says}\f$", "escaped": "$"}[kind]


def link(page: Page, match: re.Match[str]) -> str:
    """A link or picture of the page, as Doxygen finds its target."""
    text, target = match["text"], match["target"]
    if match["image"]:
        return f'<img class="picture" src="pictures/{Path(target).name}" alt="{text}"/>'
    if target.startswith("#"):
        return f"[{text}](@ref {label(page.name, target[1:])})"
    if "://" in target:
        return match[0]
    to = PAGE.match(target)
    if to:
        return f"[{text}](@ref {label(to['page'], to['slug'] or '')})"
    if target.startswith("../src/") and target.endswith(".hpp"):
        return f"[{text}](@ref {target.removeprefix('../src/')})"
    return text  # a file that is in the project and not on the site


def fence(lines: list[str], block: Block) -> None:
    """Rewrites the two fences of a block."""
    margin = " " * block.indent
    first, last = block.line - 1, block.last_line - 1
    if block.language == "math":
        lines[first], lines[last] = margin + r"\f[", margin + r"\f]"
        return
    lines[first] = f"{margin}```{{{LANGUAGES.get(block.language, '.unparsed')}}}"
    lines[last] = f"{margin}```"


def name_subpages(lines: list[str], pages: list[str]) -> None:
    """Makes the first link to each of the pages say that it is part of this one."""
    named: set[str] = set()

    def subpage(match: re.Match[str]) -> str:
        if match["page"] in named or match["page"] not in pages:
            return match[0]
        named.add(match["page"])
        return f'@subpage {match["page"]} "{match["text"]}"'

    for number, line in enumerate(lines):
        lines[number] = CHAPTER.sub(subpage, line)


def add_contents(page: Page, lines: list[str]) -> None:
    """Puts the table of contents into the empty line after the title."""
    title = next((h.line for h in page.headings() if h.level == 1), None)
    if title is not None and title < len(lines) and not lines[title].strip():
        lines[title] = "[TOC]"


def neighbours(name: str, chapters: list[str]) -> list[str]:
    """The links to the chapters before and after this one."""
    if name not in chapters:
        return []
    position = chapters.index(name)
    before = ["book", *chapters][position]
    after = [*chapters, None][position + 1]
    links = [f'<span class="before">@ref {before}</span>']
    links += [f'<span class="after">@ref {after}</span>'] if after else []
    return ["", f'<div class="neighbours">{"".join(links)}</div>']


if __name__ == "__main__":
    file = Path(sys.argv[1])
    book = Path(__file__).resolve().parents[1]
    names = [Path(chapter).stem for chapter in order(book / "README.md")]
    sys.stdout.write(filtered(read_page(file, Path(file.resolve().anchor)), names))
