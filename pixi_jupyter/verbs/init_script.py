"""Let a script say itself what it needs."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import ScriptBlockExistsError, ScriptBlockNotFoundError
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.script_block import read_block, with_block
from pixi_jupyter.manifest.script_place import is_script
from pixi_jupyter.manifest.script_tables import new_block
from pixi_jupyter.manifest.text import read_text, shown
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pixi_jupyter.verbs.request import TableRequest
    from pixi_jupyter.workspace.transaction import Undo


def init_script(
    path: Path, *, channels: Sequence[str] = (), platforms: Sequence[str] = ()
) -> Undo:
    """Write a block into a script, which is made where it is not there.

    Parameters
    ----------
    channels
        Empty: those of the settings.

    Raises
    ------
    ScriptBlockExistsError
    ManifestParseError
        If there is half a block, or the script is not UTF-8.
    """
    is_there = path.exists()
    text = read_text(path) if is_there else ""
    try:
        read_block(text, shown(path))
    except ScriptBlockNotFoundError:
        toml = new_block(channels or read_settings().default_channels, platforms)
    else:
        raise ScriptBlockExistsError(shown(path))
    transaction = Transaction()
    path.parent.mkdir(parents=True, exist_ok=True)
    transaction.write(path, with_block(text, toml), was=text if is_there else None)
    return transaction.commit()


@contextmanager
def begun(request: TableRequest) -> Iterator[None]:
    """Give a script that has no block one, and take it back where nothing came of it.

    For `add`: of a script that is no manifest yet, it makes one.
    """
    undo: Undo | None = None
    if request.manifest is not None and is_script(request.manifest):
        path = find_manifest(Path.cwd(), request.manifest)
        try:
            if is_script(path):
                read_block(read_text(path), path)
        except ScriptBlockNotFoundError:
            undo = init_script(path)
    is_done = False
    try:
        yield
        is_done = not request.dry_run
    finally:
        if undo is not None and not is_done:
            undo.restore()
