"""What a person gets from the command line: tables, JSON, sentences and exit codes."""

import json
import subprocess
import sys
import unittest

handgrad = sys.argv.pop(1)


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([handgrad, *arguments], capture_output=True, text=True, timeout=60)


class Check(unittest.TestCase):
    def test_all_layers_as_a_table(self):
        done = run("check")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        for layer in ("linear", "conv2d", "max_pool2d", "tanh", "relu", "sigmoid", "softmax",
                      "flatten", "squared_error", "cross_entropy"):
            self.assertTrue(any(line.split()[:1] == [layer] for line in lines), layer)
        self.assertRegex(lines[-1], r"(\d+) entries in \d+ configurations: \1 verified, 0 wrong, "
                                    r"0 undecided\. Every gradient is right\.")

    def test_one_configuration(self):
        done = run("check", "conv2d", "--shape", "1,1,3,3", "--kernel", "2", "--outputs", "1",
                   "--padding", "same", "--stride", "2,1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("z (1, 1, 3, 3), weight (1, 1, 2, 2), stride (2, 1), padding same", done.stdout)
        self.assertIn("14 entries in 1 configuration: 14 verified", done.stdout)

    def test_json(self):
        done = run("check", "tanh", "relu", "--json")
        report = json.loads(done.stdout)
        self.assertEqual(report["version"], 1)
        self.assertEqual({check["layer"] for check in report["checks"]}, {"tanh", "relu"})
        worst = report["checks"][0]["tensors"][0]["worst"]
        self.assertEqual(set(worst), {"index", "analytic", "numeric", "error", "bound", "verdict"})
        self.assertLessEqual(worst["error"], worst["bound"])

    def test_float32(self):
        done = run("check", "tanh", "--float32", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        narrow = json.loads(done.stdout)["checks"]
        wide = json.loads(run("check", "tanh", "--json").stdout)["checks"]
        for one, other in zip(narrow, wide, strict=True):
            self.assertEqual(one["configuration"], other["configuration"] + ", in float32")
            # A rounding in float32 is 2²⁹ times as large
            self.assertGreater(one["tensors"][0]["worst"]["bound"],
                               1e7 * other["tensors"][0]["worst"]["bound"])

    def test_another_seed_gives_other_numbers(self):
        self.assertNotEqual(run("check", "tanh").stdout, run("check", "tanh", "--seed", "2").stdout)
        self.assertEqual(run("check", "tanh").stdout, run("check", "tanh", "--seed", "1").stdout)


class BadInput(unittest.TestCase):
    def refused(self, sentence: str, *arguments: str):
        done = run(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(sentence, done.stderr)

    def test_sentences(self):
        self.refused("there is no layer \"conv3d\"; there are linear, conv2d", "check", "conv3d")
        self.refused("stride is (0, 1), both must be from 1", "check", "conv2d", "--stride", "0,1")
        self.refused("dilation is (0, 0), both must be", "check", "conv2d", "--dilation", "0")
        self.refused("spans 9 rows, the padded z has only 6", "check", "conv2d", "--kernel", "9")
        self.refused("is empty", "check", "conv2d", "--shape", "1,1,0,3")
        self.refused("z has 2 axes", "check", "conv2d", "--shape", "3,3")
        self.refused("tanh has no option --stride; it has --shape", "check", "tanh", "--stride", "2")
        self.refused("--shape is \"a\"", "check", "conv2d", "--shape", "a")
        self.refused("--padding is \"1,2\"", "check", "conv2d", "--padding", "1,2")
        self.refused("--padding-value is \"3\"", "check", "max_pool2d", "--padding-value", "3")
        self.refused("name one, as in", "check", "--stride", "2")
        self.refused("too many to check one by one", "check", "linear", "--shape", "9999999,9999")
        self.refused("too many to check one by one", "check", "conv2d", "--padding", "9999999")
        self.refused("--frobnicate", "check", "--frobnicate")
        self.refused("frobnicate (handgrad --help lists", "frobnicate")
        self.refused("--seed: \"-1\" is not a whole number from 0", "check", "tanh", "--seed", "-1")
        self.refused("\"18446744073709551616\" is not", "check", "--seed", "18446744073709551616")
        self.refused("--epochs: \"-1\" is not", "sweep", "--out", "x", "--epochs", "-1")
        self.refused("subcommand is required")


if __name__ == "__main__":
    unittest.main()
