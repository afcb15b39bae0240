"""What the report says of runs whose outcome is known."""

import math
import unittest
from types import SimpleNamespace

from support import setting, study

import effects
import findings
import limits

RESULTS = SimpleNamespace(epochs=100, target_loss=0.05)


def said(*settings):
    return " ".join(findings.performance(study(*settings)))


def varied(middle, spread, n=32):
    """Losses around `middle`, from a `spread`-th of it to `spread` times it."""
    return [middle * spread ** (2 * i / (n - 1) - 1) for i in range(n)]


def converging(*settings):
    return " ".join(findings.convergence(study(*settings), RESULTS))


class Effects(unittest.TestCase):
    def test_the_seed_is_left_out(self):
        # The losses of both spread widely, and the one is always half of the other
        base = setting("a", 0.1, losses=varied(0.1, 5))
        half = setting("b", 0.05, losses=[loss / 2 for loss in varied(0.1, 5)])
        effect = effects.loss_ratio(half, base)
        self.assertEqual((effect.median, effect.low, effect.high), (0.5, 0.5, 0.5))
        self.assertFalse(effects.same_loss(half, base))

    def test_seeds_are_matched_by_name(self):
        base = setting("a", 0.1, losses=[1, 2, 4, 8] * 8)
        turned = setting("b", 0.1, losses=[1, 2, 4, 8] * 8)
        turned.runs.reverse()
        self.assertEqual(effects.loss_ratio(turned, base).median, 1)

    def test_chance_is_not_an_effect(self):
        base = setting("a", 0.1, losses=varied(0.1, 2))
        other = setting("b", 0.1, losses=list(reversed(varied(0.1, 2))))
        self.assertTrue(effects.same_loss(other, base))

    def test_runs_that_blow_up_are_beyond_all(self):
        base, gone = setting("a", 0.1), setting("b", None)
        self.assertEqual(effects.loss_ratio(gone, base).low, math.inf)
        self.assertEqual(effects.loss_ratio(base, gone).high, 0)
        # Where both blow up, nothing is known
        effect = effects.loss_ratio(gone, gone)
        self.assertEqual((effect.median, effect.low, effect.high), (None, 0, math.inf))

    def test_runs_that_never_arrive_widen_the_interval(self):
        fast = setting("a", 0.1, epochs=[10] * 6 + [None] * 2)
        slow = setting("b", 0.1, epochs=[20] * 6 + [None] * 2)
        effect = effects.epochs_ratio(slow, fast)
        self.assertEqual((effect.median, effect.low, effect.high), (2, 0, math.inf))
        self.assertTrue(effects.same_epochs(slow, fast))

    def test_a_loss_of_zero(self):
        self.assertEqual(effects.quotient(0.0, 0.0), (1, 1))
        self.assertEqual(effects.quotient(0.1, 0.0), (math.inf, math.inf))

    def test_the_gap_between_test_and_training(self):
        self.assertAlmostEqual(effects.gap(setting("a", 0.3, train=0.1)).median, 0.2)
        self.assertEqual(effects.gap(setting("a", None)).high, math.inf)

    def test_how_it_is_said(self):
        said_of = effects.said
        self.assertEqual(said_of(effects.Effect(2, 1.5, 20)), "2.0 times (1.50 to 20)")
        self.assertEqual(said_of(effects.Effect(2, 1.5, math.inf)), "2.0 times (1.50 or more)")
        self.assertEqual(said_of(effects.Effect(math.inf, 3, math.inf)), "more than 3.0 times")
        self.assertEqual(said_of(effects.Effect(None, 0, math.inf)), "unknown times")
        self.assertEqual(said_of(effects.Effect(math.inf, math.inf, math.inf)),
                         "infinitely many times")
        self.assertEqual(effects.noted(effects.Effect(0.5, 0.25, 1.05)), "0.50 times, 0.25 to 1.05")


