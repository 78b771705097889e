"""Notebooks as files: read as JSON, written so that only what changed is different."""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import (
    ChangedMeanwhileError,
    NotebookReadError,
    WriteError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 256_000_000
"""Bytes; what is larger is not opened by Jupyter either."""
SUFFIX = ".ipynb"
_INDENT = re.compile(r"\A\{\n( +|\t+)\"")


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook's JSON.

    Raises
    ------
    NotebookReadError

    Notes
    -----
    Unknown keys are kept. Only version 4 of the format has metadata as it is read
    here; older ones are converted by whatever saves them next.
    """
    return parse_notebook(read_notebook_bytes(path), path)


def read_notebook_bytes(path: Path) -> bytes:
    """Read a notebook as it is.

    Raises
    ------
    NotebookReadError
    """
    try:
        return read_file(path, most_bytes=LARGEST)
    except FileNotFoundError as error:
        raise NotebookReadError(path, reason="there is no such file") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotebookReadError(path, reason=reason) from error


def parse_notebook(data: bytes, path: Path) -> dict[str, Any]:
    """Read the bytes of a notebook.

    Raises
    ------
    NotebookReadError
    """
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotebookReadError(path, reason="it is not UTF-8") from error
    except RecursionError as error:
        reason = "it is nested too deeply"
        raise NotebookReadError(path, reason=reason) from error
    except ValueError as error:
        raise NotebookReadError(path, reason=f"it is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise NotebookReadError(path, reason="it is not an object")
    if found.get("nbformat") != 4:  # noqa: PLR2004  the version of the format
        reason = "it is not of version 4 of the format; save it with Jupyter first"
        raise NotebookReadError(path, reason=reason)
    if not isinstance(found.get("metadata"), dict):
        raise NotebookReadError(path, reason="its metadata is not an object")
    cells = found.get("cells")
    if not isinstance(cells, list) or not all(isinstance(x, dict) for x in cells):
        raise NotebookReadError(path, reason="its cells are not a list of objects")
    return found


def write_notebook(
    path: Path, notebook: Mapping[str, Any], *, was: bytes | None = None
) -> bool:
    """Write a notebook, in the manner in which the file is written already.

    Parameters
    ----------
    was
        What the file held when it was read; where it holds something else now, it is
        not overwritten.

    Returns
    -------
    bool
        Whether anything was different.

    Raises
    ------
    WriteError, ChangedMeanwhileError

    Notes
    -----
    In one step: a reader sees the notebook as it was or as it is. A link stays a
    link, and a file keeps its rights.
    """
    target = path.resolve()
    try:
        old = target.read_bytes() if target.exists() else None
        if was is not None and old != was:
            raise ChangedMeanwhileError(path)
        data = format_notebook(notebook, like=old or b"").encode()
        if data == old:
            return False
        _replace(target, data)
    except OSError as error:
        raise WriteError(path, reason=error.strerror or str(error)) from error
    return True


def format_notebook(notebook: Mapping[str, Any], *, like: bytes = b"") -> str:
    """Give the text of a notebook.

    Parameters
    ----------
    like
        A notebook whose indentation, line ends and last line it shall have; as
        nbformat writes it where there is none.
    """
    text = like.decode("utf-8", "replace").replace("\r\n", "\n")
    found = _INDENT.match(text)
    indent: int | str | None = 1
    if found:
        indent = found[1] if "\t" in found[1] else len(found[1])
    elif text and "\n" not in text.strip():
        indent = None  # all in one line
    escaped = like.isascii() and rb"\u" in like
    separators = (",", ": ")
    if indent is None:
        separators = (", ", ": ") if '": ' in text else (",", ":")
    written = json.dumps(
        notebook, indent=indent, ensure_ascii=escaped, separators=separators
    )
    try:
        written.encode()
    except UnicodeEncodeError:  # half a character, which only an escape can hold
        written = json.dumps(notebook, indent=indent, separators=separators)
    written += "\n" if not text or text.endswith("\n") else ""
    return written.replace("\n", "\r\n") if b"\r\n" in like else written


def _replace(target: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.name}.", suffix=".pixi-jupyter"
    )
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o7777
    # the only way to ask for the umask is to set it
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
