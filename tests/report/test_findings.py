"""What the report says of runs whose outcome is known."""

import math
import unittest
from types import SimpleNamespace

from support import setting, study

import findings

RESULTS = SimpleNamespace(epochs=100, target_loss=0.05)


def said(*settings):
    return " ".join(findings.performance(study(*settings), 100))


def converging(*settings):
    return " ".join(findings.convergence(study(*settings), RESULTS))


class Performance(unittest.TestCase):
    def test_a_clear_winner(self):
        text = said(setting("0.1", 0.01, (0.008, 0.012)), setting("0.3", 0.2, (0.15, 0.25)))
        self.assertIn("lowest median test loss is 0.0100 (interval 0.00800 to 0.0120), "
                      "with a learning rate of **0.1**", text)
        self.assertIn("The intervals of all other settings lie above its own.", text)
        self.assertIn("The highest, 20 times as high, is 0.200 (interval 0.150 to 0.250), with a "
                      "learning rate of **0.3**.", text)

    def test_an_overlap_is_not_separated(self):
        text = said(setting("a", 0.010, (0.005, 0.021)), setting("b", 0.020, (0.018, 0.03)),
                    setting("c", 0.3, (0.2, 0.4)))
        self.assertIn("The data do not separate it from **b** (0.0200), whose interval", text)
        self.assertNotIn("**c** (0.300), whose", text)

    def test_touching_intervals_overlap(self):
        self.assertFalse(findings.apart((1, 2), (2, 3)))
        self.assertTrue(findings.apart((1, 2), (2.1, 3)))
        self.assertFalse(findings.apart((1, 2), None))

    def test_nothing_is_separated(self):
        text = said(setting("a", 0.1, (0.05, 0.3)), setting("b", 0.2, (0.1, 0.4)))
        self.assertIn("The data do not separate it from any other setting", text)
        self.assertNotIn("times as high", text)

    def test_all_diverged(self):
        text = said(setting("1", None, diverged=8), setting("3", None, diverged=8))
        self.assertEqual(text, "Every run of every setting diverged, so no setting can be "
                               "preferred.")

    def test_some_diverged(self):
        text = said(setting("0.1", 0.1, (0.1, 0.1)), setting("1", 0.2, (0.2, math.inf), diverged=3),
                    setting("3", None, diverged=8))
        self.assertIn("Every run diverged with **3**.", text)
        self.assertIn("3 of 8 runs diverged with a learning rate of **1**.", text)
        self.assertIn("(interval 0.200 or more)", text)

    def test_several_that_diverged_share_one_sentence(self):
        text = findings.diverging(study(setting("1", 0.1, diverged=2), setting("3", 0.1),
                                        setting("10", 0.1, diverged=7)))
        self.assertEqual(text, "2 of 8 runs diverged with a learning rate of **1** and 7 of 8 with "
                               "**10**.")

    def test_every_study_has_a_phrase_for_its_settings(self):
        for name, label, phrase in (
                ("learning_rate", "0.1", "a learning rate of **0.1**"),
                ("width", "1", "**1** neuron in the hidden layer"),
                ("width", "8", "**8** neurons in the hidden layer"),
                ("depth", "0", "**0** hidden layers"), ("features", "x, y", "the inputs **x, y**"),
                ("regularization", "none", "regularization **none**"),
                ("activation", "relu", "the activation **relu**"), ("other", "a", "**a**")):
            self.assertEqual(findings.phrased(study(name=name), setting(label)), phrase)

    def test_a_loss_of_zero_has_no_ratio(self):
        text = said(setting("a", 0.0, (0.0, 0.0)), setting("b", 0.2, (0.1, 0.3)))
        self.assertIn("with a learning rate of **b**.", text)
        self.assertNotIn("times", text)

    def test_trend(self):
        def trend(*losses):
            return findings.trend(study(*(setting(str(i), loss) for i, loss in enumerate(losses)),
                                        name="other"))

        self.assertEqual(trend(3, 2, 1), "The median falls all the way from **0** to **2**.")
        self.assertEqual(trend(1, 2, 3), "The median rises all the way from **0** to **2**.")
        self.assertEqual(trend(3, 1, 2), "The median falls from **0** to **1** and rises beyond.")
        self.assertEqual(trend(3, 1, 4, 2),
                         "The median falls from **0** to **1** and follows no one direction beyond.")
        self.assertEqual(trend(3, 4, 1, 2),
                         "The median rises from **2** to **3** and follows no one direction before.")
        self.assertIn("follows no one direction along", trend(2, 3, 1, 3, 2))
        self.assertEqual(trend(2, 1), "")
        self.assertEqual(findings.trend(study(*[setting("relu", 1.0)] * 3)), "")
        rates = study(setting("0.1", 3), setting("1", 2), setting("10", 1))
        self.assertEqual(findings.trend(rates),
                         "The median falls all the way from a learning rate of **0.1** to **10**.")

    def test_against_none(self):
        text = findings.against_none([
            setting("none", 0.10, (0.08, 0.12)), setting("L2 0.001", 0.05, (0.04, 0.06)),
            setting("L1 0.001", 0.11, (0.09, 0.13)), setting("L1 0.1", 0.5, (0.4, 0.6))])
        self.assertEqual(text, "Against **none** (0.100), the median is lower with **L2 0.001** "
                               "(0.0500); higher with **L1 0.1** (0.500); not separated with "
                               "**L1 0.001** (0.110).")

    def test_none_is_compared_once(self):
        text = said(setting("none", 0.1, (0.05, 0.3)), setting("L2 0.1", 0.2, (0.1, 0.4)))
        self.assertNotIn("do not separate it", text)
        self.assertIn("the median is not separated with **L2 0.1** (0.200).", text)

    def test_dead_weights(self):
        text = findings.dying([setting("none", 0.1), setting("L1 0.1", 0.4, dead=12)])
        self.assertIn("12 with **L1 0.1**", text)
        self.assertNotIn("none", text)


