"""The data of the figures, and that gnuplot draws them the same every time."""

import math
import shutil
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from support import setting, study

import figures
from errors import ReportError

RESULTS = SimpleNamespace(epochs=100, target_loss=0.05)


class Data(unittest.TestCase):
    def test_missing_numbers(self):
        self.assertEqual(figures.block("a", [[1, None, 0.25], ["x", 2, 3]]),
                         "$a << END\n1 NaN 0.25\nx 2 3\nEND\n")

    def test_an_interval_without_end_leaves_the_picture(self):
        self.assertEqual(float(figures.value(math.inf)), figures.BEYOND)

    def test_quotes_in_labels(self):
        self.assertEqual(figures.string("it's"), "'it''s'")

    def test_a_loss_axis_holds_all_numbers(self):
        axis = figures.loss_axis([0.002, None, 0.3, 0, math.inf])
        low, high = map(float, axis.split("yrange [")[1].split("]")[0].split(":"))
        self.assertTrue(low < 0.002 and 0.3 < high < 1)
        self.assertIn("'0.01' 0.01", axis)
        self.assertIn("set yrange", figures.loss_axis([None]))

    def test_runs_spread_over_their_column(self):
        self.assertEqual([figures.offset(i, 3) for i in range(3)], [-0.25, 0, 0.25])
        self.assertEqual(figures.offset(0, 1), 0)

    def test_runs_that_never_arrive_stand_above_the_last_epoch(self):
        script = figures.comparison(study(setting("a", 0.1, epochs=[40, None])), RESULTS).script
        rows = script.split("$runs << END\n")[1].split("\nEND")[0].splitlines()
        self.assertEqual([row.split()[2:] for row in rows], [["40", "NaN"], ["NaN", "113"]])

    def test_every_setting_has_a_panel(self):
        script = figures.curves(study(setting("a", 0.1), setting("b", None)), RESULTS).script
        self.assertIn("set label 1 'b'", script)
        self.assertIn("'diverged'", script)

    def test_rows_come_from_the_top(self):
        script = figures.field(setting("a", 0.1).boundary)
        self.assertIn("$values << END\n-1 1\n1 -1\nEND", script)
        self.assertIn("(6 - ($2 + 0.5) * 6.0)", script)


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Drawing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_twice_the_same(self):
        some = study(setting("it's", 0.1, (0.05, math.inf), [40, None]), setting("b", None))
        some.settings[1].boundary.values = [[None, None], [None, None]]
        drawn = [figures.comparison(some, RESULTS), figures.curves(some, RESULTS),
                 *(figures.tile(f"tile-{i}", s) for i, s in enumerate(some.settings))]
        versions = []
        for _ in range(2):
            figures.draw(drawn, self.folder)
            versions.append([(self.folder / f"{f.name}.svg").read_bytes() for f in drawn])
        self.assertEqual(*versions)
        self.assertIn(b"it's", versions[0][1].replace(b"&#39;", b"'").replace(b"&apos;", b"'"))
        self.assertIn(b"diverged", versions[0][3])

    def test_a_failure_names_the_figure(self):
        broken = figures.Figure("broken", 100, 100, "plot nothing")
        with self.assertRaisesRegex(ReportError, "gnuplot fails on broken: .*nothing"):
            figures.draw([broken], self.folder)


if __name__ == "__main__":
    unittest.main()
