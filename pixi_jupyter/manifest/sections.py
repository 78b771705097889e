"""Where a new table goes among those that a manifest has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from pixi_jupyter.manifest.layout import Entry, Keys, Layout

_BEHIND = {
    "dependencies": ("workspace", "project"),
    "target": (
        "pypi-dependencies",
        "constraints",
        "build-dependencies",
        "host-dependencies",
        "dependencies",
        "workspace",
        "project",
    ),
}
"""Tables that a new one stands behind; the first of them that is there."""

_BEFORE = {"feature": "environments"}


@dataclass(frozen=True, slots=True)
class _Section:
    header: Entry
    start: int
    """First character, comments above included."""
    end: int
    """Behind the last line, comments directly below included."""


def section_offset(layout: Layout, keys: Keys, prefix: Keys) -> int:
    """Find the offset at which the header of a new table is written.

    Parameters
    ----------
    layout
        Of the text as it is.
    keys
        Path of the new table.
    prefix
        Path of the tables it belongs to: ``tool.pixi`` in a pyproject.toml.

    Returns
    -------
    int
        Behind the nearest relatives; else where a person would look for it.
    """
    sections = _sections(layout)
    for size in range(len(keys) - 1, len(prefix), -1):
        if relatives := _family(sections, keys[:size]):
            return relatives[-1].end
    if keys[: len(prefix)] != prefix:
        # of the project itself, such as [dependency-groups]
        relatives = _family(sections, keys[:1]) or _family(sections, ("project",))
        return relatives[-1].end if relatives else len(layout.text)
    root = str(keys[len(prefix)])
    for name in _BEHIND.get(root, ()):
        if relatives := _family(sections, (*prefix, name)):
            return relatives[-1].end
    if root in _BEFORE and (later := _family(sections, (*prefix, _BEFORE[root]))):
        return later[0].start
    if relatives := _family(sections, prefix):
        return relatives[-1].end
    return len(layout.text)


def _family(sections: list[_Section], keys: Keys) -> list[_Section]:
    return [each for each in sections if each.header.keys[: len(keys)] == keys]


def _sections(layout: Layout) -> list[_Section]:
    found: list[_Section] = []
    header, last = None, 0
    for entry in layout.entries:
        if entry.kind == "header":
            if header:
                found.append(_section(layout, header, last))
            header = entry
        last = max(last, entry.end)
    if header:
        found.append(_section(layout, header, last))
    return found


def _section(layout: Layout, header: Entry, last: int) -> _Section:
    text = layout.text
    start, end = layout.line_start(header.start), layout.line_end(last)
    while start and _is_comment(above := text[layout.line_start(start - 1) : start]):
        start -= len(above)
    below = end
    while below < len(text) and _is_comment(text[below : layout.line_end(below)]):
        below = layout.line_end(below)
    # comments belong to this table unless the next one follows them directly
    is_mine = not text[below : layout.line_end(below)].strip()
    return _Section(header, start, below if is_mine else end)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
