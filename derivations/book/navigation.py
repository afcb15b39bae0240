"""Takes the sections of pages out of the site's navigation tree: each page lists its own beside it.

Doxygen writes the tree into navtreedata.js and one file for each large branch, and the way to every
address, as a list of positions, into navtreeindex….js.
"""

import json
import re
from pathlib import Path
from typing import Any

# [name, address, children]; the children of a large branch are the name of their file
Node = list[Any]

SECTION = re.compile(r"(?P<page>\w+)\.html#((?P=page)|mainpage)-")
VALUE = re.compile(r"(?P<before>var \w+ =\n)(?P<value>.*?)(?P<after>;\n|;?\Z)", re.DOTALL)


def is_section(node: Node) -> bool:
    """Does a node lead into a page of the book, and not to its beginning?"""
    return bool(node[1]) and SECTION.match(node[1]) is not None


def read(file: Path) -> Any:
    """The first value that a file assigns."""
    return json.loads(VALUE.search(file.read_text(encoding="utf-8"))["value"])


def write(file: Path, value: Any) -> None:
    """Writes a file with another first value."""
    text = file.read_text(encoding="utf-8")
    match = VALUE.search(text)
    words = json.dumps(value, ensure_ascii=False)
    file.write_text(text[: match.start("value")] + words + text[match.end("value") :], encoding="utf-8")


def children(site: Path, node: Node) -> list[Node]:
    """The nodes below a node."""
    if isinstance(node[2], str):
        return read(site / f"{node[2]}.js")
    return node[2] or []


def without_sections(nodes: list[Node]) -> list[Node]:
    """The nodes that are no sections, at every depth."""
    return [
        [name, url, (without_sections(below) or None) if isinstance(below, list) else below]
        for name, url, below in nodes
        if not is_section([name, url, below])
    ]


def way_without_sections(site: Path, root: Node, way: list[int]) -> list[int]:
    """The positions that lead to the same node, or to the page of a section."""
    result, node = [], root
    for position in way:
        nodes = children(site, node)
        node = nodes[position]
        if is_section(node):
            break
        result.append(sum(not is_section(before) for before in nodes[:position]))
    return result


def remove_sections(site: Path) -> None:
    """Rewrites the navigation of a site."""
    tree = read(site / "navtreedata.js")
    for index in site.glob("navtreeindex*.js"):
        ways = read(index)
        write(index, {url: way_without_sections(site, tree[0], way) for url, way in ways.items()})
    branches = [file for file in site.glob("*.js") if has_branch(file)]
    for file in branches:
        write(file, without_sections(read(file)))
    write(site / "navtreedata.js", without_sections(tree))


def lead_to_the_book(site: Path) -> None:
    """Lets the menu of narrow screens lead to the book's first page.

    Doxygen's own list of pages names only those that are part of no other, and there are none.
    """
    menu = site / "menudata.js"
    text = menu.read_text(encoding="utf-8")
    menu.write_text(text.replace('url:"pages.html"', 'url:"book.html"'), encoding="utf-8")
    (site / "pages.html").unlink()


def has_branch(file: Path) -> bool:
    """Does a file hold the children of a node?"""
    return file.read_text(encoding="utf-8").startswith(f"var {file.stem} =\n")
