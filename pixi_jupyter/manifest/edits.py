"""Changes of a TOML text that touch nothing else in it.

tomlkit keeps a layout that is only read, but not around an insertion: a key added to
a table goes behind the comment of the next table, and inline tables lose their line
breaks (tried with 0.15.2). So what is inserted here is inserted as text, in the style
of its neighbours; `document` compares what tomlkit reads before and after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pixi_jupyter.manifest.layout import read_layout
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.sections import section_offset

if TYPE_CHECKING:
    from pixi_jupyter.manifest.layout import Entry, Keys, Layout

_COMMA = re.compile(r"[ \t]*,")


def set_value(text: str, keys: Keys, value: object, *, prefix: Keys = ()) -> str:
    """Give the text with a key set, in whichever form its table is written.

    Parameters
    ----------
    text
        Without carriage returns.
    keys
        Path of the key.
    value
        String, boolean, sequence or mapping.
    prefix
        Path of the tables among which a new table finds its place.
    """
    layout = read_layout(text)
    entry = layout.find(keys)
    if entry is None or entry.kind == "header":
        if not layout.below(keys):
            return _insert(layout, keys, value, prefix)
        table = value if isinstance(value, Mapping) else {"version": value}
        return _set_each(text, keys, table, prefix)
    old = text[entry.value : entry.end]
    if isinstance(value, Mapping) and old.startswith("{"):
        return _set_each(text, keys, value, prefix)
    new = format_value(value)
    if isinstance(value, str) and re.match(r"'(?!'')", old) and "'" not in value:
        new = f"'{value}'"
    return text[: entry.value] + new + text[entry.end :]


def remove(text: str, keys: Keys) -> str:
    """Give the text without a key and what is below it."""
    layout = read_layout(text)
    found = [
        entry
        for entry in layout.below(keys)
        if entry.kind == "header" or len(entry.parent) < len(keys)
    ]
    for entry in reversed(found):
        start, end = _extent(layout, entry)
        text = text[:start] + text[end:]
    return text


def append_item(text: str, keys: Keys, value: object) -> str:
    """Give the text with an element added to an array."""
    layout = read_layout(text)
    entry = layout.find(keys)
    if entry is None or not text.startswith("[", entry.value):
        return set_value(text, keys, [value])
    return _insert_inside(layout, entry, format_value(value))


def format_value(value: object) -> str:
    """Write a value on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            inside = ", ".join(
                f"{dotted((str(key),))} = {format_value(each)}"
                for key, each in value.items()
            )
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return f"[{', '.join(format_value(each) for each in value)}]"
        case _:
            return str(value)


def _set_each(text: str, keys: Keys, table: Mapping[str, object], prefix: Keys) -> str:
    """Make a table say exactly what is given, key by key."""
    size = len(keys)
    there = dict.fromkeys(
        entry.keys[size]
        for entry in read_layout(text).below(keys)
        if entry.keys != keys
    )
    for key, value in table.items():
        text = set_value(text, (*keys, key), value, prefix=prefix)
    for old in there:
        if old not in table:
            text = remove(text, (*keys, old))
    return text


def _insert(layout: Layout, keys: Keys, value: object, prefix: Keys) -> str:
    """Add a key that is not there, making its tables where they are missing."""
    if len(keys) == 1:
        return _insert_top(layout, keys[0], value)
    for size in range(len(keys) - 1, len(prefix), -1):
        table, rest = keys[:size], keys[size:]
        below = layout.below(table)
        entry = layout.find(table)
        if entry is not None and entry.kind != "header":
            return _insert_below(layout, entry, rest, value)
        crossing = [each for each in below if len(each.parent) < size]
        crossing = [each for each in crossing if each.kind != "header"]
        if entry is not None and len(rest) == 1:
            return _insert_line(layout, entry, rest[0], value)
        if crossing and not any(each.kind == "header" for each in below):
            last = crossing[-1]
            return _insert_behind(layout, last, keys[len(last.parent) :], value)
        if below:
            break
    return _insert_section(layout, keys, value, prefix)


def _insert_below(layout: Layout, entry: Entry, rest: Keys, value: object) -> str:
    """Add to a table that is written as a value."""
    for key in reversed(rest[1:]):
        value = {str(key): value}
    old = layout.text[entry.value : entry.end]
    if old.startswith("["):
        # an environment that is written as the list of its features
        table = f"{{ features = {old}, {rest[0]} = {format_value(value)} }}"
        return layout.text[: entry.value] + table + layout.text[entry.end :]
    pair = f"{dotted(rest[:1])}{_separator(layout, entry)}{format_value(value)}"
    return _insert_inside(layout, entry, pair)


def _separator(layout: Layout, entry: Entry) -> str:
    for each in layout.below(entry.keys):
        if each.kind == "member":
            return layout.text[each.key_end : each.value]
    return " = "


