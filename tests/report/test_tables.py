"""Tables and numbers as the report shows them."""

import math
import unittest

from support import setting

import tables
import wording
from results import Rung, Summary
from checks import Check, TensorVerdict, Worst


class Numbers(unittest.TestCase):
    def test_significant_digits(self):
        for value, shown in ((0.012345, "0.0123"), (0.5, "0.500"), (12.3456, "12.3"),
                             (0.09996, "0.100"), (1234.0, "1234"), (0, "0"), (None, "–"),
                             (math.inf, "–"), (1.5e-7, "$1.50 \\times 10^{-7}$"),
                             (9.9999e-5, "0.000100"),
                             (5e-324, "$4.94 \\times 10^{-324}$")):
            self.assertEqual(wording.number(value), shown)

    def test_spans(self):
        self.assertEqual(wording.span((0.1, 0.2), 2), "0.10 to 0.20")
        self.assertEqual(wording.span((0.1, math.inf)), "0.100 or more")
        self.assertEqual(wording.span((math.inf, math.inf)), "–")

    def test_lists(self):
        self.assertEqual(wording.listed(["a"]), "a")
        self.assertEqual(wording.listed(["a", "b"]), "a and b")
        self.assertEqual(wording.listed(["a", "b", "c"]), "a, b, and c")
        self.assertEqual(wording.listed(["a", "b"], mark=";"), "a; and b")

    def test_seeds(self):
        self.assertEqual(wording.seeds_said([f"final-{i}" for i in range(1, 33)]),
                         "`final-1` to `final-32`")
        self.assertEqual(wording.seeds_said(["1", "2", "4"]), "`1`, `2`, and `4`")
        self.assertEqual(wording.seeds_said(["a-1", "b-2", "b-3"]), "`a-1`, `b-2`, and `b-3`")
        self.assertEqual(wording.seeds_said([]), "none")

    def test_ratios(self):
        for value, shown in ((0.0123, "0.012"), (0.5, "0.50"), (0.97, "0.97"), (1.044, "1.04"),
                             (1.96, "2.0"), (9.94, "9.9"), (9.96, "10"), (123.4, "120")):
            self.assertEqual(wording.times(value), shown)

    def test_markdown_is_escaped(self):
        self.assertEqual(wording.escaped("a_b | c*"), "a\\_b \\| c\\*")


class Tables(unittest.TestCase):
    def row(self, text, first):
        return next(line for line in text.splitlines() if line.startswith(f"| {first}"))

    def test_a_row_of_a_study(self):
        one = setting("0.1", 0.0123, (0.01, 0.02), [10, 20, None, 30, 40, 50, 60, None],
                      diverged=1, median_epochs=45)
        text = tables.study_table("tab", "Caption.", "Rate", [one], 100)
        cells = [cell.strip() for cell in self.row(text, "[0.1]").strip("|").split("|")]
        self.assertEqual(cells[1:], ["0.0123", "0.012–0.012", "0.010–0.020", "0.0123", "1", "6/8",
                                     "68–75 %", "45", "10 or more"])
        self.assertIn("(https://playground.tensorflow.org/#learningRate=0.1)", cells[0])

    def test_a_setting_that_never_arrives(self):
        text = tables.study_table("tab", "Caption.", "Rate", [setting("3", None)], 100)
        self.assertIn("| > 100 | – |", self.row(text, "[3]"))

    def test_every_row_has_every_column(self):
        text = tables.leaderboard_table("tab", "Caption.", [setting("a", 0.1)] * 3)
        self.assertEqual({line.count("|") for line in text.splitlines() if "|" in line}, {8})

    def test_hyper_parameters(self):
        one, other = setting("0.1", 0.0123), setting("0.3", None)
        one.configuration = {"x": True, "sinX": True, "y": False, "networkShape": [8, 8],
                             "percTrainData": 50}
        text = tables.hyper_parameters_table("tab", "Caption.", {"Best": one, "Other": other})
        self.assertIn("| Input features | $x$, $\\sin x$ | $x$, $y$ |", text)
        self.assertIn("| Hidden layers | 8, 8 | 2 |", text)
        self.assertIn("| 50 % | – |", text)
        self.assertIn("| Weights | 88 | 6 |", text)
        self.assertIn("| **Test loss**, median | **0.0123** | **–** |", text)

    def test_a_network_without_hidden_layers(self):
        self.assertEqual(tables.hyper_parameter("networkShape", []), "none")

    def test_a_ladder(self):
        rung = Rung("tanh 5", "https://example.org/#", 5, 25, 32, 0.75, (0.58, 0.87),
                    Summary(0.03, 0.02, 0.04, (0.02, math.inf)))
        text = tables.ladder_table("tab", "Caption.", [rung])
        self.assertIn("| 5 | 25 | [tanh 5](https://example.org/#) | 24/32 | 58–87 % | 0.0300 | "
                      "0.020 or more |", text)

    def test_a_configuration_repeats_nothing_of_the_row_above(self):
        def row(configuration):
            return Check("conv2d", configuration, True, [], [])

        text = tables.check_table("tab", "Caption.", [
            row("z (1, 2), stride (1, 1), padding valid"), row("z (1, 2), stride (1, 2)"),
            row("z (3, 2), stride (1, 2)")])
        cells = [line.split(" | ")[1].strip() for line in text.splitlines() if "verified" in line]
        self.assertEqual(cells, ["z (1, 2), stride (1, 1), padding valid", "… stride (1, 2)",
                                 "z (3, 2), stride (1, 2)"])

    def test_the_worst_entry_is_the_one_nearest_to_its_bound(self):
        def verdict(name, error, bound, wrong=0, undecided=0):
            return TensorVerdict(name, 5, wrong, undecided, Worst([0], error, bound))

        check = Check("conv2d", "stride 2", True, [],
                      [verdict("dz", 1e-9, 1e-6), verdict("dbias", 1e-11, 2e-11)])
        row = self.row(tables.check_table("tab", "Caption.", [check]), "`conv2d`")
        self.assertIn("| `dbias` | $1.0 \\times 10^{-11}$", row)
        self.assertIn("| verified |", row)
        self.assertIn("| 10 |", row)

        exact = Check("tanh", "", True, [], [verdict("dz", 0.0, 1e-9), verdict("dbias", 0.0, 2e-9)])
        self.assertIn("| – | 0 | $2.0 \\times 10^{-9}$ |",
                      tables.check_table("tab", "Caption.", [exact]))
        wrong = Check("tanh", "", False, [], [verdict("dz", 1, 1e-9, wrong=3)])
        self.assertIn("**3 wrong**", tables.check_table("tab", "Caption.", [wrong]))
        unsure = Check("relu", "", False, [], [verdict("dz", 1, 2, undecided=1)])
        self.assertIn("1 undecided", tables.check_table("tab", "Caption.", [unsure]))


if __name__ == "__main__":
    unittest.main()
