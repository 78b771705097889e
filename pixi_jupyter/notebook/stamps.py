"""Which environment made an output: a mark in each cell, and what the marks mean.

A kernel of ours says with each answer where it ran (`inkernel.stamps`). Whoever runs
the cells copies the mark into ``metadata.pixi-jupyter.environment`` of the cell, and
what it means into ``metadata.pixi-jupyter.outputs`` of the notebook: name, platform and
list of packages by mark, zlib and base85, for marks that some cell has.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.metadata import KEY, VERSION
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping

    from pixi_jupyter.lock.models import LockedPackage

OUTPUTS = "outputs"
"""The table's key in the notebook's own metadata."""
_MARK = re.compile(r"[0-9a-f]{16}")
_LARGEST = 4_000_000
"""Bytes of a list of packages."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """An environment as it was when a cell ran in it."""

    mark: str
    """The first 16 digits of the sha256 of its packages."""
    name: str = ""
    platform: str = ""
    packages: tuple[str, ...] | None = None
    """``name version build``, of PyPI ``name version``; None where it is not known."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        packages = None if self.packages is None else list(self.packages)
        return {
            "environment": self.mark,
            "name": self.name,
            "platform": self.platform,
            "packages": packages,
        }


def stamp_from_reply(metadata: object) -> Stamp | None:
    """Read what a kernel said beside an answer; None if it said nothing.

    Parameters
    ----------
    metadata
        Of an ``execute_reply``.
    """
    told = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    mark = told.get("environment") if isinstance(told, Mapping) else None
    return _stamp(mark, told)


def stamp_of_lock(
    packages: Iterable[LockedPackage], *, name: str, platform: str
) -> Stamp:
    """Give the stamp that an environment has once it is installed from a lock."""
    lines = {
        f"{each.name} {each.version} {each.build}".strip()
        for each in packages
        if each.version
    }
    text = "\n".join(sorted(lines))
    return Stamp(
        mark=hashlib.sha256(text.encode()).hexdigest()[:16],
        name=name,
        platform=platform,
        packages=tuple(sorted(lines)),
    )


def read_stamps(notebook: Mapping[str, Any]) -> dict[str, Stamp]:
    """Read what the marks of a notebook mean; what cannot be read is left out.

    Notes
    -----
    Pure; what anybody wrote into a notebook can do no harm here.
    """
    table = _mapping(_mapping(_mapping(notebook.get("metadata")).get(KEY)).get(OUTPUTS))
    found = ((mark, _stamp(mark, told)) for mark, told in table.items())
    return {mark: stamp for mark, stamp in found if stamp is not None}


def mark_of(cell: Mapping[str, Any]) -> str | None:
    """Read the mark of a cell."""
    mark = _mapping(_mapping(cell.get("metadata")).get(KEY)).get("environment")
    return mark if isinstance(mark, str) and _MARK.fullmatch(mark) else None


def stamp_cell(
    notebook: MutableMapping[str, Any], cell: MutableMapping[str, Any], reply: object
) -> Stamp | None:
    """Mark a cell that was run with the environment that it was run in.

    Parameters
    ----------
    notebook, cell
        Changed in place; a kernel that says nothing leaves no mark.
    reply
        The metadata of the ``execute_reply``.
    """
    stamp = stamp_from_reply(reply)
    metadata = cell.setdefault("metadata", {})
    if stamp is None:
        metadata.pop(KEY, None)
        return None
    metadata[KEY] = {"environment": stamp.mark}
    own = notebook.setdefault("metadata", {}).setdefault(KEY, {})
    own.setdefault("version", VERSION)
    own.setdefault(OUTPUTS, {})[stamp.mark] = {
        "name": stamp.name,
        "packages": _packed(stamp.packages or ()),
        "platform": stamp.platform,
    }
    return stamp


def prune(notebook: MutableMapping[str, Any]) -> None:
    """Forget what marks mean that no cell has any more."""
    own = _mapping(_mapping(notebook.get("metadata")).get(KEY))
    table = own.get(OUTPUTS)
    if not isinstance(table, dict):
        return
    used = {mark_of(cell) for cell in notebook.get("cells", ())}
    for mark in [mark for mark in table if mark not in used]:
        del table[mark]


def recorder(notebook: MutableMapping[str, Any]) -> Callable[..., None]:
    """Give what nbclient calls after each cell: ``on_cell_executed``.

    Examples
    --------
    ``NotebookClient(notebook, on_cell_executed=recorder(notebook)).execute()``
    """

    def on_cell_executed(
        *, cell: MutableMapping[str, Any], execute_reply: Mapping[str, Any], **_: object
    ) -> None:
        stamp_cell(notebook, cell, execute_reply.get("metadata"))
        prune(notebook)

    return on_cell_executed


def _stamp(mark: object, told: object) -> Stamp | None:
    if not isinstance(mark, str) or not _MARK.fullmatch(mark):
        return None
    if not isinstance(told, Mapping):
        return None
    return Stamp(
        mark=mark,
        name=_word(told.get("name")),
        platform=_word(told.get("platform")),
        packages=_unpacked(told.get("packages"), mark),
    )


def _word(value: object) -> str:
    found = value if isinstance(value, str) else ""
    return found if found.isprintable() and len(found) <= _LONGEST_NAME else ""


def _packed(packages: Iterable[str]) -> str:
    data = zlib.compress("\n".join(packages).encode(), 9)
    return base64.b85encode(data).decode("ascii")


def _unpacked(value: object, mark: str) -> tuple[str, ...] | None:
    """Read a list of packages that has the mark it stands under; else None."""
    if not isinstance(value, str) or len(value) > _LARGEST:
        return None
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(base64.b85decode(value), _LARGEST)
        text = data.decode()
    except (ValueError, zlib.error):
        return None
    if not reader.eof or hashlib.sha256(data).hexdigest()[: len(mark)] != mark:
        return None
    return tuple(line for line in text.split("\n") if line.isprintable() and line)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