class Convergence(unittest.TestCase):
    fast = setting("0.3", 0.02, (0.015, 0.025), [10] * 8, median_epochs=10)
    slow = setting("0.1", 0.01, (0.008, 0.012), [40] * 8, median_epochs=40)
    late = setting("0.03", 0.1, (0.1, 0.1), [90, 95, 99] + [None] * 5)
    never = setting("0.001", 0.5, (0.5, 0.5), [None] * 8)

    def test_all_kinds_at_once(self):
        text = converging(self.fast, self.slow, self.late, self.never)
        self.assertIn("is with a learning rate of **0.3**: half of the runs are there after 10 "
                      "epochs", text)
        self.assertIn("Slower is **0.1** with 40 epochs, 4.0 times as many.", text)
        self.assertIn("Fewer than half of the runs get there with **0.03**", text)
        self.assertIn("No run gets there with **0.001**.", text)
        self.assertIn("Fast is not best here: in the end **0.1** has the lower loss, 0.0100 "
                      "against 0.0200.", text)

    def test_one_setting_is_both(self):
        self.assertIn("The fastest setting is also the one with the lowest loss",
                      converging(self.slow, self.never))

    def test_overlapping_times_are_not_separated(self):
        other = setting("0.2", 0.3, (0.3, 0.3), [8, 9, 10, 11, 12, 13, 14, 50], median_epochs=11.5)
        self.assertIn("The data do not separate **0.2** (12) from it.",
                      converging(self.fast, other))

    def test_nobody_arrives(self):
        self.assertEqual(converging(self.never),
                         "No run reaches the target, a test loss of 0.05, within 100 epochs.")
        self.assertIn("a learning rate of **0.03** comes closest with 3 of 8 runs.",
                      converging(self.never, self.late))

    def test_all_diverged(self):
        gone = setting("3", None, diverged=8)
        self.assertIn("No run reaches the target", converging(gone))


class MedianInterval(unittest.TestCase):
    def test_against_tables_of_the_binomial_distribution(self):
        # n: the rank of the lower end for 95 %, as in tables of the sign test
        for n, rank in ((6, 1), (8, 1), (9, 2), (12, 3), (20, 6), (32, 10)):
            low, high = findings.median_interval([float(i) for i in range(1, n + 1)])
            self.assertEqual((low, high), (rank, n + 1 - rank), f"n = {n}")

    def test_few_runs_give_the_whole_range(self):
        self.assertEqual(findings.median_interval([1.0, 2.0, 3.0]), (1.0, 3.0))

    def test_runs_that_never_arrive_are_later_than_all(self):
        ordered = findings.arrivals(setting("a", 0.1, epochs=[5, None, 3] + [4] * 5))
        self.assertEqual(ordered, [3, 4, 4, 4, 4, 4, 5, math.inf])


if __name__ == "__main__":
    unittest.main()
