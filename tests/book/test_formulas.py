"""The formulas of pages: a program that prints other ones is noticed, --fix writes them."""

import unittest

from support import PageTest, called

from formulas import main

PAGE = """# Page

<!-- formulas: conv2d dz -->

$$
dz = dy
$$

<!-- end of formulas -->

The end.
"""


class Formulas(PageTest):
    def setUp(self) -> None:
        super().setUp()
        self.page = self.root / "page.md"
        self.program = self.root / "formulas"
        self.layer_computes("dz = dy")

    def layer_computes(self, formula: str) -> None:
        """Makes a program that prints a formula for conv2d dz, and refuses everything else."""
        self.program.write_text(
            f'#!/bin/sh\n[ "$1 $2" = "conv2d dz" ] || {{ echo "formulas: no such" >&2; exit 2; }}\n'
            f"printf '%s\\n' '$$' '{formula}' '$$'\n",
            encoding="utf-8",
        )
        self.program.chmod(0o755)

    def run_on(self, text: str, *options: str) -> tuple[int, str]:
        self.page.write_text(text, encoding="utf-8")
        return called(main, *options, self.program, self.page)

    def test_the_same(self) -> None:
        self.assertEqual(self.run_on(PAGE), (0, ""))

    def test_another_formula(self) -> None:
        self.layer_computes("dz = 2 dy")
        code, errors = self.run_on(PAGE)
        self.assertEqual(code, 1)
        self.assertIn("page.md:3: this is not the dz that conv2d computes", errors)
        self.assertIn("-dz = dy\n+dz = 2 dy\n", errors)
        self.assertEqual(self.page.read_text(encoding="utf-8"), PAGE)

    def test_fix(self) -> None:
        self.layer_computes("dz = 2 dy")
        self.assertEqual(self.run_on(PAGE, "--fix"), (0, ""))
        fixed = self.page.read_text(encoding="utf-8")
        self.assertEqual(fixed, PAGE.replace("dz = dy", "dz = 2 dy"))

    def test_no_end(self) -> None:
        code, errors = self.run_on(PAGE.replace("<!-- end of formulas -->\n", ""))
        self.assertEqual(code, 1)
        self.assertIn("page.md:3: these formulas never end", errors)

    def test_unknown_formulas(self) -> None:
        self.assertEqual(self.run_on(PAGE.replace("conv2d dz", "conv3d dz")),
                         (1, "formulas: no such\n"))

    def test_nothing_to_compare(self) -> None:
        self.assertEqual(self.run_on("# Page\n"), (1, "No page has formulas to compare.\n"))


if __name__ == "__main__":
    unittest.main()
