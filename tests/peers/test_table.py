import unittest

from table import Result, Times, markdown

TIMES = Times("conv2d", gradcheck=13.0, handgrad=0.25, runs=5)


def result(name: str, *passed: bool, layer="tanh", right=False, kinks=0) -> Result:
    return Result(layer, "3 × 4", name, right, kinks, passed)


def page(*results: Result) -> str:
    return markdown(list(results), TIMES, "0.001", "PyTorch 1.2.3")


class Table(unittest.TestCase):
    def test_what_is_let_through_is_listed_and_what_is_caught_is_counted(self):
        made = page(result("dy squared", True, False, False),
                    result("wrong sign", False, False, False))
        self.assertIn("| dy squared | tanh | **let through** | caught | caught |", made)
        self.assertNotIn("wrong sign", made)
        self.assertIn("Of the 2, 1 were caught by all three. One or the other let these 1", made)
        self.assertIn("| tanh | 2 | 1 | 2 | 2 |", made)
        self.assertIn("| all | 2 | 1 | 2 | 2 |", made)

    def test_one_mistake_in_several_layers_is_one_row(self):
        made = page(result("dy squared", True, False, False),
                    result("dy squared", True, True, False, layer="relu"))
        self.assertIn("| dy squared | tanh, relu | **let through** | **let through** in 1 of 2 | "
                      "caught |", made)

    def test_a_mistake_in_every_layer_says_so(self):
        layers = ["tanh", "relu", "linear", "conv2d"]
        many = [result("dy squared", True, False, False, layer=layer) for layer in layers]
        few = [result("wrong sign", True, False, False, layer=layer) for layer in layers[:2]]
        self.assertIn("| dy squared | every layer | **let through**", page(*many, *few))
        self.assertIn("| wrong sign | tanh, relu | **let through**", page(*many, *few))
        other = result("wrong sign", True, False, False, layer="softmax")
        self.assertIn("| dy squared | every layer but softmax | **let", page(*many, other))

    def test_the_counts_stand_first(self):
        made = page(result("dy squared", True, False, False), result("wrong sign", True, True, False))
        self.assertTrue(made.startswith(
            "Of 2 wrong backward passes, slow gradcheck lets 2, fast gradcheck lets 1 and handgrad "
            "lets none through."))

    def test_what_handgrad_lets_through_is_not_hidden(self):
        self.assertIn("| dy squared | tanh | caught | caught | **let through** |",
                      page(result("dy squared", False, False, True)))

    def test_a_right_layer_on_a_kink_that_fails_is_a_false_alarm(self):
        self.assertIn("| right | **false alarm** | passes | passes |",
                      page(result("right", False, True, True, right=True, kinks=2)))

    def test_a_right_layer_without_kinks_that_fails_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "tanh, 3 × 4: right is called wrong"):
            page(result("right", False, True, True, right=True))

    def test_a_bar_in_a_name_does_not_end_its_cell(self):
        self.assertIn(r"\|z\| > 1/2", page(result("|z| > 1/2", True, True, False)))

    def test_versions_and_the_command_are_named(self):
        made = page(result("dy squared", True, False, False))
        self.assertIn("Made by `./run peers` with PyTorch 1.2.3.", made)

    def test_the_ratio_is_computed(self):
        self.assertIn("| ratio | 52 |", page())


if __name__ == "__main__":
    unittest.main()
