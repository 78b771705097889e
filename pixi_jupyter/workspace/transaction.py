"""Manifest and lock file replaced together, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from pixi_jupyter.errors import ChangedMeanwhileError, WriteError
from pixi_jupyter.install.locks import is_alive
from pixi_jupyter.values import dataclass

_SUFFIX = ".pixi-jupyter"
"""Of files that are not in their place yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """New contents for some files.

    Nothing is on disk before `commit`, so leaving a transaction alone undoes it.
    """

    contents: dict[Path, bytes] = field(default_factory=dict)

    expected: dict[Path, bytes | None] = field(default_factory=dict)
    """What files have to hold still when it comes to the commit; None: not there."""

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

    def replace(self, path: Path, text: str, *, was: bytes | None) -> None:
        """Plan that `path` shall hold `text` in the place of `was`, or of nothing."""
        self.contents[path], self.expected[path] = text.encode(), was

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
        is found before anything is replaced. A process that is killed between two
        renames leaves the new manifest with the old lock, which the next command
        sees and brings up to date.
        """
        before = {path: _read(path) for path in self.contents}
        for path, data in self.expected.items():
            if before[path] != data:
                raise ChangedMeanwhileError(path)
        undo = Undo(before, self.contents)
        staged: dict[Path, Path] = {}
        try:
            for path, data in self.contents.items():
                _sweep(path)
                if before[path] != data:
                    staged[path] = _stage(path, data)
            for path, temporary in staged.items():
                temporary.replace(path.resolve())
        except OSError as error:
            with suppress(WriteError):  # the first failure is the one to tell
                undo.restore()
            raise _write_error(error, next(iter(self.contents))) from error
        finally:
            for temporary in staged.values():
                temporary.unlink(missing_ok=True)
        return undo


@dataclass(frozen=True, slots=True)
class Undo:
    """What files held before a transaction, and what it wrote."""

    contents: dict[Path, bytes | None]
    written: dict[Path, bytes]

    def restore(self) -> tuple[Path, ...]:
        """Put the old contents back; a file that was not there goes.

        Returns
        -------
        tuple of Path
            Files that somebody has changed since; they are left alone.

        Raises
        ------
        WriteError
            If a file could not be written.
        """
        changed = []
        for path, data in self.contents.items():
            now = _read(path)
            if now == data:
                continue
            if now != self.written[path]:
                changed.append(path)
                continue
            try:
                if data is None:
                    path.unlink(missing_ok=True)
                else:
                    _stage(path, data).replace(path.resolve())
            except OSError as error:
                raise _write_error(error, path) from error
        return tuple(changed)


def _write_error(error: OSError, path: Path) -> WriteError:
    where = Path(error.filename or path)
    return WriteError(where, reason=error.strerror or str(error))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _write_error(error, path) from error


def _stage(path: Path, data: bytes) -> Path:
    # beside the file that a link leads to, so that the link survives
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(
        prefix=f"{_stem(path)}{os.getpid()}-", suffix=_SUFFIX, dir=target.parent
    )
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


def _sweep(path: Path) -> None:
    """Remove what a process left that was killed before its rename."""
    stem = _stem(path)
    with suppress(OSError):
        for old in list(path.resolve().parent.iterdir()):
            if not (old.name.startswith(stem) and old.name.endswith(_SUFFIX)):
                continue
            pid = old.name.removeprefix(stem).partition("-")[0]
            if pid.isdigit() and not is_alive(int(pid)):
                old.unlink(missing_ok=True)


def _stem(path: Path) -> str:
    return f".{path.name}."


def _new_file_mode() -> int:
    # the only way to ask for the umask is to set it
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
