"""Take folders away so that nobody ever meets half of one.

What goes is renamed first, to a name that every later install or clean sweeps, and
deleted then: a process that is killed in between leaves nothing that looks whole.
Symbolic links are removed, and never followed.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.install.bytecode import SCRIPT
from pixi_jupyter.install.stage import staging_place
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much a path holds."""

    size_bytes: int = 0
    """Of all its files, each counted once."""
    freed_bytes: int = 0
    """What the disk gains: a file with a link elsewhere stays."""

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            size_bytes=self.size_bytes + other.size_bytes,
            freed_bytes=self.freed_bytes + other.freed_bytes,
        )


def measure(paths: Sequence[Path]) -> list[Amount]:
    """Measure what goes when all of `paths` go.

    A file that has links in several of them is counted for the last one only, so
    that the sums are right.

    Notes
    -----
    Reads the disk; what vanishes meanwhile is left out.
    """
    places: dict[tuple[int, int], tuple[int, int, os.stat_result]] = {}
    for number, path in enumerate(paths):
        for status in _statuses(path):
            key = (status.st_dev, status.st_ino)
            links = places[key][1] + 1 if key in places else 1
            places[key] = (number, links, status)
    amounts = [Amount()] * len(paths)
    for number, links, status in places.values():
        is_gone = links >= status.st_nlink
        amounts[number] += Amount(
            size_bytes=status.st_size, freed_bytes=status.st_size if is_gone else 0
        )
    return amounts


def _statuses(path: Path) -> Iterator[os.stat_result]:
    try:
        status = path.lstat()
    except OSError:
        return
    if not stat.S_ISDIR(status.st_mode):
        yield status
        return
    for parent, folders, files in os.walk(path):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]  # noqa: PTH114, PTH118  a hundred thousand of them
        for name in (*files, *links):
            try:
                yield os.lstat(os.path.join(parent, name))  # noqa: PTH118  as above
            except OSError:
                continue


def is_link(path: Path) -> bool:
    """Tell whether a path only leads elsewhere, as a symbolic link or a junction."""
    isjunction = getattr(os.path, "isjunction", None)  # from Python 3.12 on
    return path.is_symlink() or bool(isjunction and isjunction(path))


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder itself, and leads nowhere else."""
    return path.is_dir() and not is_link(path)


def set_aside(path: Path, *, name: str = "") -> Path:
    """Rename something to a name that is swept.

    Parameters
    ----------
    path
        What goes.
    name
        The environment that it belongs to; empty for its own name.

    Returns
    -------
    Path
        Where it is now, for `remove_tree`.

    Raises
    ------
    OSError
    """
    place = staging_place(path.with_name(name) if name else path)
    path.rename(place)
    return place


def leftovers(folder: Path) -> list[Path]:
    """List what killed processes left in a folder: half-made, or half-removed."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.name.startswith(".") and ".new-" in path.name
        )
    except OSError:
        return []


def owner_of(leftover: Path) -> str:
    """Give the environment that something set aside belongs to."""
    return leftover.name[1:].rpartition(".new-")[0]


def remove_tree(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it.

    Raises
    ------
    OSError
        If some of it stays.

    Notes
    -----
    Another process may be removing the same.
    """
    for attempt in range(_ATTEMPTS):
        try:
            if is_folder(path):
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            if not os.path.lexists(path):
                return
        except PermissionError:
            if attempt or not _allow(path):
                raise
        else:
            return
    shutil.rmtree(path)


def _allow(path: Path) -> bool:
    """Give the owner every right on all folders; packages may take it away."""
    if sys.platform == "win32" or not is_folder(path):
        return False
    path.chmod(0o700)
    for parent, folders, _ in os.walk(path):
        for name in folders:
            inside = Path(parent, name)
            if not inside.is_symlink():
                inside.chmod(0o700)
    return True


def processes_in(folders: Iterable[Path]) -> list[tuple[int, str]]:
    """List the processes of this machine whose program lies in one of `folders`.

    Returns
    -------
    list of tuple
        Process and its command; empty where the system does not tell.
    """
    resolved = [os.path.realpath(folder) + os.sep for folder in folders]
    found = []
    try:
        entries = sorted(
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()
        )
    except OSError:
        return []
    for pid in entries:
        try:
            program = str(Path(f"/proc/{pid}/exe").readlink())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(SCRIPT) in words:
            continue  # our own compiler ends with the folder, and nobody misses it
        if any(program.startswith(folder) for folder in resolved):
            command = " ".join(os.fsdecode(word) for word in words if word)
            found.append((pid, command))
    return found
