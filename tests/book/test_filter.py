"""The filter: what Doxygen reads in place of what GitHub reads."""

import unittest

from support import PageTest, page_of

from doxygen_filter import filtered

CHAPTERS = ["chain_rule", "conv2d", "tanh"]


class Filter(PageTest):
    def become(self, expected: str, text: str, path: str = "derivations/other.md") -> None:
        self.assertEqual(expected + "\n", filtered(page_of(text, path), CHAPTERS))

    def test_inline_maths(self) -> None:
        self.become(r"so \f$y = z\f$ and \f$z\f$.", "so $y = z$ and $z$.")

    def test_display_maths(self) -> None:
        self.become("\\f[\ny = z\n\\f]", "$$\ny = z\n$$")

    def test_math_block(self) -> None:
        self.become("\\f[\ny = z\n\\f]", "```math\ny = z\n```")

    def test_code_keeps_its_dollars(self) -> None:
        self.become("`$a$` and ``b`$c$``", "`$a$` and ``b`$c$``")
        self.become("```{.unparsed}\necho $HOME $a$\n```", "```sh\necho $HOME $a$\n```")

    def test_dollars_that_are_no_maths(self) -> None:
        self.become("it costs $5, or $ 6", r"it costs \$5, or \$ 6")

    def test_fences_keep_their_language_only(self) -> None:
        self.become("```{.cpp}\nint a;\n```", '```cpp test="name"\nint a;\n```')

    def test_headings_get_the_anchor_that_github_gives_them(self) -> None:
        self.become(
            "# Conv2d {#conv2d}\n## dL/dz, again {#conv2d-dldz-again}\n"
            "### As a matrix {#conv2d-as-a-matrix}\n### As a matrix {#conv2d-as-a-matrix-1}\n\n"
            '<div class="neighbours"><span class="before">@ref chain_rule</span>'
            '<span class="after">@ref tanh</span></div>',
            "# Conv2d\n## dL/dz, again\n### As a matrix\n### As a matrix",
            "derivations/conv2d.md",
        )

    def test_links(self) -> None:
        self.become("[a](@ref conv2d)", "[a](conv2d.md)")
        self.become("[a](@ref conv2d-dldz)", "[a](conv2d.md#dldz)")
        self.become("[a](@ref other-dldz)", "[a](#dldz)")
        self.become("[a](@ref book)", "[a](README.md)")
        self.become("[`a` \\f$z\\f$](@ref conv2d)", "[`a` $z$](conv2d.md)")
        self.become("[a](@ref layers/conv2d.hpp)", "[a](../src/layers/conv2d.hpp)")
        self.become("[a](https://a.org/b.md)", "[a](https://a.org/b.md)")

    def test_links_of_the_home_page_make_the_navigation(self) -> None:
        self.become(
            '# Home {#mainpage}\n@subpage book "The book", @subpage checker "the checker", '
            "[again](@ref checker), [tanh](@ref tanh)",
            "# Home\n[The book](../README.md), [the checker](checker.md), [again](checker.md), "
            "[tanh](../tanh.md)",
            "derivations/site/home.md",
        )

    def test_link_to_what_is_not_on_the_site(self) -> None:
        self.become("see a.", "see [a](../tests/meson.build).")

    def test_link_in_code_is_code(self) -> None:
        self.become("`[a](conv2d.md)`", "`[a](conv2d.md)`")

    def test_pictures(self) -> None:
        self.become(
            '<img class="picture" src="pictures/conv2d-dz.svg" alt="nine entries"/>',
            "![nine entries](pictures/conv2d-dz.svg)",
        )

    def test_contents_take_the_empty_line_after_the_title(self) -> None:
        self.become("# A {#other}\n[TOC]\ntext", "# A\n\ntext")

    def test_the_first_page_names_the_chapters_once(self) -> None:
        self.become(
            '# Book {#book}\n\n1. @subpage tanh "Tanh"\n\nagain [Tanh](@ref tanh)',
            "# Book\n\n1. [Tanh](tanh.md)\n\nagain [Tanh](tanh.md)",
            "derivations/README.md",
        )

    def test_the_last_chapter_has_none_after_it(self) -> None:
        self.become(
            '\n<div class="neighbours"><span class="before">@ref conv2d</span></div>',
            "",
            "derivations/tanh.md",
        )

    def test_every_line_stays_in_its_place(self) -> None:
        text = "# A\n\n$$\na\n$$\n```math\nb\n```\ntext $c$\n```cpp test=\"d\"\n```\n![e](pictures/a-e.svg)"
        before = page_of(text).lines
        after = filtered(page_of(text), CHAPTERS).splitlines()
        self.assertEqual(len(before), len(after))
        self.assertEqual("a b".split(), [after[3], after[6]])


if __name__ == "__main__":
    unittest.main()