def _insert_inside(layout: Layout, entry: Entry, piece: str) -> str:
    """Add a piece at the end of an inline table or array."""
    text, close = layout.text, entry.end - 1
    inside = [each for each in layout.below(entry.keys) if each.parent == entry.keys]
    if not inside:
        is_table = text[entry.value] == "{"
        return (
            text[: entry.value + 1]
            + (f" {piece} " if is_table else piece)
            + text[close:]
        )
    last = inside[-1]
    comma = _COMMA.match(text, last.end, close)
    behind = comma.end() if comma else last.end
    line_start = layout.line_start(last.start)
    indent = text[line_start : last.start]
    if "\n" not in text[last.end : close]:
        if indent.strip() or "\n" not in text[entry.value : close]:
            start = text[: last.end] + f", {piece}"
            return start + text[last.end : close] + text[close:]
        start = text[:behind] + ("" if comma else ",")
        return f"{start}\n{indent}{piece}" + text[behind:]
    if indent.strip():
        return text[: last.end] + f", {piece}" + text[last.end :]
    line_end = layout.line_end(behind)
    rest = text[behind:line_end]
    new = f"{indent}{piece}{',' if comma else ''}\n"
    return text[:behind] + ("" if comma else ",") + rest + new + text[line_end:]


def _insert_top(layout: Layout, key: str | int, value: object) -> str:
    """Add a line that is in no table."""
    top = [each for each in layout.entries if each.kind in ("pair", "header")]
    if top and top[0].kind == "pair":
        headers = [n for n, each in enumerate(top) if each.kind == "header"]
        last = top[headers[0] - 1] if headers else top[-1]
        return _insert_behind(layout, last, (key,), value)
    gap = "\n" if layout.text.strip() else ""
    return f"{dotted((key,))} = {format_value(value)}\n{gap}{layout.text}"


def _insert_line(layout: Layout, header: Entry, key: str | int, value: object) -> str:
    """Add a line to a table that has a header."""
    if pairs := _pairs(layout, header):
        return _insert_behind(layout, pairs[-1], (key,), value)
    return _with_line(layout, header.end, f"{dotted((key,))} = {format_value(value)}")


def _pairs(layout: Layout, header: Entry) -> list[Entry]:
    """List the lines of the table that a header opens."""
    found = []
    for entry in layout.entries[layout.entries.index(header) + 1 :]:
        if entry.kind == "header":
            break
        if entry.kind == "pair":
            found.append(entry)
    return found


def _insert_behind(layout: Layout, last: Entry, keys: Keys, value: object) -> str:
    """Add a pair behind another one, in its style."""
    text, name = layout.text, dotted(keys)
    separator = text[last.key_end : last.value]
    if last.kind == "member":
        table = layout.find(last.parent)
        if table is not None:
            return _insert_inside(
                layout, table, f"{name}{separator}{format_value(value)}"
            )
    indent = text[layout.line_start(last.start) : last.start]
    separator = _aligned(layout, last, len(name)) or separator
    line = f"{indent}{name}{separator}{format_value(value)}"
    return _with_line(layout, last.end, line)


def _aligned(layout: Layout, last: Entry, width: int) -> str | None:
    """Give the separator that goes on a column of equals signs, if there is one."""
    text = layout.text
    pairs = [
        each
        for each in layout.entries
        if each.kind == "pair" and each.parent == last.parent
    ]
    columns = {text.index("=", each.key_end) - each.start for each in pairs}
    padded = any(text.startswith("  ", each.key_end) for each in pairs)
    if len(columns) != 1 or not padded:
        return None
    missing = max(1, columns.pop() - width)
    return " " * missing + text[last.key_end : last.value].lstrip()


def _with_line(layout: Layout, behind: int, line: str) -> str:
    end = layout.line_end(behind)
    before = layout.text[:end]
    if before and not before.endswith("\n"):
        before += "\n"
    return f"{before}{line}\n{layout.text[end:]}"


def _insert_section(layout: Layout, keys: Keys, value: object, prefix: Keys) -> str:
    offset = section_offset(layout, keys[:-1], prefix)
    before, behind = layout.text[:offset], layout.text[offset:]
    if before and not before.endswith("\n"):
        before += "\n"
    if before.strip() and not before.endswith("\n\n"):
        before += "\n"
    gap = "\n" if behind.strip() and not behind.startswith("\n") else ""
    section = f"[{dotted(keys[:-1])}]\n{dotted(keys[-1:])} = {format_value(value)}\n"
    return before + section + gap + behind


def _extent(layout: Layout, entry: Entry) -> tuple[int, int]:
    """Give the offsets between which an entry is cut out."""
    text = layout.text
    start, end = layout.line_start(entry.start), layout.line_end(entry.end)
    if entry.kind == "header":
        end = max([end, *(layout.line_end(pair.end) for pair in _pairs(layout, entry))])
        while text.startswith("\n", end):
            end += 1
        return start, end
    if entry.kind == "pair":
        return start, end
    siblings = [each for each in layout.entries if each.parent == entry.parent]
    siblings = [each for each in siblings if each.kind == entry.kind]
    number = siblings.index(entry)
    comma = _COMMA.match(text, entry.end)
    behind = comma.end() if comma else entry.end
    alone = not text[start : entry.start].strip() and re.match(
        r"[ \t]*(?:#[^\n]*)?\n", text[behind:end]
    )
    if alone:
        return start, end
    if number + 1 < len(siblings):
        return entry.start, siblings[number + 1].start
    if number:
        return siblings[number - 1].end, entry.end
    before = len(text[: entry.start].rstrip(" \t"))
    spaces = re.match(r"[ \t]*", text[behind:])
    return before, behind + (spaces.end() if spaces else 0)
