"""The data of the figures, and that gnuplot draws them the same every time."""

import math
import shutil
import struct
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from support import setting, study

import figures
import network
import plotting
import portrait
import search_figures
import study_figures
from errors import ReportError
from results import Attempt, Boundary, Layer, Rung, Smallest, Summary, Weights

RESULTS = SimpleNamespace(epochs=100, target_loss=0.05)


class Data(unittest.TestCase):
    def test_missing_numbers(self):
        self.assertEqual(plotting.block("a", [[1, None, 0.25], ["x", 2, 3]]),
                         "$a << END\n1 NaN 0.25\nx 2 3\nEND\n")

    def test_an_interval_without_end_leaves_the_picture(self):
        self.assertEqual(float(plotting.value(math.inf)), plotting.BEYOND)

    def test_quotes_in_labels(self):
        self.assertEqual(plotting.string("it's"), "'it''s'")

    def test_a_loss_axis_holds_all_numbers(self):
        axis = plotting.loss_axis([0.002, None, 0.3, 0, math.inf])
        low, high = map(float, axis.split("yrange [")[1].split("]")[0].split(":"))
        self.assertTrue(low < 0.002 and 0.3 < high < 1)
        self.assertIn("'0.01' 0.01", axis)
        self.assertIn("set yrange", plotting.loss_axis([None]))

    def test_runs_spread_over_their_column(self):
        self.assertEqual([plotting.offset(i, 3) for i in range(3)], [-0.25, 0, 0.25])
        self.assertEqual(plotting.offset(0, 1), 0)

    def test_runs_that_never_arrive_stand_above_the_last_epoch(self):
        script = study_figures.comparison(study(setting("a", 0.1, epochs=[40, None])), RESULTS).script
        rows = script.split("$runs << END\n")[1].split("\nEND")[0].splitlines()
        self.assertEqual([row.split()[2:4] for row in rows], [["40", "NaN"], ["NaN", "113"]])

    def test_every_setting_has_a_panel(self):
        script = study_figures.curves(study(setting("a", 0.1), setting("b", None)), RESULTS).script
        self.assertIn("set label 1 'b'", script)
        self.assertIn("'diverged'", script)

    def test_rows_come_from_the_top(self):
        script = plotting.field(setting("a", 0.1).boundary)
        self.assertIn("$values << END\n-1 1\n1 -1\nEND", script)
        self.assertIn("(6 - ($2 + 0.5) * 6.0)", script)

    def test_a_picture_is_binary_from_the_bottom_up(self):
        pictures = plotting.Pictures("a")
        self.assertIn("skip=0", pictures.add([[1, None], [3, 4]], 0, 0, 10))
        self.assertIn("skip=16", pictures.add([[5]], 0, 0, 10))
        numbers = struct.unpack("<5f", pictures.data())
        self.assertEqual((*numbers[:3], numbers[4]), (3, 4, 1, 5))
        self.assertTrue(math.isnan(numbers[3]))

    def test_boundaries_at_several_epochs(self):
        one, gone = setting("a", 0.1), setting("b", None)
        one.boundaries = [Boundary("s", 1, 6.0, [[0.5]], epoch) for epoch in (10, 400)]
        gone.boundaries = [Boundary("s", 1, 6.0, [[None]], epoch) for epoch in (10, 400)]
        film = study_figures.film(study(one, gone))
        self.assertEqual(film.script.count("with image"), 2)
        self.assertEqual(film.script.count("'diverged'"), 2)
        self.assertIn("set label '400'", film.script)

    def test_what_became_of_the_runs(self):
        some = study(setting("a", 0.1, epochs=[1, 2, None, None], diverged=1),
                     setting("b", 0.1, epochs=[1] * 4, dead=3))
        script = study_figures.comparison(some, RESULTS).script
        rows = script.split("$medians << END\n")[1].split("\nEND")[0].splitlines()
        self.assertEqual([row.split()[5:] for row in rows],
                         [["50", "45", "50", "25"], ["100", "90", "100", "0"]])
        self.assertIn("1 diverged", script)
        # 3 of the network's 6 weights
        self.assertIn("Weights that L1 has set to 0", script)
        self.assertTrue(script.split("$runs << END\n")[1].split("\nEND")[0].endswith(" 50"))
        alive = study(setting("a", 0.1, epochs=[1, 2]))
        self.assertNotIn("L1", study_figures.comparison(alive, RESULTS).script)


