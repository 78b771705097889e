"""Make or renew a channel: decide what belongs into it, and write what changed."""

from __future__ import annotations

import json
import os
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from pixi_jupyter.channel.archive import write_package
from pixi_jupyter.channel.distribution import distribution_package, missing_files
from pixi_jupyter.channel.installed import Remark, catalogue, closure
from pixi_jupyter.channel.interpreter import (
    Interpreter,
    python_abi_package,
    python_package,
)
from pixi_jupyter.channel.repodata import write_repodata
from pixi_jupyter.errors import ChannelBuildError, DistributionNotFoundError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.channel.blueprint import Blueprint
    from pixi_jupyter.channel.installed import Catalogue, Installed
    from pixi_jupyter.events import Operation

DEFAULT_NAMES = ("ipykernel", "ipywidgets", "tomlkit", "click", "rich", "numpy")
"""What a channel holds when nobody says otherwise, as far as it is installed."""

STAMP = ".pixi-jupyter-channel.json"
"""Remembers which source each package was made of; nothing else reads it."""

_LOCK = ".pixi-jupyter-channel.lock"
_PRODUCT = "pixi-jupyter"
_ALWAYS = frozenset(["python", "python-abi"])
_LEVEL = 2  # a third faster than 3, and a twentieth larger
_LONGEST_WAIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReport:
    """What became of a channel."""

    folder: Path
    url: str
    """With a trailing slash."""
    built: tuple[str, ...]
    """Packages that were written, such as ``noarch/rich-15.0.0-….conda``."""
    reused: tuple[str, ...]
    """Packages that were there, and whose source is the same."""
    skipped: tuple[Remark, ...]
    """Distributions that are not in the channel, and why."""
    remarks: tuple[Remark, ...]
    """Distributions that are in it, but lack something."""


def build_channel(
    folder: Path,
    names: Sequence[str] = DEFAULT_NAMES,
    *,
    every: bool = False,
    path: Sequence[str] | None = None,
    operation: Operation,
) -> ChannelReport:
    """Make a channel of the running interpreter and of distributions beside it.

    Parameters
    ----------
    folder
        Where the channel lies or will lie. Packages that are in it stay, since
        lock files may name them; of one version the newest build wins a solve.
    names
        Distributions, possibly with extras, each taken with all that it needs.
        Of `DEFAULT_NAMES` those that are not installed are left out.
    every
        Take everything that is installed, except this program itself.
    path
        Site folders to look for distributions in; None for those of ``sys.path``.

    Raises
    ------
    DistributionNotFoundError
        If a name is not installed.
    ChannelBuildError
        If the interpreter or a distribution cannot be made into a package, or
        the folder cannot be written.

    Notes
    -----
    Blocks for seconds: call it in a thread. Holds the channel's own lock.
    Archives and repodata are replaced whole, and repodata is written after the
    archives that it names, so a channel that is being renewed, or was left in
    the middle of it, can be used.
    """
    folder, names = folder.absolute(), tuple(names)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _held(folder, operation):
            known = catalogue(path)
            operation.say("channel", "looking at what is installed")
            chosen, skipped, remarks = _chosen(names, known, every=every)
            for remark in remarks:
                operation.warn(f"{remark.name}: {remark.reason}")
            files = _write(folder, _blueprints(chosen, known), operation)
            operation.finish("channel")
    except OSError as error:
        raise ChannelBuildError(
            str(error.filename or folder), reason=error.strerror or str(error)
        ) from error
    return ChannelReport(
        folder=folder,
        url=folder.as_uri() + "/",
        built=tuple(sorted(file for file, fresh in files.items() if fresh)),
        reused=tuple(sorted(file for file, fresh in files.items() if not fresh)),
        skipped=tuple(sorted(skipped, key=lambda each: each.name)),
        remarks=tuple(remarks),
    )


