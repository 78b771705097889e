"""A TOML file's text that is changed in place: one key or element at a time."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import ManifestEditError, ManifestParseError
from pixi_jupyter.manifest.arrays import insert_item, move_item
from pixi_jupyter.manifest.edits import format_value, remove, set_value
from pixi_jupyter.manifest.emptied import emptied
from pixi_jupyter.manifest.layout import LayoutError
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.text import read_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class EditableText:
    """The text of a file; every edit is made whole or refused.

    Parameters
    ----------
    text
        As in the file, line endings included.
    path
        Where it is.
    prefix
        Path of the tables among which a new table finds its place.

    Raises
    ------
    ManifestParseError
        If the text is not TOML.
    """

    def __init__(self, text: str, path: Path, prefix: tuple[str, ...] = ()) -> None:
        self.path = path
        self._prefix = prefix
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        # only where all lines end so; else a lone \n would be changed
        lines = text.count("\n")
        self._is_crlf = lines > 0 and text.count("\r\n") == lines
        text = text.removeprefix(self._mark)
        self._text = text.replace("\r\n", "\n") if self._is_crlf else text
        self._data = read_document(self._text, path)

    @property
    def text(self) -> str:
        """The text as it is now; to be written without changing line endings."""
        text = self._text.replace("\n", "\r\n") if self._is_crlf else self._text
        return self._mark + text

    def get(self, *keys: str) -> Any:  # noqa: ANN401  TOML holds anything
        """Give the value at a path from the top; None where there is none."""
        return _value(self._data, keys)

    def set(self, keys: tuple[str, ...], value: object) -> None:
        """Set a key, in whichever form its table is written.

        Raises
        ------
        ManifestEditError
            If the text cannot be changed without changing more than this.
        """
        # [project] of a pyproject.toml is beside pixi's tables, not among them
        is_inside = keys[: len(self._prefix)] == self._prefix
        prefix = self._prefix if is_inside else ()
        self._edit(
            lambda text: set_value(text, keys, value, prefix=prefix), keys, value
        )

    def unset(self, keys: tuple[str, ...]) -> None:
        """Take a key out, with all that is below it; tables above it stay.

        Raises
        ------
        ManifestEditError
        """
        self._edit(lambda text: remove(text, keys), keys, None)

    def unset_last(self, keys: tuple[str, ...]) -> None:
        """Take out the only key of a table, and leave the table where it was.

        Raises
        ------
        ManifestEditError
        """
        self._edit(lambda text: emptied(text, keys), keys, None)

    def set_items(self, keys: tuple[str, ...], items: list[Any]) -> None:
        """Make an array say what is given; elements that stay are not touched.

        Raises
        ------
        ManifestEditError
        """
        now = self.get(*keys)
        if not isinstance(now, list) or (now and not items):
            if now != items:
                self.set(keys, items)
            return
        now = list(now)
        for index in reversed(range(len(now))):
            if now[index] not in items:
                del now[index]
                self._edit_array(keys, now, partial(remove, keys=(*keys, index)))
        for index, item in enumerate(items):
            if item not in now[index:]:
                now.insert(index, item)
                edit = partial(insert_item, keys=keys, index=index, value=item)
            elif (old := now.index(item, index)) != index:
                now.insert(index, now.pop(old))
                edit = partial(move_item, keys=keys, index=old, to=index)
            else:
                continue
            self._edit_array(keys, now, edit)
        for index in reversed(range(len(items), len(now))):
            del now[index]
            self._edit_array(keys, now, partial(remove, keys=(*keys, index)))

    def set_item(self, keys: tuple[str, ...], index: int, value: object) -> None:
        """Write an element of an array anew, in its own form.

        Raises
        ------
        ManifestEditError
        """
        now = list(self.get(*keys))
        now[index] = value
        self._edit_array(
            keys, now, partial(set_value, keys=(*keys, index), value=value)
        )

    def _edit_array(
        self, keys: tuple[str, ...], now: list[Any], edit: Callable[[str], str]
    ) -> None:
        self._edit(edit, keys, list(now))

    def _edit(
        self, edit: Callable[[str], str], keys: tuple[str, ...], value: object
    ) -> None:
        """Take an edited text over, if it says just what was asked for."""
        wanted = dict(value) if isinstance(value, Mapping) else value
        try:
            text = edit(self._text)
            after = read_document(text.encode().decode(), self.path)
        except (LayoutError, ManifestParseError, UnicodeEncodeError):
            text, after = "", {}
        found = _value(after, keys)
        # a table that is written over several lines stays one
        is_right = found in (wanted, {"version": wanted})
        if not is_right or _without(self._data, keys) != _without(after, keys):
            line = "" if value is None else f"{keys[-1]} = {format_value(value)}"
            table = dotted(keys[:-1])
            raise ManifestEditError(self.path, table=table, key=keys[-1], line=line)
        self._text, self._data = text, after


def _value(data: object, keys: tuple[str, ...]) -> Any:  # noqa: ANN401
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _without(data: Mapping[str, Any], keys: tuple[str, ...]) -> object:
    """Give a copy without one key and the tables that are empty without it."""
    whole: Any = {"": copy.deepcopy(dict(data))}
    path = ("", *keys)
    tables = [whole]
    for key in path[:-1]:
        inside = tables[-1].get(key)
        if isinstance(inside, list):
            # an environment may become a table when it gets tables of its own
            inside = tables[-1][key] = {"features": inside}
        if not isinstance(inside, dict):
            break
        tables.append(inside)
    if len(tables) == len(path):
        tables.pop().pop(path[-1], None)
    for key, table in reversed(list(zip(path, tables, strict=False))):
        if not table.get(key, True):
            del table[key]
    return whole
