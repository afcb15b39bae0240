"""The formulas of pages: a program that prints other ones is noticed, --fix writes them."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = """# Page

<!-- formulas: conv2d dz -->

$$
dz = dy
$$

<!-- end of formulas -->

The end.
"""


class Formulas(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.page = Path(folder.name) / "page.md"
        self.program = Path(folder.name) / "formulas"
        self.layer_computes("dz = dy")

    def layer_computes(self, formula: str) -> None:
        """Makes a program that prints a formula for conv2d dz, and refuses everything else."""
        self.program.write_text(
            f'#!/bin/sh\n[ "$1 $2" = "conv2d dz" ] || {{ echo "formulas: no such" >&2; exit 2; }}\n'
            f"printf '%s\\n' '$$' '{formula}' '$$'\n",
            encoding="utf-8",
        )
        self.program.chmod(0o755)

    def run_on(self, text: str, *options: str) -> subprocess.CompletedProcess:
        self.page.write_text(text, encoding="utf-8")
        script = ROOT / "derivations" / "book" / "formulas.py"
        return subprocess.run(
            [sys.executable, script, *options, self.program, self.page],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )

    def test_the_same(self) -> None:
        run = self.run_on(PAGE)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_another_formula(self) -> None:
        self.layer_computes("dz = 2 dy")
        run = self.run_on(PAGE)
        self.assertEqual(run.returncode, 1)
        self.assertIn("page.md:3: this is not the dz that conv2d computes", run.stderr)
        self.assertIn("-dz = dy\n+dz = 2 dy\n", run.stderr)
        self.assertEqual(self.page.read_text(encoding="utf-8"), PAGE)

    def test_fix(self) -> None:
        self.layer_computes("dz = 2 dy")
        self.assertEqual(self.run_on(PAGE, "--fix").returncode, 0)
        fixed = self.page.read_text(encoding="utf-8")
        self.assertEqual(fixed, PAGE.replace("dz = dy", "dz = 2 dy"))

    def test_no_end(self) -> None:
        run = self.run_on(PAGE.replace("<!-- end of formulas -->\n", ""))
        self.assertEqual(run.returncode, 1)
        self.assertIn("page.md:3: these formulas never end", run.stderr)

    def test_unknown_formulas(self) -> None:
        run = self.run_on(PAGE.replace("conv2d dz", "conv3d dz"))
        self.assertEqual((run.returncode, run.stderr), (1, "formulas: no such\n"))

    def test_nothing_to_compare(self) -> None:
        run = self.run_on("# Page\n")
        self.assertEqual((run.returncode, run.stderr), (1, "No page has formulas to compare.\n"))


if __name__ == "__main__":
    unittest.main()
