"""``pixi-jupyter complete``: what a shell asks while somebody types.

It is no command of the tree, because nobody but the scripts of `completion` calls it,
and because it has to be quick.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD = "complete"
_SHORT = 100


def main(words: Sequence[str]) -> int:
    """Print what could stand at the cursor, a line for each.

    Parameters
    ----------
    words
        Optionally ``--described``; the word at the cursor as far as it is written;
        the line as far as it is written.

    Returns
    -------
    int
        Always 0: a shell would show anything else in the middle of a line.
    """
    is_described = words[:1] == ["--described"]
    rest = words[1:] if is_described else words
    if len(rest) != 2:  # noqa: PLR2004  the word and the line
        return 0
    for text, meta in candidates(rest[0], rest[1]):
        print(f"{text}\t{meta}" if is_described and meta else text)
    sys.stdout.flush()
    return 0


def candidates(current: str, line: str) -> list[tuple[str, str]]:
    """Give the words that could take the place of the current one, with what each is.

    Parameters
    ----------
    current
        The last word of the line, which is what the shell replaces.
    line
        Up to the cursor.
    """
    from pixi_jupyter.commands.candidates import Completer

    params: dict[str, Any] = {
        "line": line,
        "cursor": len(line),
        "cwd": str(Path.cwd()),
        "face": "pixi-jupyter",
    }
    answer = asyncio.run(Completer().complete(params))
    begin = len(line) - len(current)
    start = int(answer["start"])
    # a name may be only a part of the word (-eNAME, --environment=NAME)
    before, cut = line[begin:start], max(0, begin - start)
    return [
        (before + each["text"][cut:], " ".join(each["meta"].split())[:_SHORT])
        for each in answer["matches"]
    ]
