"""Taking the last key out of a table whose name is needed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.manifest.edits import remove
from pixi_jupyter.manifest.layout import read_layout
from pixi_jupyter.manifest.locate import dotted

if TYPE_CHECKING:
    from pixi_jupyter.manifest.layout import Entry, Keys


def emptied(text: str, keys: Keys) -> str:
    """Give the text without a key, and with its table in the place of it.

    Parameters
    ----------
    text
        Without carriage returns.
    keys
        Path of the only key that its table has.
    """
    layout = read_layout(text)
    entry = next(
        each
        for each in layout.below(keys)
        if each.kind == "header" or len(each.parent) < len(keys)
    )
    start = layout.line_start(entry.start)
    if entry.kind == "header":
        rest = remove(text, keys)
        gap = "\n" if rest[start:] else ""
        return f"{rest[:start]}[{dotted(keys[:-1])}]\n{gap}{rest[start:]}"
    table = f"{_table(entry, keys)} = {{}}"
    if entry.kind == "pair":
        rest = remove(text, keys)
        return f"{rest[:start]}{text[start : entry.start]}{table}\n{rest[start:]}"
    return text[: entry.start] + table + text[entry.end :]


def _table(entry: Entry, keys: Keys) -> str:
    """Give the name of the table as it is written before that of the key."""
    return dotted(keys[len(entry.parent) : -1])