class Network(unittest.TestCase):
    weights = Weights(["x", "y"], [Layer([[1.0, -2.0], [0.0, 0.5]], [0.25, -0.5]),
                                   Layer([[1.0, -1.0]], [0.0])])

    def shown(self):
        one = setting("a", 0.1)
        one.weights = self.weights
        return portrait.network("best", one)

    def test_the_answer_by_hand(self):
        hidden = math.tanh(0.25 + 0.3 - 0.4), math.tanh(-0.5 + 0.1)
        self.assertAlmostEqual(network.answer_of(self.weights, "tanh")(0.3, 0.2),
                               math.tanh(hidden[0] - hidden[1]))
        # The output is a tanh whatever the hidden layers are
        self.assertAlmostEqual(network.answer_of(self.weights, "relu")(0.3, 0.2),
                               math.tanh(0.15 - 0.0))

    def test_every_weight_is_a_line_but_a_dead_one(self):
        lines = [line for line in self.shown().script.splitlines() if line.startswith("set arrow")]
        self.assertEqual(len(lines), 5 + 4)  # four more in the legend

    def test_the_sign_is_a_dash_and_the_size_a_width(self):
        self.assertIn("linewidth 6 dashtype solid", portrait.stroke(2.0, 2.0))
        self.assertIn("linewidth 3 dashtype (", portrait.stroke(-1.0, 2.0))
        self.assertNotEqual(portrait.shade(True, 1), portrait.shade(True, 0.1))

    def test_every_neuron_has_a_picture(self):
        self.assertEqual(self.shown().script.count("with image"), 2 + 2 + 1)

    def test_weights_that_do_not_fit(self):
        configuration = {"x": True, "y": True, "networkShape": [2], "activation": "tanh"}
        fit = network.weights_fit
        self.assertIsNone(fit(self.weights, configuration))
        self.assertIn("the configuration says 2 and 3",
                      fit(self.weights, {**configuration, "networkShape": "2,2"}))
        self.assertIn("has a layer 0 that does not fit, its weight must be 3 rows of 2 numbers",
                      fit(self.weights, {**configuration, "networkShape": "3"}))
        self.assertIn("has an input z",
                      fit(Weights(["x", "z"], self.weights.layers), configuration))
        self.assertIn("activation swish", fit(self.weights, {**configuration,
                                                             "activation": "swish"}))
        endless = Weights(["x", "y"], [self.weights.layers[0], Layer([[1.0, None]], [0.0])])
        self.assertIn("not finite", fit(endless, configuration))


