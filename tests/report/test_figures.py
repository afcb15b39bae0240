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
from results import Attempt

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


class Search(unittest.TestCase):
    def attempt(self, rate, shape, loss, stage=0, **inputs):
        return Attempt("a", "https://example.org/#",
                       {"learningRate": rate, "networkShape": shape, "activation": "tanh",
                        "x": True, **inputs}, stage, loss, setting("a").boundary)

    def results(self, *attempts):
        stages = [SimpleNamespace(name=name) for name in ("grid", "final")]
        return SimpleNamespace(attempts=list(attempts), stages=stages, target_loss=0.05)

    def test_choices_as_an_axis_says_them(self):
        one = self.attempt(0.1, [8, 4], 0.2, sinX=True, ySquared=True)
        self.assertEqual([figures.choice(one, key) for key in (*figures.ROWS, *figures.COLUMNS)],
                         ["0.1", "8,4", "tanh", "x, y², sin x"])
        every = self.attempt(0.1, [8], 0.2, **{key: True for key in figures.INPUTS})
        self.assertEqual(figures.choice(every, "inputs"), "all seven")

    def test_room_between_groups(self):
        combinations = [("a", 1), ("a", 2), ("b", 1), ("c", 1)]
        self.assertEqual(figures.starts(combinations), [0, 2, 3])
        self.assertEqual(figures.places(combinations, 10, 3), [0, 10, 23, 36])

    def test_every_attempt_has_a_stamp_and_a_loss(self):
        script = figures.search(self.results(
            self.attempt(0.1, [8], 0.2), self.attempt(0.3, [8], 0.0123, 1),
            self.attempt(0.3, [4], None, sinX=True))).script
        self.assertEqual(script.count("with image"), 3)
        for loss in ("'0.2'", "'0.012'", "'diverged'"):
            self.assertEqual(script.count(loss), 1)
        # The last stage's attempt alone has frames, two of them
        self.assertEqual(script.count("set object rectangle"), 2)

    def test_every_attempt_is_a_point_for_each_hyper_parameter(self):
        script = figures.search_losses(self.results(
            self.attempt(0.1, [8], 0.2), self.attempt(0.3, [8], 0.01, 1))).script
        for stage, loss in ((0, "0.2"), (1, "0.01")):
            rows = script.split(f"$stage{stage} << END\n")[1].split("\nEND")[0].splitlines()
            self.assertEqual([row.split()[1] for row in rows], [loss] * 4)


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
