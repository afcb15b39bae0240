"""Turns what site/failing_check.cpp writes into the page "A failing check" of the site."""

import json
import textwrap
from pathlib import Path
from typing import Any

from terminal import to_html

PAGE = """# A failing check

This is what a mistake looks like. The program below was run when this site was made, and everything on the page is what it wrote.

## The mistake

Somebody derived the backward pass of a convolution and wrote it down with a `=` where a `+=` belongs. It compiles, and a network that uses it even learns a little.

```cpp
{layer}
```

The check needs a recipe, which makes the layer over any type of number, and a `z`. It draws `dy` itself.

```cpp
{check}
```

## What a terminal shows

`to_text(report)` gives this; `handgrad check` prints it of the layers of the book, in colours where it writes to a terminal.

{report}

From above to below:

- **The table** has one line for each gradient, so that one mistake does not make everything look wrong: `dweight` and `dbias` are right. *Worst at* is the entry furthest outside its bound, *backward* what it is, the next column what it should be by the oracle named there. Nobody chose the *bound*: it is what rounding can amount to in this sum.
- **What the entries that fail have in common**, in the words of the gradient's axes.
- **The likely mistake**: of all known mistakes, {mistake} gives exactly these wrong numbers, in every entry. The page and section explain it.
- **Who is to blame.** Two oracles that have nothing in common are asked. Where they agree and backward differs, backward is wrong.
- **The smallest case** that still fails, with numbers to follow by hand.

## What a picture shows

`to_svg(report)`, or `handgrad check … --heat-map file.svg`, draws every entry of every gradient: light where it is right, dark with a cross where it is wrong. Here it shows at a glance what words can only hint at: wrong are the rows and columns in which two windows overlap, and the entries that one window alone reaches are right.

![{alt}](../pictures/checker-failing.svg)

A file that ends in `.html` takes any number of reports. Under the mouse, an entry that fails says its numbers.

## What a program reads

`to_json(reports)` has all of it for other programs, field by field as [its own page](report_json.md) says. From here it is the same as for a right layer: the exit code of `handgrad check` is 1 if anything fails, so a script need not read at all.
"""


def region(source: str, name: str) -> str:
    """The lines between the two `//! [name]` lines of a file."""
    parts = source.split(f"//! [{name}]\n")
    if len(parts) != 3:
        raise ValueError(f"failing_check.cpp: the lines //! [{name}] must be two, there are {len(parts) - 1}")
    return textwrap.dedent(parts[1].rsplit("\n", 1)[0])


def failing(report: dict[str, Any]) -> dict[str, Any]:
    """The first gradient that fails for a mistake that is known."""
    for tensor in report["tensors"]:
        if tensor["mistakes"]:
            return tensor
    raise ValueError("failing_check: no mistake is named in the report of the check that shall fail")


def page(source: str, folder: Path) -> str:
    """The page as Markdown, from the program and the folder that it wrote to."""
    report = json.loads((folder / "failing_check.json").read_text(encoding="utf-8"))["checks"][0]
    tensor = failing(report)
    words = to_html((folder / "failing_check.txt").read_text(encoding="utf-8"))
    shown = f'\\htmlonly[block]\n<pre class="terminal">{words}</pre>\n\\endhtmlonly'
    alt = (f"The entries of dz as a grid for each sample and channel. Of {len(tensor['failing'])} "
           f"that are wrong, each has a cross; dweight and dbias are light everywhere.")
    return PAGE.format(layer=region(source, "layer"), check=region(source, "check"), report=shown,
                       mistake=f"*{tensor['mistakes'][0]['name']}*", alt=alt)


def example(folder: Path) -> str:
    """The JSON of the check, cut to one gradient and one entry."""
    document = json.loads((folder / "failing_check.json").read_text(encoding="utf-8"))
    check = document["checks"][0]
    tensor = failing(check)
    check["tensors"] = [{**tensor, "failing": tensor["failing"][:1]}]
    check["smallest_case"] = check["smallest_case"].split("\n")[0] + "\n…"
    return json.dumps(document, indent=2, ensure_ascii=False)
