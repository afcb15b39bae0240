"""Everything that a report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checks import Check
from pages import Book
from results import Results
from search_figures import Sheet


@dataclass
class Sources:
    results: Results
    checks: list[Check]
    book: Book
    sheets: list[Sheet]  # all attempts of the search
    figures: Path  # the folder of the drawn figures
    version: str  # of this project
    tools: str  # that write the report, with their versions
