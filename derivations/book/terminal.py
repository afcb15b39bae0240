"""Text with the colours of a terminal, as HTML."""

import html
import re

ESCAPE = re.compile(r"\x1b\[(\d+)m")
CLASSES = {1: "bold", 2: "faint", 31: "red", 32: "green", 33: "yellow"}


def to_html(words: str) -> str:
    """The words with a span for every colour; 0 ends all that are open."""
    parts, opened = [], 0
    for place, part in enumerate(ESCAPE.split(words)):
        if place % 2 == 0:
            parts.append(html.escape(part, quote=False))
        elif int(part) == 0:
            parts.append("</span>" * opened)
            opened = 0
        elif int(part) in CLASSES:
            parts.append(f'<span class="{CLASSES[int(part)]}">')
            opened += 1
        else:
            raise ValueError(f"a terminal's escape sequence is {part}, it must be one of "
                             f"0, {', '.join(map(str, CLASSES))}")
    return "".join(parts) + "</span>" * opened
