"""Writes into notebooks that are saved what `%pixi add` made of their environment."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.copies import note_same, to_save
from pixi_jupyter.notebook.metadata import read_environment, write_environment
from pixi_jupyter.notebook.places import MANIFEST, working_copy

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)


def register(contents_manager: Any) -> None:  # noqa: ANN401  the configured class
    """Let a server's contents manager ask us before it saves a notebook.

    One that keeps its contents elsewhere than in files is left alone.
    """
    if hasattr(contents_manager, "register_pre_save_hook") and hasattr(
        contents_manager, "_get_os_path"
    ):
        contents_manager.register_pre_save_hook(before_save)


def before_save(
    *,
    model: Mapping[str, Any],
    path: str,
    contents_manager: Any,  # noqa: ANN401
    **_more: object,
) -> None:
    """Put the working copy's manifest and lock into a notebook, if they are newer.

    Parameters
    ----------
    model
        Of Jupyter's contents API; its notebook is changed in place.
    path
        Of that API.

    Notes
    -----
    Reads three small files; where nothing has changed it is over in a millisecond. A
    notebook is saved whatever happens here.
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    try:
        file = Path(contents_manager._get_os_path(path))  # noqa: SLF001  there is no other way
        if not (working_copy(file) / MANIFEST).is_file():
            return
        _update(content, file)
    except Exception:
        logger.warning("The environment of %s was not saved in it", path, exc_info=True)


def _update(content: dict[str, Any], file: Path) -> None:
    from pixi_jupyter.notebook.blocks import has_block
    from pixi_jupyter.trust.consent import trust_own

    carried = read_environment(content, path=file)
    if carried is None and has_block(content):
        return  # it says itself what it needs, where everybody can see it
    newer = to_save(file, carried)
    if newer is None:
        return
    write_environment(content, newer)
    trust_own(newer)
    note_same(file, newer.digest)
