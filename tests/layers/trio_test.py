"""A layer, its derivation and its tests exist together.

src/layers/X.hpp, derivations/X.md and tests/layers/X_test.cpp make a layer; the last must also be
named in tests/layers/meson.build, or nothing would run it.
"""

import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The contract and the sliding window are no layers; the pages that need them explain them
NOT_LAYERS = {"layer", "window"}

# A chain of layers is the chain rule
PAGE = {"sequential": "chain_rule"}


def missing(root: Path) -> list[str]:
    """What the layers under `root` lack, one sentence each."""
    layers = sorted(
        header.stem for header in (root / "src/layers").glob("*.hpp") if header.stem not in NOT_LAYERS
    )
    if not layers:
        return ["src/layers has no layer"]
    listed = (root / "tests/layers/meson.build").read_text(encoding="utf-8")
    sentences = []
    for layer in layers:
        for kind, path in (
            ("derivation", f"derivations/{PAGE.get(layer, layer)}.md"),
            ("tests", f"tests/layers/{layer}_test.cpp"),
        ):
            if not (root / path).is_file():
                sentences.append(f"src/layers/{layer}.hpp has no {kind}: {path} is missing")
        if f"'{layer}'" not in listed:
            sentences.append(f"src/layers/{layer}.hpp is not tested: tests/layers/meson.build does not name '{layer}'")
    return sentences


class TrioRule(unittest.TestCase):
    def test_this_project_keeps_it(self) -> None:
        self.assertEqual(missing(ROOT), [])


class BrokenTrees(unittest.TestCase):
    """The rule on a tree with two layers that keeps it, then on the tree with one thing broken."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path in (
            "src/layers/layer.hpp",
            "src/layers/window.hpp",
            "src/layers/tanh.hpp",
            "src/layers/sequential.hpp",
            "derivations/tanh.md",
            "derivations/chain_rule.md",
            "tests/layers/tanh_test.cpp",
            "tests/layers/sequential_test.cpp",
        ):
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        self.meson = self.root / "tests/layers/meson.build"
        self.meson.write_text("layers = ['sequential', 'tanh']\n", encoding="utf-8")

    def test_whole(self) -> None:
        self.assertEqual(missing(self.root), [])

    def test_no_derivation(self) -> None:
        (self.root / "derivations/tanh.md").unlink()
        self.assertEqual(
            missing(self.root),
            ["src/layers/tanh.hpp has no derivation: derivations/tanh.md is missing"],
        )

    def test_no_page_of_the_chain_rule(self) -> None:
        (self.root / "derivations/chain_rule.md").unlink()
        self.assertEqual(
            missing(self.root),
            ["src/layers/sequential.hpp has no derivation: derivations/chain_rule.md is missing"],
        )

    def test_no_tests(self) -> None:
        (self.root / "tests/layers/tanh_test.cpp").unlink()
        self.assertEqual(
            missing(self.root),
            ["src/layers/tanh.hpp has no tests: tests/layers/tanh_test.cpp is missing"],
        )

    def test_tests_that_do_not_run(self) -> None:
        self.meson.write_text("layers = ['sequential']\n", encoding="utf-8")
        self.assertEqual(
            missing(self.root),
            ["src/layers/tanh.hpp is not tested: tests/layers/meson.build does not name 'tanh'"],
        )

    def test_new_layer(self) -> None:
        (self.root / "src/layers/gelu.hpp").touch()
        self.assertEqual(len(missing(self.root)), 3)

    def test_no_layers_at_all(self) -> None:
        for header in (self.root / "src/layers").iterdir():
            header.unlink()
        self.assertEqual(missing(self.root), ["src/layers has no layer"])


if __name__ == "__main__":
    unittest.main()
