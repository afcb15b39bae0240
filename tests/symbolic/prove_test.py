"""What a person gets from handgrad prove."""

import subprocess
import sys
import unittest

handgrad = sys.argv.pop(1)


def prove(*layers: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [handgrad, "prove", *layers],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )


class Prove(unittest.TestCase):
    def test_all_layers_a_line_each_configuration(self) -> None:
        done = prove()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertTrue(all(": proven " in line for line in lines), done.stdout)
        self.assertEqual(
            list(dict.fromkeys(line.split(",")[0] for line in lines)),
            ["linear", "conv2d", "max_pool2d", "tanh", "relu", "sigmoid", "softmax", "flatten",
             "squared_error", "cross_entropy"],
        )

    def test_one_layer_with_its_regions(self) -> None:
        lines = prove("relu").stdout.splitlines()
        self.assertEqual(
            lines[0], "relu, z (1, 3): proven for all numbers but on the borders of its 8 regions"
        )
        self.assertEqual(lines[2], "  proven where z_0 > 0, z_1 > 0, z_2 > 0")

    def test_unknown_layer(self) -> None:
        done = prove("conv3d")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('there is no layer "conv3d"; there are linear, conv2d', done.stderr)


if __name__ == "__main__":
    unittest.main()
