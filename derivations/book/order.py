"""Prints the pages of the book in the order in which derivations/README.md links to them."""

import re
import sys
from pathlib import Path

LINK = re.compile(r"\]\(([a-z0-9_]+\.md)(?:#[^)]*)?\)")


def order(readme: Path) -> list[str]:
    """The file names of the chapters, each once."""
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    listed = list(dict.fromkeys(LINK.findall(text)))
    there = sorted(file.name for file in readme.parent.glob("*.md") if file != readme)
    return [name for name in listed if name in there] + [n for n in there if n not in listed]


if __name__ == "__main__":
    print("\n".join(order(Path(sys.argv[1]))))
