"""Changes of the arrays in a TOML text; comments stay with what they stand above."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pixi_jupyter.manifest.edits import append_item, format_value, remove
from pixi_jupyter.manifest.layout import LayoutError, read_layout

if TYPE_CHECKING:
    from pixi_jupyter.manifest.layout import Entry, Keys, Layout

_COMMA = re.compile(r"[ \t]*,")
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")


def insert_item(text: str, keys: Keys, index: int, value: object) -> str:
    """Give the text with an element added to an array, before one that is there.

    Parameters
    ----------
    index
        Where it is afterwards; behind the last one where there are fewer.
    """
    if index >= len(_items(read_layout(text), keys)):
        return append_item(text, keys, value)
    return _insert(text, keys, index, format_value(value))


def move_item(text: str, keys: Keys, index: int, to: int) -> str:
    """Give the text with an element of an array in another place.

    Parameters
    ----------
    index, to
        Where it is, and where it is afterwards.
    """
    layout = read_layout(text)
    items = _items(layout, keys)
    if all(_is_alone(layout, keys, item) for item in items):
        return _move_lines(text, keys, index, to)
    piece = text[items[index].value : items[index].end]
    text = remove(text, (*keys, index))
    items = _items(read_layout(text), keys)
    if to < len(items):
        return _insert(text, keys, to, piece)
    last = items[-1]
    return f"{text[: last.end]}, {piece}{text[last.end :]}"


def _items(layout: Layout, keys: Keys) -> list[Entry]:
    return [
        entry
        for entry in layout.below(keys)
        if entry.kind == "item" and entry.parent == keys
    ]


def _insert(text: str, keys: Keys, index: int, piece: str) -> str:
    layout = read_layout(text)
    item = _items(layout, keys)[index]
    if not _begins_line(layout, keys, item):
        return f"{text[: item.start]}{piece}, {text[item.start :]}"
    indent = text[layout.line_start(item.start) : item.start]
    at = _block_start(layout, keys, item)
    return f"{text[:at]}{indent}{piece},\n{text[at:]}"


def _begins_line(layout: Layout, keys: Keys, item: Entry) -> bool:
    start = layout.line_start(item.start)
    array = layout.find(keys)
    is_below = array is not None and array.value < start
    return is_below and not layout.text[start : item.start].strip()


def _behind(layout: Layout, item: Entry) -> int:
    comma = _COMMA.match(layout.text, item.end)
    return comma.end() if comma else item.end


def _is_alone(layout: Layout, keys: Keys, item: Entry) -> bool:
    """Tell whether nothing but a comment shares the lines of an element."""
    rest = _REST.match(layout.text, _behind(layout, item))
    return _begins_line(layout, keys, item) and rest is not None


def _block_start(layout: Layout, keys: Keys, item: Entry) -> int:
    """Give the offset where an element begins, comments above included."""
    array = layout.find(keys)
    if array is None:
        raise LayoutError(item.start, "this is in no array")
    start = layout.line_start(item.start)
    while (above := layout.line_start(start - 1)) > array.value:
        if not layout.text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _move_lines(text: str, keys: Keys, index: int, to: int) -> str:
    last = _items(read_layout(text), keys)[-1]
    if not _COMMA.match(text, last.end):
        text = f"{text[: last.end]},{text[last.end :]}"
    layout = read_layout(text)
    extents = [
        (_block_start(layout, keys, item), layout.line_end(_behind(layout, item)))
        for item in _items(layout, keys)
    ]
    blocks = [text[start:end] for start, end in extents]
    blocks.insert(to, blocks.pop(index))
    for (start, end), block in reversed(list(zip(extents, blocks, strict=True))):
        text = text[:start] + block + text[end:]
    return text