class Search(unittest.TestCase):
    def attempt(self, rate, shape, loss, stage=0, **changes):
        return Attempt("a", "https://example.org/#",
                       {"learningRate": rate, "networkShape": shape, "activation": "tanh",
                        "batchSize": 10, "x": True, **changes}, stage, loss, 0.0, 1, [0, 100],
                       [0.5, loss], setting("a").boundary)

    def results(self, *attempts):
        stages = [SimpleNamespace(name=name, seeds=1, epochs=100) for name in ("grid", "final")]
        return SimpleNamespace(attempts=list(attempts), stages=stages, target_loss=0.05)

    def test_choices(self):
        one = self.attempt(0.1, [8, 4], 0.2, sinX=True)
        chosen = [search_figures.choice(one, key) for key in search_figures.TITLES]
        self.assertEqual(chosen, [0.1, "tanh", 2, 12, 2, "–", "–", 10])

    def test_many_numbers_become_classes(self):
        attempts = [self.attempt(rate / 100, [8], 0.2) for rate in range(1, 101)]
        columns = search_figures.classes(attempts, "learningRate")
        self.assertEqual(len(columns), search_figures.CLASSES)
        self.assertEqual(sum(len(column) for _, column in columns), 100)
        self.assertEqual(columns[0][0], "0.01–0.2")

    def test_few_numbers_stand_in_order(self):
        attempts = [self.attempt(rate, [8], 0.2) for rate in (0.3, 0.03, 0.1, 0.03)]
        self.assertEqual([(name, len(column)) for name, column in
                          search_figures.classes(attempts, "learningRate")],
                         [("0.03", 2), ("0.1", 1), ("0.3", 1)])

    def test_a_rate_means_nothing_without_a_kind(self):
        attempts = [self.attempt(0.1, [8], 0.2, regularization="none", regularizationRate=0),
                    self.attempt(0.1, [8], 0.2, regularization="L1", regularizationRate=0.01)]
        self.assertEqual([name for name, _ in
                          search_figures.classes(attempts, "regularizationRate")], ["0.01"])

    def test_every_attempt_is_a_point_for_each_hyper_parameter_that_differs(self):
        script = search_figures.search_losses(self.results(
            self.attempt(0.1, [8], 0.2), self.attempt(0.3, [8, 8], 0.01, 1))).script
        for stage, loss in ((0, "0.2"), (1, "0.01")):
            rows = script.split(f"$line0stage{stage} << END\n")[1].split("\nEND")[0].splitlines()
            # Learning rate, layers, and neurons
            self.assertEqual([row.split()[1] for row in rows], [loss] * 3)

    def test_one_attempt_alone_differs_in_nothing(self):
        self.assertNotIn("stage", search_figures.search_losses(
            self.results(self.attempt(0.1, [8], 0.2))).script)

    def test_every_attempt_has_a_stamp_in_the_order_of_its_rank(self):
        attempts = [self.attempt(0.1, [8], loss) for loss in (0.3, None, 0.2)]
        attempts.append(self.attempt(0.1, [8, 8], 0.4, 1))
        pages = search_figures.sheets(self.results(*attempts))
        stamps = [stamp for page in pages for stamp in page.stamps]
        self.assertEqual([stamp.attempt.test_loss for stamp in stamps], [0.4, 0.2, 0.3, None])
        self.assertEqual([stamp.rank for stamp in stamps], [1, 2, 3, 4])
        self.assertIn("Last stage: final (1 attempt, 1 seed, 100 epochs)", pages[0].figure.script)
        self.assertIn("'diverged'", pages[0].figure.script)

    def test_sheets_hold_all_and_are_no_longer_than_a_page(self):
        attempts = [self.attempt(0.1, [8], 0.2, stage) for stage in [0] * 300 + [1] * 7]
        pages = search_figures.sheets(self.results(*attempts))
        self.assertEqual(sum(len(page.stamps) for page in pages), 307)
        self.assertLessEqual(pages[0].figure.height, search_figures.FIRST_SHEET_HEIGHT)
        for page in pages:
            self.assertLessEqual(page.figure.height, search_figures.SHEET_HEIGHT)
            for stamp in page.stamps:
                self.assertTrue(0 <= stamp.x <= plotting.TEXT_WIDTH - search_figures.CELL_WIDTH + 1)
                self.assertTrue(0 <= stamp.y <= page.figure.height - search_figures.CELL_HEIGHT)

    def test_a_curve_stays_beside_its_stamp(self):
        stamp = search_figures.Stamp(self.attempt(0.1, [8], 5.0), 1, 0.0, 0.0)
        *rows, end = search_figures.curve_lines(stamp)
        top = search_figures.CELL_HEIGHT
        self.assertEqual([row[1] <= top for row in rows], [True, True])
        self.assertEqual(end, [" "])

    def test_what_an_attempt_is_called(self):
        one = self.attempt(0.1, [8, 4], 0.2, sinX=True, regularization="L1",
                           regularizationRate=0.001)
        self.assertEqual(search_figures.network_said(one.configuration),
                         ["tanh 8,4; 0.1", "b10 L1 0.001; x sx"])

    def test_the_ladder_marks_the_smallest(self):
        rungs = [Rung(label, "#", n, n, 32, rate, (0, rate + 0.1), Summary(0.1, 0.1, 0.1, None))
                 for label, n, rate in (("a", 2, 0.0), ("b", 3, 0.6))]
        script = search_figures.ladder(Smallest(setting("b"), 3, 3, rungs)).script
        self.assertIn("$chosen << END\n1 60\nEND", script)
        self.assertIn("$chosen using 1:", script)


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Drawing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_twice_the_same(self):
        some = study(setting("it's", 0.1, (0.05, math.inf), [40, None]), setting("b", None))
        some.settings[1].boundary.values = [[None, None], [None, None]]
        drawn = [study_figures.comparison(some, RESULTS), study_figures.curves(some, RESULTS),
                 *(figures.tile(f"tile-{i}", s) for i, s in enumerate(some.settings))]
        versions = []
        for order in (drawn, drawn[::-1]):  # whatever is drawn before it in the same process
            plotting.plot(order, self.folder)
            versions.append([(self.folder / f"{f.name}.svg").read_bytes() for f in drawn])
        self.assertEqual(*versions)
        self.assertIn(b"it's", versions[0][1].replace(b"&#39;", b"'").replace(b"&apos;", b"'"))
        self.assertIn(b"diverged", versions[0][3])

    def test_everything_diverged(self):
        gone = study(setting("a", None, diverged=8), setting("b", None, diverged=8))
        for one in gone.settings:
            one.boundary.values = [[None, None], [None, None]]
        attempt = Attempt("a", "#", {"activation": "tanh", "learningRate": 1, "batchSize": 1,
                                     "networkShape": []}, 0, None, 0.0, 1, [0, 1], [0.5, None],
                          gone.settings[0].boundary)
        results = SimpleNamespace(attempts=[attempt, attempt], target_loss=0.05, stages=[
            SimpleNamespace(name="grid", seeds=1, epochs=1)])
        rung = Rung("a", "#", 1, 1, 32, 0.0, (0.0, 0.1), Summary(None, None, None,
                                                                (math.inf, math.inf)))
        drawn = [study_figures.comparison(gone, RESULTS), study_figures.curves(gone, RESULTS),
                 study_figures.film(gone), search_figures.search_losses(results),
                 search_figures.ladder(Smallest(setting("a"), 1, 1, [rung])),
                 portrait.curve("gone", gone.settings[0], 0.05),
                 *(sheet.figure for sheet in search_figures.sheets(results))]
        plotting.draw(drawn, self.folder)
        for figure in drawn:
            self.assertIn(b"</svg>", (self.folder / f"{figure.name}.svg").read_bytes())

    def test_a_network_is_drawn_twice_the_same(self):
        one = setting("a", 0.1)
        one.weights = Network.weights
        one.train_points, one.test_points = [[1, 2, 1], [-1, 2, -1]], [[2, 1, 1]]  # none is −1
        drawn = [portrait.network("best", one), portrait.boundary("best", one)]
        versions = []
        for _ in range(2):
            plotting.draw(drawn, self.folder)
            versions.append([(self.folder / f"{figure.name}.svg").read_bytes()
                             for figure in drawn])
        self.assertEqual(*versions)
        self.assertEqual([svg.count(b"<image") for svg in versions[0]], [5, 1])

    def test_a_failure_names_the_figure(self):
        fine = [plotting.Figure(name, 100, 100, "plot x") for name in ("one", "two")]
        broken = plotting.Figure("broken", 100, 100, "plot nothing")
        with self.assertRaisesRegex(ReportError, "gnuplot fails on broken: .*nothing"):
            plotting.plot([fine[0], broken, fine[1]], self.folder)
        odd = plotting.Figure("odd", 100, 100, "plot 0")  # a warning is enough
        with self.assertRaisesRegex(ReportError, "gnuplot fails on odd: .*empty y range"):
            plotting.draw([odd, *fine], self.folder)


if __name__ == "__main__":
    unittest.main()
