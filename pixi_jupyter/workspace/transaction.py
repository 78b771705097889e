"""Manifest and lock file replaced together, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pixi_jupyter.errors import ChangedMeanwhileError, WriteError


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """New contents for some files.

    Nothing is on disk before `commit`, so leaving a transaction alone undoes it.
    """

    contents: dict[Path, bytes] = field(default_factory=dict)

    expected: dict[Path, bytes] = field(default_factory=dict)
    """What files have to hold still when it comes to the commit."""

    def write(self, path: Path, text: str, *, was: str | None = None) -> None:
        """Plan that `path` shall hold `text`.

        Parameters
        ----------
        was
            What it held when it was read; an edit that somebody makes meanwhile is
            then not overwritten.
        """
        self.contents[path] = text.encode()
        if was is not None:
            self.expected[path] = was.encode()

    def commit(self) -> Undo:
        """Replace all files, in the order in which they were planned.

        Returns
        -------
        Undo
            Puts the old contents back.

        Raises
        ------
        ChangedMeanwhileError
            If a file does not hold what was expected; nothing was written.
        WriteError
            If a file could not be written; the others are as before.

        Notes
        -----
        All new contents are written to the same disk first, so that a full disk
        is found before anything is replaced.
        """
        undo = Undo({path: _read(path) for path in self.contents})
        for path, data in self.expected.items():
            if undo.contents[path] != data:
                raise ChangedMeanwhileError(path)
        staged: dict[Path, Path] = {}
        try:
            for path, data in self.contents.items():
                if undo.contents[path] != data:
                    staged[path] = _stage(path, data)
            for path, temporary in staged.items():
                temporary.replace(path.resolve())
        except OSError as error:
            undo.restore()
            where = error.filename or next(iter(self.contents))
            raise WriteError(
                Path(where), reason=error.strerror or str(error)
            ) from error
        finally:
            for temporary in staged.values():
                temporary.unlink(missing_ok=True)
        return undo


@dataclass(frozen=True, slots=True)
class Undo:
    """What files held before a transaction."""

    contents: dict[Path, bytes | None]

    def restore(self) -> None:
        """Put the old contents back; a file that was not there goes."""
        for path, data in self.contents.items():
            if _read(path) == data:
                continue
            if data is None:
                path.unlink(missing_ok=True)
            else:
                _stage(path, data).replace(path.resolve())


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _stage(path: Path, data: bytes) -> Path:
    # beside the file that a link leads to, so that the link survives
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o7777 if target.exists() else _new_file_mode()
        Path(name).chmod(mode)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _new_file_mode() -> int:
    # the only way to ask for the umask is to set it
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
