"""The comparison with the site's code, on curves that are made up."""

import random
import unittest

from losses import Curve, difference, random_link, settings_of


def curve(train: list[float], test: list[float] | None = None, **settings: str) -> Curve:
    return Curve(settings, train, test or train)


class Difference(unittest.TestCase):
    def test_the_same(self):
        nan = float("nan")
        for losses in ([0.5, 0.25], [0.5, nan], [float("inf"), nan]):
            self.assertEqual(difference(curve(losses), curve(list(losses))), "")

    def test_one_bit(self):
        found = difference(curve([0.5, 0.1 + 0.2]), curve([0.5, 0.3]))
        self.assertEqual(found, "train loss after epoch 1: 0.30000000000000004, the site has 0.3; "
                                "relative differences reach 1.9e-16")

    def test_only_the_test_loss(self):
        found = difference(curve([1.0], [0.5]), curve([1.0], [0.25]))
        self.assertTrue(found.startswith("test loss after epoch 0: 0.5, the site has 0.25"), found)

    def test_no_number_against_a_number(self):
        self.assertIn("epoch 1: nan, the site has 1.0",
                      difference(curve([1.0, float("nan")]), curve([1.0, 1.0])))

    def test_a_link_that_comes_out_otherwise(self):
        self.assertEqual(difference(curve([1.0], noise="5", seed="1"), curve([1.0], noise="50")),
                         "the link comes out otherwise in noise, seed")


class Links(unittest.TestCase):
    def test_settings(self):
        self.assertEqual(settings_of("https://a/#x=true&y_hide=false&z_hide=true&s="),
                         {"x": "true", "z_hide": "true", "s": ""})

    def test_the_same_seed_gives_the_same_links(self):
        numbers, others = random.Random(3), random.Random(3)
        links = [random_link(numbers) for _ in range(50)]
        self.assertEqual(links, [random_link(others) for _ in range(50)])
        self.assertEqual(len(set(links)), 50)
        for name in ("problem=regression", "networkShape=&", "regularization=L1", "initZero=true"):
            self.assertTrue(any(name in link for link in links), name)


if __name__ == "__main__":
    unittest.main()
