"""Characters of formulas in running text and in code, as LaTeX says them."""

from __future__ import annotations

from errors import ReportError

MATHS = {
    "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "∑": r"\sum", "∏": r"\prod", "√": r"\surd",
    "∈": r"\in", "∉": r"\notin", "∀": r"\forall", "∃": r"\exists", "∅": r"\emptyset",
    "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "↦": r"\mapsto", "↑": r"\uparrow", "↓": r"\downarrow",
    "↗": r"\nearrow", "↘": r"\searrow", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx",
    "≡": r"\equiv", "∼": r"\sim", "∝": r"\propto", "≪": r"\ll", "≫": r"\gg", "×": r"\times",
    "÷": r"\div", "·": r"\cdot", "⋅": r"\cdot", "±": r"\pm", "∓": r"\mp", "−": "-", "∗": r"\ast",
    "⋆": r"\star", "∘": r"\circ", "⊙": r"\odot", "⊗": r"\otimes", "⊕": r"\oplus", "⟨": r"\langle",
    "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil",
    "‖": r"\Vert", "∥": r"\parallel", "∧": r"\wedge", "∨": r"\vee", "¬": r"\neg",
    "⊂": r"\subset", "⊆": r"\subseteq", "∩": r"\cap", "∪": r"\cup", "∫": r"\int", "ℓ": r"\ell",
    "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots",
    "′": r"{}^{\prime}", "″": r"{}^{\prime\prime}", "ᵀ": r"{}^{\mathsf{T}}", "½": r"\tfrac12",
    "¼": r"\tfrac14", "¾": r"\tfrac34", "°": r"{}^{\circ}", "✓": r"\checkmark", "✗": r"\times",
    "∎": r"\blacksquare", "□": r"\square", "■": r"\blacksquare", "●": r"\bullet",
}
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "varphi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Π": "Pi",
    "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁱⁿ", "0123456789+-()in"))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₘₙ", "0123456789+-()ijkmn"))
# Thin and narrow no-break spaces; the latter stands between the thousands of a number
SPACES = {"\u2009": r"\,", "\u202f": r"\,"}

# What pdfLaTeX knows by itself: Latin letters, the marks of running text, and box drawing
KNOWN = set("\u00a0–—‘’“”…•€§") | set(map(chr, range(0xC0, 0x180))) | set("─│┌┐└┘├┤┬┴┼")
BOXES = set("─│┌┐└┘├┤┬┴┼")


def table() -> dict[str, str]:
    """Every character beyond ASCII and Latin, with its LaTeX."""
    formulas = {**MATHS, **{c: f"\\{name}" for c, name in GREEK.items()},
                **{c: f"{{}}^{{{plain}}}" for c, plain in RAISED.items()},
                **{c: f"{{}}_{{{plain}}}" for c, plain in LOWERED.items()}}
    return {**{c: f"\\ensuremath{{{latex}}}" for c, latex in formulas.items()}, **SPACES}


def declarations() -> str:
    """LaTeX's preamble lines for all of them."""
    return "\n".join(f"\\DeclareUnicodeCharacter{{{ord(c):04X}}}{{{latex}}}"
                     for c, latex in table().items())


def expect_typesettable(text: str, source: str) -> None:
    """Raises for the first character that pdfLaTeX would stumble over."""
    known = table()
    for number, line in enumerate(text.splitlines(), 1):
        for c in line:
            if ord(c) > 0x7E and c not in known and c not in KNOWN:
                raise ReportError(f"{source}:{number}: the character {c} (U+{ord(c):04X}) has no "
                                  "LaTeX in report/characters.py")
