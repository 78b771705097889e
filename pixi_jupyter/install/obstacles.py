"""Files of the user that stand where a package is going to put its own.

py-rattler writes over such a file, and stops half way at a folder where a file has
to be, or the reverse. So they are moved aside before anything is touched. The same
goes for links that lead out of the prefix: whatever is reached through one belongs
to somebody else, and is neither written nor deleted.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.install.cached import (
    CachedFile,
    package_folder,
    read_files,
    target_paths,
)
from pixi_jupyter.install.prefix import read_packages
from pixi_jupyter.install.pypi_dists import pypi_files
from pixi_jupyter.install.verify import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pixi_jupyter.events import Operation
    from pixi_jupyter.install.plan import InstallPlan
    from pixi_jupyter.install.prefix import InstalledPackage

ASIDE = "__moved_aside__"
"""In the prefix; what is moved aside keeps its path below it."""

_SHOWN = 5
"""How many paths a warning names."""


def clear_the_way(
    prefix: Path,
    plan: InstallPlan,
    leaving: Iterable[InstalledPackage],
    packages_dir: Path,
    operation: Operation,
) -> list[str]:
    """Move what is the user's out of the way of a plan, and say so.

    Parameters
    ----------
    prefix
        As it is before the change.
    plan
        What is going to be done.
    leaving
        The packages that are going to be unlinked, with their files.
    packages_dir
        Where the packages that are going to be linked lie.
    operation
        Hears which package wants what.

    Returns
    -------
    list of str
        What was moved, relative to the prefix.

    Raises
    ------
    OSError
        If something cannot be moved; no package was touched.

    Notes
    -----
    Reads the lists of files of what is linked, and looks into each folder once.
    Those of the packages that stay are read only if something is in the way.
    """
    work = _Way(prefix, {f.path for package in leaving for f in package.files})
    for record in plan.to_link:
        folder = package_folder(packages_dir, record)
        targets = target_paths(record, folder, plan.wanted)
        work.want(record.name.normalized, targets, folder)
    for path in work.owned:
        work.pass_folders(path.rpartition("/")[0], "")
    work.leave_packages_alone()
    moved = {path: move_aside(prefix, path) for path in work.found}
    tell_moved(prefix, work.found, moved, operation)
    return list(moved)


@dataclass(slots=True)
class _Way:
    """What lies in a prefix, as far as somebody wants to put something there."""

    prefix: Path
    owned: set[str]
    """Paths of the packages that go."""
    found: dict[str, str] = field(default_factory=dict)
    """The package that is in the way of each obstacle; empty where one leaves."""
    _folders: dict[str, dict[str, os.DirEntry[str]]] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=set)

    def want(self, package: str, targets: dict[str, str], folder: Path) -> None:
        """Look at the places where a package is going to put its files."""
        by_folder: dict[str, list[str]] = {}
        for path in targets:
            by_folder.setdefault(path.rpartition("/")[0], []).append(path)
        there = [
            (path, entry)
            for inside, paths in by_folder.items()
            if self.pass_folders(inside, package)
            for path in paths
            if (entry := self._inside(inside).get(_name(path))) is not None
            and path not in self.owned
            and not _is_bytecode(path)
        ]
        files = {file.path: file for file in read_files(folder)} if there else {}
        for path, entry in there:
            self._meet(package, path, entry, files.get(targets[path]))

    def _meet(
        self,
        package: str,
        path: str,
        entry: os.DirEntry[str],
        file: CachedFile | None,
    ) -> None:
        if not entry.is_dir(follow_symlinks=False):
            if not _is_same(entry, file, self.prefix):
                self._note(path, package)
            return
        inside = [
            Path(each).relative_to(self.prefix).as_posix()
            for each in files_below(entry.path)
        ]
        for each in inside or [path]:
            self._note(each, package)

    def pass_folders(self, folder: str, package: str) -> bool:
        """Walk down to a folder; tell whether it is there, and in the prefix."""
        if not folder or folder in self._folders:
            return True
        if folder in self._absent:
            return False
        if self._is_passable(folder, package):
            return True
        self._absent.add(folder)
        return False

    def _is_passable(self, folder: str, package: str) -> bool:
        above, _, name = folder.rpartition("/")
        if not self.pass_folders(above, package):
            return False
        entry = self._inside(above).get(_name(name))
        if entry is None:
            return False
        if entry.is_symlink():
            if folder in self.owned or self._leads_inside(entry.path):
                return True
        elif entry.is_dir(follow_symlinks=False):
            return True
        if folder not in self.owned:
            self._note(folder, package)
        return False

    def _leads_inside(self, path: str) -> bool:
        target = Path(path)
        return target.is_dir() and target.resolve().is_relative_to(
            self.prefix.resolve()
        )

    def _inside(self, folder: str) -> dict[str, os.DirEntry[str]]:
        known = self._folders.get(folder)
        if known is None:
            try:
                with os.scandir(self.prefix / folder) as entries:
                    known = {os.path.normcase(each.name): each for each in entries}
            except OSError:
                known = {}
            self._folders[folder] = known
        return known

    def _note(self, path: str, package: str) -> None:
        if path not in self.owned:
            self.found.setdefault(path, package)

    def leave_packages_alone(self) -> None:
        """Forget what belongs to packages that stay: they quarrel by themselves."""
        if not self.found:
            return
        for package in read_packages(self.prefix):
            for file in package.files:
                self.found.pop(file.path, None)
        for path in pypi_files(self.prefix):
            self.found.pop(path, None)


def _name(path: str) -> str:
    return os.path.normcase(path.rpartition("/")[2])


def _is_same(entry: os.DirEntry[str], file: CachedFile | None, prefix: Path) -> bool:
    """Tell whether the very file of the package is there already.

    So it is where a record was lost or its package only half linked.
    """
    if entry.is_symlink():
        return file is not None and file.is_link
    path, own = Path(entry.path), os.fsencode(prefix)
    try:
        if file is None:
            return own in path.read_bytes()[:4096]
        if file.placeholder is None:
            same_size = entry.stat(follow_symlinks=False).st_size == file.size
            return same_size and sha256_of(path) == file.sha256
        data = path.read_bytes()
    except OSError:
        return False
    if file.is_binary:
        return len(data) == file.size
    shipped = data.replace(own, file.placeholder.encode())
    return hashlib.sha256(shipped).hexdigest() == file.sha256


def _is_bytecode(path: str) -> bool:
    return path.endswith(".pyc") and "__pycache__/" in path


def files_below(folder: str) -> Iterator[str]:
    """Give every file, and every link, below a folder; no link is followed."""
    for where, folders, files in os.walk(folder):
        yield from (f"{where}/{name}" for name in files)
        links = [name for name in folders if Path(where, name).is_symlink()]
        yield from (f"{where}/{name}" for name in links)


def move_aside(prefix: Path, path: str) -> str:
    """Move one file aside; gives where it is now, relative to the prefix."""
    target = free_place(prefix / ASIDE, path)
    (prefix / path).rename(target)
    for folder in (prefix / path).parents:
        if folder == prefix or not _is_removed(folder):
            break
    return target.relative_to(prefix).as_posix()


def free_place(folder: Path, path: str) -> Path:
    """Give a place for a file of that path where no other one is.

    Parameters
    ----------
    folder
        Where it should go; where that has such a file, a number is added.
    path
        Relative to `folder`.

    Raises
    ------
    OSError
        If the folders cannot be made.
    """
    names = chain([folder.name], (f"{folder.name}{number}" for number in count(2)))
    return next(filter(_is_free, (folder.with_name(name) / path for name in names)))


def _is_free(target: Path) -> bool:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False  # a file that was moved earlier has the name of the folder
    return not os.path.lexists(target)


def _is_removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def tell_moved(
    prefix: Path, found: dict[str, str], moved: dict[str, str], operation: Operation
) -> None:
    """Warn of what was moved: the package that wants each path, and where it is."""
    by_package: dict[str, list[str]] = {}
    for path, package in found.items():
        by_package.setdefault(package, []).append(path)
    for package, paths in by_package.items():
        shown = ", ".join(f"{x} is now {moved[x]}" for x in paths[:_SHOWN])
        more = f", and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        why = f"package {package} has files of the same name"
        why = why if package else "a package has files behind it"
        operation.warn(
            f"What belongs to no package in {prefix} was moved aside,"
            f" because {why}: {shown}{more}"
        )