class Finding(unittest.TestCase):
    def finding(self, *settings, name="learning_rate"):
        return findings.finding(study(*settings, name=name))

    def test_a_best_in_the_middle(self):
        text = self.finding(setting("0.01", 0.4), setting("0.1", 0.1, (0.09, 0.11)),
                            setting("1", 0.3))
        self.assertIn("A learning rate can be too small and too large.", text)
        self.assertIn("**0.01** ends with 4.0 times (4.0 to 4.0) that loss; and **1** ends with 3.0 "
                      "times (3.0 to 3.0) that loss.", text)

    def test_a_best_at_either_end(self):
        self.assertIn("A layer can be too narrow; **4**, the most that was tried, is not yet too "
                      "wide.", self.finding(setting("2", 0.2), setting("4", 0.1), name="width"))
        self.assertIn("A batch can be too large; **1**, the least that was tried, is not yet too "
                      "small.", self.finding(setting("1", 0.1), setting("8", 0.2), name="batch_size"))

    def test_no_effect(self):
        text = self.finding(setting("1", 0.1, losses=varied(0.1, 2)),
                            setting("2", 0.11, losses=list(reversed(varied(0.11, 2)))), name="depth")
        self.assertIn("The data do not tell any of the settings from the best", text)
        self.assertNotIn("too deep", text)

    def test_kinds(self):
        text = self.finding(setting("tanh", 0.1), setting("relu", 0.2), setting("linear", 0.5),
                            name="activation")
        self.assertIn("The lowest loss is that of the activation **tanh**", text)
        self.assertIn("**relu** ends with 2.0 times (2.0 to 2.0) that loss, **linear** with 5.0",
                      text)

    def test_regularization_against_none(self):
        for loss, lead in ((0.05, "Regularization helps: with **L2 0.1**"),
                           (0.2, "Regularization does not help: even with **L2 0.1**"),
                           (0.1, "The data do not show that regularization helps: with")):
            text = self.finding(setting("none", 0.1), setting("L2 0.1", loss),
                                name="regularization")
            self.assertIn(lead, text)

    def test_noise_and_none_are_compared(self):
        plain = study(setting("none", 0.1), setting("L2 0.1", 0.2), name="regularization")
        noisy = study(setting("none", 0.4), setting("L1 0.1", 0.2), name="regularization_noise")
        self.assertEqual(
            findings.noise_compared(SimpleNamespace(studies=[plain, noisy])),
            "Without noise the best of it, **L2 0.1**, is worse than none: 2.0 times (2.0 to 2.0) "
            "its loss; with noise the best of it, **L1 0.1**, is better than none: 0.50 times (0.50 "
            "to 0.50) its loss.")
        self.assertEqual(findings.noise_compared(SimpleNamespace(studies=[plain])), "")

    def test_all_diverged(self):
        self.assertEqual(self.finding(setting("1", None, diverged=8)),
                         "Every run of every setting diverged, so no setting can be preferred.")

    def test_every_order_of_losses_can_be_said(self):
        for name in findings.PHRASES:
            for losses in ((0.1, 0.2, None), (None, None, 0.1), (0.2, 0.2, 0.2), (0.0, 0.1, 0.0)):
                settings = [setting(label, loss) for label, loss in zip("123", losses)]
                text = " ".join([self.finding(*settings, name=name),
                                 *findings.performance(study(*settings, name=name)),
                                 *findings.convergence(study(*settings, name=name), RESULTS),
                                 limits.limits(study(*settings, name=name))])
                self.assertNotIn("None", text)
                self.assertNotRegex(text, r"\binf\b|\bnan\b")


class Limits(unittest.TestCase):
    def test_ties(self):
        text = limits.limits(study(setting("a", 0.1), setting("b", 0.1), setting("c", 0.2)))
        self.assertIn("Whether **a** is better than **b** (1.00 times, 1.00 to 1.00)", text)
        self.assertNotIn("**c** (", text)

    def test_the_edge(self):
        self.assertIn("what lies beyond **2**, the largest tried",
                      limits.limits(study(setting("1", 0.2), setting("2", 0.1))).lower())
        self.assertIn("what lies below **1**, the smallest tried",
                      limits.limits(study(setting("1", 0.1), setting("2", 0.2))).lower())
        self.assertNotIn("tried", limits.limits(
            study(setting("1", 0.2), setting("2", 0.1), setting("3", 0.2))))

    def test_a_weaker_regularization_was_not_tried(self):
        none, weak, strong = setting("none", 0.1), setting("L2 0.1", 0.2), setting("L2 1", 0.3)
        for one, rate in ((none, 0), (weak, 0.1), (strong, 1)):
            one.configuration["regularizationRate"] = rate
        text = limits.limits(study(none, weak, strong, name="regularization"))
        self.assertIn("what a rate below 0.1, the smallest tried, does", text.lower())
        weak.test_loss, strong.test_loss = strong.test_loss, weak.test_loss
        self.assertNotIn("smallest tried", limits.limits(
            study(none, weak, strong, name="regularization")))

    def test_losses_that_still_fall(self):
        falling = setting("1", 0.1, curve=[0.5] * 9 + [0.2, 0.1])
        level = setting("2", 0.1, curve=[0.5] * 9 + [0.102, 0.1])
        self.assertAlmostEqual(limits.late_fall(falling.curve), 0.5)
        text = limits.limits(study(falling, level))
        self.assertIn("where **1** would end with more than 100 epochs", text)
        self.assertNotIn("**2** would end", text)

    def test_those_that_never_arrive(self):
        arrives = setting("1", 0.01, epochs=[10] * 8, median_epochs=10)
        text = limits.limits(study(arrives, setting("2", 0.2), setting("3", 0.9, diverged=5)))
        self.assertIn("how many epochs **2** would need to the target", text)


