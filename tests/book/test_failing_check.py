"""The page of a failing check, and the terminal on it."""

import json
import unittest

from support import PageTest

from failing_check import example, page, region
from terminal import to_html

SOURCE = "x\n    //! [layer]\n    struct Mine {\n    };\n    //! [layer]\n//! [check]\ncheck(mine, z);\n//! [check]\n"
ENTRY = {"index": [0], "analytic": 1, "numeric": 2, "error": 1, "bound": 0, "verdict": "wrong"}
TENSOR = {"name": "dz", "mistakes": [{"name": "wrong sign"}], "failing": [ENTRY, ENTRY]}
RIGHT = {"name": "dbias", "mistakes": [], "failing": []}


class FailingCheck(PageTest):
    def results(self, *tensors) -> None:
        check = {"layer": "mine", "smallest_case": "Smallest case: z\nand more\n", "tensors": list(tensors)}
        self.write("failing_check.json", json.dumps({"version": 1, "checks": [check]}))
        self.write("failing_check.txt", "mine: \x1b[1m\x1b[31mWRONG\x1b[0m in a < b\n")

    def test_page(self) -> None:
        self.results(RIGHT, TENSOR)
        made = page(SOURCE, self.root)
        self.assertIn("```cpp\nstruct Mine {\n};\n```", made)
        self.assertIn("```cpp\ncheck(mine, z);\n```", made)
        self.assertIn('<span class="bold"><span class="red">WRONG</span></span> in a &lt; b', made)
        self.assertIn("all known mistakes, *wrong sign* gives", made)
        self.assertIn("Of 2 that are wrong", made)

    def test_example_is_short(self) -> None:
        self.results(RIGHT, TENSOR)
        check = json.loads(example(self.root))["checks"][0]
        self.assertEqual([{**TENSOR, "failing": [ENTRY]}], check["tensors"])
        self.assertEqual("Smallest case: z\n…", check["smallest_case"])

    def test_a_check_that_names_no_mistake_is_an_error(self) -> None:
        self.results(RIGHT)
        with self.assertRaisesRegex(ValueError, "no mistake is named"):
            page(SOURCE, self.root)

    def test_marks_that_are_missing(self) -> None:
        with self.assertRaisesRegex(ValueError, r"the lines //! \[other\] must be two, there are 0"):
            region(SOURCE, "other")


class Terminal(unittest.TestCase):
    def test_colours_end_where_they_end(self) -> None:
        self.assertEqual('a<span class="green">b</span>c<span class="faint">d</span>',
                         to_html("a\x1b[32mb\x1b[0mc\x1b[2md"))

    def test_a_colour_that_the_site_does_not_have(self) -> None:
        with self.assertRaisesRegex(ValueError, "escape sequence is 35, it must be one of 0, 1"):
            to_html("\x1b[35ma")


if __name__ == "__main__":
    unittest.main()
