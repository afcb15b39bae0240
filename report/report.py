#!/usr/bin/env python3
"""Writes the report as handgrad.pdf and handgrad.html from the results of a sweep, the verdicts of
the gradient check, and the pages of the book."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import key_figures
import typeset
from characters import expect_typesettable
from checks import read_checks
from blocks import links
from document import document
from errors import ReportError
from figures import all_figures
from pages import read_book
from plotting import draw
from results_reader import read_file, results_of
from search_figures import sheets
from sources import Sources

NAME = "handgrad"


def main() -> int:
    arguments = parse(sys.argv[1:])
    try:
        work = working_folder(arguments.out)
        try:
            for line in write(arguments, work):
                print(f"report: {line}", file=sys.stderr)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except ReportError as error:
        print(f"report: {str(error).rstrip('.')}.", file=sys.stderr)
        return 2
    return 0


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, required=True, help="of handgrad sweep --out")
    parser.add_argument("--checks", type=Path, required=True, help="of handgrad check --json")
    parser.add_argument("--book", type=Path, required=True, help="the folder of its pages")
    parser.add_argument("--out", type=Path, required=True, help="where both files go")
    parser.add_argument("--findings", type=Path,
                        help="the folder whose findings.md and findings.json are kept up to date")
    parser.add_argument("--version", default="", help="of the project, as the report names it")
    return parser.parse_args(words)


def working_folder(out: Path) -> Path:
    """A folder beside the results, so that moving them into place takes no copying."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".report-", dir=out.resolve()))
    except OSError as error:
        raise ReportError(f"{out}: cannot be written to ({error.strerror})")


def write(arguments: argparse.Namespace, work: Path) -> list[str]:
    """Writes both files and returns what a person should look at."""
    # Read everything before anything is drawn
    root = read_file(arguments.results)
    results = results_of(root)
    checks = read_checks(arguments.checks)
    book = read_book(arguments.book)
    for page in book.pages:
        expect_typesettable("\n".join(page.lines), page.path)
    pages = sheets(results)
    sources = Sources(results, checks, book, pages, work, arguments.version, typeset.tools())

    # Write the text, and draw the figures while pandoc turns it into LaTeX
    markdown = work / f"{NAME}.md"
    text = document(sources)
    expect_typesettable(text, markdown.name)
    markdown.write_text(text, encoding="utf-8")
    for page in pages:
        (work / f"{page.figure.name}.links").write_text(links(page), encoding="utf-8")
    tex, pdf, html = (work / f"{NAME}.{ending}" for ending in ("tex", "pdf", "html"))
    with ThreadPoolExecutor() as pool:
        latex = pool.submit(typeset.write_tex, markdown, tex)
        draw(all_figures(results, pages), work)
        latex.result()

        # Typeset both forms at once
        web = pool.submit(typeset.write_html, markdown, html)
        too_wide = typeset.write_pdf(markdown, tex, pdf)
        web.result()
    stale = kept_up_to_date(arguments.findings, root.value) if arguments.findings else []
    for file in (pdf, html):
        os.utime(file)  # newer than the key figures, which a build takes them to depend on
        os.replace(file, arguments.out / file.name)
    return too_wide + stale


def kept_up_to_date(folder: Path, results: dict) -> list[str]:
    """Writes the key figures where they are not those of the results; a warning for each file."""
    stale = key_figures.differences(folder, key_figures.reduced(results))
    for path, content in stale.items():
        key_figures.replace(path, content)
    return [f"warning: {path} was not what the results say; it is written anew, to be looked at "
            "and committed" for path in stale]


if __name__ == "__main__":
    sys.exit(main())