@contextmanager
def _held(folder: Path, operation: Operation) -> Iterator[None]:
    """Keep other builders away from a channel, and say so while one is there."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        operation.say("waiting", f"another process renews the channel {folder}")
        try:
            lock.acquire(timeout=_LONGEST_WAIT_SECONDS)
        except Timeout as error:
            raise ChannelBuildError(
                str(folder), reason="another process has been renewing it for too long"
            ) from error
        operation.finish("waiting")
    try:
        yield
    finally:
        lock.release()


def _blueprints(chosen: Sequence[Installed], known: Catalogue) -> list[Blueprint]:
    interpreter = Interpreter.running()
    return [
        python_package(interpreter),
        python_abi_package(interpreter),
        *(distribution_package(each, known, interpreter) for each in chosen),
    ]


def _chosen(
    names: Sequence[str], known: Catalogue, *, every: bool
) -> tuple[list[Installed], list[Remark], list[Remark]]:
    """Decide what goes into the channel: chosen, skipped and incomplete ones."""
    skipped: list[Remark] = []
    roots = []
    for name in names:
        requirement = _root(name)
        normal = canonicalize_name(requirement.name)
        if normal in known:
            _check_root(requirement, known[normal], optional=names == DEFAULT_NAMES)
            roots.append(requirement)
        elif names == DEFAULT_NAMES:
            skipped.append(Remark(name=normal, reason="it is not installed"))
        elif normal not in _ALWAYS:
            raise DistributionNotFoundError(name, available=known)
    if every:
        roots += [Requirement(name) for name in known if name != _PRODUCT]
        if _PRODUCT in known:
            reason = "an environment needs no copy of the program that makes it"
            skipped.append(Remark(name=_PRODUCT, reason=reason))
    reached, remarks = closure(roots, known)
    skipped += [Remark(name=x.name, reason=x.fault) for x in reached if x.fault]
    chosen = [each for each in reached if not each.fault]
    for each in chosen:
        if missing := missing_files(each):
            reason = f"{len(missing)} of its files are gone, such as {missing[0]}"
            remarks.append(Remark(name=each.name, reason=reason))
    return chosen, skipped, remarks


def _root(name: str) -> Requirement:
    try:
        return Requirement(name)
    except InvalidRequirement as error:
        raise ChannelBuildError(
            name, reason="it is not the name of a distribution"
        ) from error


def _check_root(requirement: Requirement, found: Installed, *, optional: bool) -> None:
    if found.fault and not optional:
        raise ChannelBuildError(found.name, reason=found.fault)
    if not requirement.specifier.contains(found.version, prereleases=True):
        raise ChannelBuildError(
            str(requirement), reason=f"version {found.version} is installed"
        )


def _write(
    folder: Path, blueprints: Sequence[Blueprint], operation: Operation
) -> dict[str, bool]:
    """Write what changed; tells for each archive whether it is fresh."""
    for left in folder.glob("*/.*.partial"):
        left.unlink()
    stamps = _read_stamps(folder)
    fresh: dict[str, bool] = {}
    # the longest first, so that the last thread has no long one left
    ordered = sorted(blueprints, key=lambda each: -len(each.sources))
    total = len(ordered)
    pool = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1))
    try:
        waiting = {
            pool.submit(_write_one, folder, each, stamps.get(each.name, {})): each
            for each in ordered
        }
        for done, future in enumerate(as_completed(waiting), 1):
            stamp, is_fresh = future.result()
            stamps[waiting[future].name] = stamp
            fresh[str(stamp["file"])] = is_fresh
            label = f"{waiting[future].name} {waiting[future].version}"
            operation.say("channel", label, done=done, total=total, unit="packages")
    finally:
        pool.shutdown(cancel_futures=True)
    write_repodata(folder)
    _write_stamps(folder, stamps)
    return fresh


def _write_one(
    folder: Path, blueprint: Blueprint, stamp: Mapping[str, object]
) -> tuple[dict[str, object], bool]:
    """Write one package unless the one that is there has the same source."""
    signature = blueprint.signature()
    if stamp.get("signature") == signature:
        path = folder / str(stamp.get("file"))
        if path.is_file() and path.stat().st_size == stamp.get("size"):
            return dict(stamp), False
    entries = list(blueprint.read())
    digest = blueprint.digest(entries)
    path, number = _place(folder, blueprint, digest)
    is_there = zipfile.is_zipfile(path)
    if not is_there:
        write_package(
            folder,
            blueprint.index(digest, number),
            entries,
            about=blueprint.about,
            link=blueprint.link,
            level=_LEVEL,
        )
    stamp = {
        "signature": signature,
        "file": path.relative_to(folder).as_posix(),
        "size": path.stat().st_size,
    }
    return stamp, not is_there


def _place(folder: Path, blueprint: Blueprint, digest: str) -> tuple[Path, int]:
    """Find the archive of this content, or a build number above all others."""
    stem = f"{blueprint.name}-{blueprint.version}-"
    shape = blueprint.build.format(digest="(?P<digest>[0-9a-f]{8})", number=r"(\d+)")
    highest = -1
    for path in sorted((folder / blueprint.subdir).glob("*.conda")):
        found = re.fullmatch(re.escape(stem) + shape, path.stem)
        if found and found["digest"] == digest:
            return path, int(found[2])
        if found:
            highest = max(highest, int(found[2]))
    number = highest + 1
    build = blueprint.build.format(digest=digest, number=number)
    return folder / blueprint.subdir / f"{stem}{build}.conda", number


def _read_stamps(folder: Path) -> dict[str, dict[str, object]]:
    try:
        content = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return {str(name): dict(value) for name, value in content["sources"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # none yet, or not ours: everything is read again


def _write_stamps(folder: Path, stamps: Mapping[str, Mapping[str, object]]) -> None:
    text = json.dumps({"version": 1, "sources": stamps}, indent=1, sort_keys=True)
    partial = folder / f"{STAMP}.partial"
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(folder / STAMP)
