"""Turns a page of the book, as GitHub reads it, into what Doxygen reads; prints it line by line.

Every line stays on its line, so that Doxygen's warnings point into the page: formulas become
\\f$ … \\f$ and \\f[ … \\f], headings get the anchors that GitHub gives them, links between pages
become references, and fences keep nothing but their language.
"""

import re
import sys
from pathlib import Path

from maths import mask, unmask
from page import HEADING, Block, Page, read_page

LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
PAGE = re.compile(r"^(?:\.\./derivations/)?(?P<page>[A-Za-z0-9_]+)\.md(?:#(?P<slug>.+))?$")
LANGUAGES = {"cpp": ".cpp", "python": ".py"}  # the others are set without colours


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    letters = re.sub(r"[^\w\- ]", "", heading.lower())
    return letters.replace(" ", "-")


def label(page: str, anchor: str = "") -> str:
    """The name of a page, or of an anchor in it, which in Doxygen no other page may have."""
    name = "book" if page == "README" else page
    return f"{name}-{anchor}" if anchor else name


def filtered(page: Page, contents: bool = True) -> str:
    """The page for Doxygen, with as many lines as it had."""
    lines = list(page.lines)
    display = False
    for number, line in page.prose():
        if line.strip() == "$$":
            lines[number - 1] = r"\f]" if display else r"\f["
            display = not display
        elif not display:
            lines[number - 1] = prose(page, line)
    for block in page.blocks:
        fence(lines, block)
    if contents:
        add_contents(page, lines)
    return "\n".join(lines) + "\n"


def prose(page: Page, line: str) -> str:
    """A line of text: a heading with its anchor, or formulas and links."""
    heading = HEADING.match(line)
    if heading:
        title = len(heading[1]) == 1
        anchor = label(page.name, "" if title else slug(heading[2]))
        return f"{heading[1]} {heading[2]} {{#{anchor}}}"
    masked, kept = mask(line)
    return unmask(LINK.sub(lambda match: link(page, match), masked), [written(*k) for k in kept])


def written(kind: str, says: str) -> str:
    """Code, a formula or a dollar, as Doxygen reads it."""
    return {"code": says, "maths": rf"\f${says}\f$", "escaped": "$"}[kind]


def link(page: Page, match: re.Match[str]) -> str:
    """A link or picture of the page, as Doxygen finds its target."""
    text, target = match["text"], match["target"]
    if match["image"]:
        return f'<img class="picture" src="{target}" alt="{text}"/>'
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


def add_contents(page: Page, lines: list[str]) -> None:
    """Puts the table of contents into the empty line after the title."""
    title = next((h.line for h in page.headings() if h.level == 1), None)
    if title is not None and title < len(lines) and not lines[title].strip():
        lines[title] = "[TOC]"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    sys.stdout.write(filtered(read_page(file, file.resolve().parents[1])))
