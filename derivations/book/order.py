"""Prints the pages of the book in the order in which derivations/README.md links to them."""

import re
import sys
from pathlib import Path

LINK = re.compile(r"\]\(([a-z0-9_]+\.md)(?:#[^)]*)?\)")


class BookError(Exception):
    """One sentence about a page that has no place in the book, or a place without a page."""


def order(readme: Path) -> list[str]:
    """The file names of the chapters, each once."""
    linked = list(dict.fromkeys(LINK.findall(readme.read_text(encoding="utf-8"))))
    there = {file.name for file in readme.parent.glob("*.md") if file.name != readme.name}
    for name in linked:
        if name not in there:
            raise BookError(f"{readme} names {name}, and there is no such page.")
    for name in sorted(there):
        if name not in linked:
            raise BookError(f"{readme} does not link to {name}, so it has no place in the book.")
    return linked


if __name__ == "__main__":
    try:
        print(*order(Path(sys.argv[1])), sep="\n")
    except (BookError, OSError) as error:
        sys.exit(str(error))