class Performance(unittest.TestCase):
    def test_a_clear_winner(self):
        text = said(setting("0.1", 0.01, (0.008, 0.012)), setting("0.3", 0.2, (0.15, 0.25)))
        self.assertIn("lowest median test loss is 0.0100 (interval 0.00800 to 0.0120), "
                      "with a learning rate of **0.1**; 0 of 8 runs are at the target then.", text)
        self.assertIn("Seed by seed, every other setting ends with a higher loss.", text)
        self.assertIn("The highest, 20 times (20 to 20) as high, is 0.200 (interval 0.150 to "
                      "0.250), with a learning rate of **0.3**.", text)

    def test_an_interval_that_holds_1_tells_nothing(self):
        text = said(setting("a", 0.010, losses=varied(0.01, 2)),
                    setting("b", 0.011, losses=list(reversed(varied(0.011, 2)))),
                    setting("c", 0.3))
        self.assertIn("Seed by seed, the data do not tell it from **b** (0.0110).", text)

    def test_nothing_is_told_apart(self):
        text = said(setting("a", 0.1), setting("b", 0.1))
        self.assertIn("Seed by seed, the data tell no other setting from it.", text)
        self.assertNotIn("as high", text)

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
        self.assertIn("The highest, ", text)
        self.assertNotRegex(text, r"\binf\b|\bnan\b")

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
            setting("none", 0.10), setting("L2 0.001", 0.05),
            setting("L1 0.001", 0.10), setting("L1 0.1", 0.5)])
        self.assertEqual(text, "Against **none**, seed by seed, the loss is lower with **L2 0.001** "
                               "(0.50 times, 0.50 to 0.50); higher with **L1 0.1** (5.0 times, 5.0 "
                               "to 5.0); not told apart with **L1 0.001** (1.00 times, 1.00 to "
                               "1.00).")

    def test_none_is_compared_once(self):
        text = said(setting("none", 0.1), setting("L2 0.1", 0.2))
        self.assertNotIn("do not tell it", text)
        self.assertIn("the loss is higher with **L2 0.1**", text)

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
        self.assertIn("Seed by seed, a run takes 4.0 times (4.0 to 4.0) as many with **0.1**.", text)
        self.assertIn("Fewer than half of the runs get there with **0.03**", text)
        self.assertIn("No run gets there with **0.001**.", text)
        self.assertIn("Fast is not best here: in the end **0.1** has the lower loss, 0.0100 "
                      "against 0.0200.", text)

    def test_one_setting_is_both(self):
        self.assertIn("The fastest setting is also the one with the lowest loss",
                      converging(self.slow, self.never))

    def test_times_that_are_not_told_apart(self):
        other = setting("0.2", 0.3, (0.3, 0.3), [8, 9, 10, 11, 12, 13, 14, 50], median_epochs=11.5)
        self.assertIn("The data do not tell **0.2** (12) from it.",
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
            low, high = effects.median_interval([float(i) for i in range(1, n + 1)])
            self.assertEqual((low, high), (rank, n + 1 - rank), f"n = {n}")

    def test_few_runs_give_the_whole_range(self):
        self.assertEqual(effects.median_interval([1.0, 2.0, 3.0]), (1.0, 3.0))

    def test_runs_that_never_arrive_are_later_than_all(self):
        ordered = findings.arrivals(setting("a", 0.1, epochs=[5, None, 3] + [4] * 5))
        self.assertEqual(ordered, [3, 4, 4, 4, 4, 4, 5, math.inf])


if __name__ == "__main__":
    unittest.main()
