"""What the tests of the page tools share."""

import contextlib
import io
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "derivations" / "book"))

from page import PageError, parse_page  # noqa: E402


def called(main, *words) -> tuple[int, str]:
    """What a tool's `main` returns for these words of a command line, and what it says of errors."""
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors):
        code = main([str(word) for word in words])
    return code, errors.getvalue()


def page_of(text: str, path: str = "derivations/p.md"):
    """The page that an indented string in a test says."""
    return parse_page(path, textwrap.dedent(text).lstrip("\n"))


class PageTest(unittest.TestCase):
    """A test that has a folder of its own and compares sentences to the letter."""

    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path: str, text: str) -> Path:
        """Puts a file into the folder."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return file

    def assert_refused(self, message: str, call, *arguments) -> None:
        """`call` throws a PageError with exactly this message."""
        with self.assertRaises(PageError) as caught:
            call(*arguments)
        self.assertEqual(message, str(caught.exception))
