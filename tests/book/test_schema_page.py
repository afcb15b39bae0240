"""The page of the JSON format, made of its schema."""

import json
import unittest
from pathlib import Path

from support import PageTest

from schema_page import page

SCHEMA = Path(__file__).parents[2] / "src" / "check" / "report.schema.json"


class SchemaPage(PageTest):
    def setUp(self) -> None:
        super().setUp()
        self.schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        self.page = page(self.schema, '{"version": 1}')

    def test_every_field_of_the_schema_is_on_the_page(self) -> None:
        for each in [self.schema, *self.schema["$defs"].values()]:
            for name in each.get("properties", {}):
                self.assertIn(f"| `{name}` |", self.page)

    def test_what_a_field_holds(self) -> None:
        for row in ["| `version` | the number 1 |", "| `checks` | list of [check](#check) |",
                    "| `passed` | true or false |", "| `shape` | list of whole number |",
                    "| `worst` | [entry](#entry) or null |", "| `error` | number or null |",
                    "| `kinks` | [kinks](#kinks) | The outputs that stand on a kink",
                    '| `verdict` | one of `"verified"`, `"wrong"`, `"undecided"` |']:
            self.assertIn(row, self.page)

    def test_links_lead_to_headings(self) -> None:
        for name in ["Check", "Finding", "Kinks", "Coverage", "Tensor", "Mistake", "Entry"]:
            self.assertIn(f"\n## {name}\n", self.page)

    def test_example(self) -> None:
        self.assertTrue(self.page.endswith('```json\n{"version": 1}\n```\n'))


if __name__ == "__main__":
    unittest.main()
