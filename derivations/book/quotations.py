"""Checks that every quotation in a page is what the quoted file says.

    ```cpp from="src/layers/conv2d.hpp:backward"

must equal the lines between the two `//! [backward]` lines of that file, without their common
indentation. --fix writes the file's lines into the page.
"""

import argparse
import difflib
import sys
import textwrap
from pathlib import Path

from page import Block, Page, PageError, read_page


def region(page: Page, block: Block, root: Path) -> list[str]:
    """The lines that a block quotes."""
    file, _, name = block.attributes["from"].rpartition(":")
    if not file or not name:
        raise PageError(
            page.path,
            block.line,
            f'from="{block.attributes["from"]}" is not "file:region", such as '
            '"src/layers/conv2d.hpp:backward".',
        )
    if not (root / file).is_file():
        raise PageError(page.path, block.line, f"there is no file {file} to quote from.")
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    marks = [i for i, line in enumerate(lines) if line.strip() == f"//! [{name}]"]
    if len(marks) != 2:
        raise PageError(
            page.path,
            block.line,
            f"the lines //! [{name}] in {file} must be two, one above the region and one below; "
            f"there are {len(marks)}.",
        )
    return textwrap.dedent("\n".join(lines[marks[0] + 1 : marks[1]])).strip("\n").split("\n")


def quotations(page: Page) -> list[Block]:
    """The blocks that quote a file."""
    return [block for block in page.blocks if "from" in block.attributes]


def differences(page: Page, root: Path) -> list[str]:
    """One message for each quotation that is not what the file says, with a diff."""
    messages = []
    for block in quotations(page):
        expected = region(page, block, root)
        if block.code != expected:
            diff = difflib.unified_diff(
                block.code, expected, f"{page.path}:{block.line}", block.attributes["from"], lineterm=""
            )
            messages.append(
                f'{page.path}:{block.line}: this is not what {block.attributes["from"]} says; '
                "derivations/book/quotations.py --fix rewrites the page.\n" + "\n".join(diff)
            )
    return messages


def fixed(page: Page, root: Path) -> str:
    """The text of the page with every quotation brought up to date."""
    lines = list(page.lines)
    for block in reversed(quotations(page)):
        margin = " " * block.indent
        lines[block.line : block.last_line - 1] = [
            (margin + line).rstrip() for line in region(page, block, root)
        ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks the quotations in pages of the book.")
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--fix", action="store_true", help="rewrite what is out of date")
    arguments = parser.parse_args()
    messages = []
    for file in arguments.pages:
        try:
            page = read_page(file, arguments.root)
            found = differences(page, arguments.root)
            if found and arguments.fix:
                file.write_text(fixed(page, arguments.root), encoding="utf-8")
                print(f"{page.path}: {len(found)} quotations brought up to date.")
            else:
                messages += found
        except PageError as error:
            messages.append(str(error))
    print(*messages, sep="\n\n", end="\n" if messages else "", file=sys.stderr)
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
