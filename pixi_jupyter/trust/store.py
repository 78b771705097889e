"""What this person agreed to: one small file for each content.

A file is below the user's data folder and is called as the sha256 of the content, so
that no change of a notebook keeps an agreement that was made for another content.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import RemoveError, WriteError

if TYPE_CHECKING:
    from pixi_jupyter.trust.models import Facts

VERSION = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LARGEST = 1_000_000


def trust_folder() -> Path:
    """Give the folder of all agreements."""
    import platformdirs

    data = platformdirs.user_data_path("pixi-jupyter", appauthor=False)
    return Path(data) / "trust"


def is_trusted(digest: str) -> bool:
    """Tell whether a content was agreed to, or was made here.

    Notes
    -----
    Reads one small file. One that cannot be read is no agreement.
    """
    return agreement(digest) is not None


def agreement(digest: str) -> dict[str, Any] | None:
    """Give what was noted when a content was agreed to; None where it was not."""
    try:
        data = json.loads(read_file(_place(digest), most_bytes=_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("version") != VERSION:
        return None
    return data if data.get("digest") == digest else None


def trust(digest: str, facts: Facts | None = None) -> None:
    """Note that a content is agreed to.

    Parameters
    ----------
    facts
        What was shown; None for a content that was made on this computer, by its
        user.

    Raises
    ------
    WriteError
    """
    path = _place(digest)
    data = {
        "version": VERSION,
        "digest": digest,
        "agreed": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "made_here": facts is None,
        "facts": None if facts is None else facts.to_json(),
    }
    text = json.dumps(data, indent=1, ensure_ascii=True) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, text)
    except OSError as error:
        raise WriteError(path, reason=error.strerror or str(error)) from error


def untrust(digest: str) -> bool:
    """Forget an agreement; tell whether there was one.

    Raises
    ------
    RemoveError
    """
    path = _place(digest)
    was = is_trusted(digest)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise RemoveError([path], reason=error.strerror or str(error)) from error
    return was


def _place(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        msg = f"{digest!r} is no sha256"
        raise ValueError(msg)
    return trust_folder() / f"{digest}.json"


def _write(path: Path, text: str) -> None:
    """Write a file in one step, also where a link stands in its place."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
