"""Remove what can be made again: environments and what belongs to them.

What goes and what stays: pixi 0.77.0, `clean` (read 2026-11); overlays and ended
operations are ours. Manifest, lock and ``.pixi/config.toml`` stay.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import EnvironmentNotFoundError, PixiJupyterError
from pixi_jupyter.install import removal
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.script_place import home_of
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.cleaning import Cleaner, Removed, Target, measured
from pixi_jupyter.workspace.detached import is_detached
from pixi_jupyter.workspace.operations import sweep_operations
from pixi_jupyter.workspace.registry import change_registry, gone_workspaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pixi_jupyter.events import Operation

_BUILD = ("build", "artifacts-v0", "bld", "meta", "legacy-source-env")
_ACTIVATION = "activation-env-v0"
_LONG = 80
_CACHES = ("solve-group-envs", "task-cache-v0", _ACTIVATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRequest(WorkspaceRequest):
    """What to remove; everything where nothing is named."""

    environments: tuple[str, ...] = ()
    """Only these, and what belongs to them."""
    activation_cache: bool = False
    """Only what activation remembers."""
    build: bool = False
    """Only what source builds left."""
    workspaces_registry: bool = False
    """Only the names of workspaces that are gone; needs no workspace."""
    dry_run: bool = False
    """Remove nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanResult:
    """What was removed, or would be."""

    root: Path | None = None
    """What paths are shown relative to; None: they are absolute."""
    removed: tuple[Removed, ...] = ()
    kept: tuple[tuple[Path, str], ...] = ()
    """What had to stay, and why."""
    dry_run: bool = False
    pruned: tuple[tuple[str, Path], ...] = ()
    """Names of workspaces that are gone, which were forgotten, and their places."""

    @property
    def freed_bytes(self) -> int:
        """What the disk gained."""
        return sum(each.freed_bytes for each in self.removed)

    @property
    def shared_bytes(self) -> int:
        """What is still there, because it has links elsewhere."""
        return sum(each.size_bytes for each in self.removed) - self.freed_bytes

    def shown(self, path: Path) -> str:
        """Give a path as a person in the workspace would write it."""
        if self.root and path.is_relative_to(self.root):
            path = path.relative_to(self.root)
        return str(path)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "removed": [each.to_json() for each in self.removed],
            "kept": [{"path": str(p), "reason": reason} for p, reason in self.kept],
            "freed_bytes": self.freed_bytes,
            "pruned": {name: str(place) for name, place in self.pruned},
            "dry_run": self.dry_run,
        }


async def clean(request: CleanRequest, operation: Operation) -> CleanResult:
    """Remove environments, overlays, caches and ended operations of a workspace.

    Raises
    ------
    ManifestNotFoundError, EnvironmentNotFoundError
        Nothing was removed.
    RemoveError
        Something stays; all the rest is gone.

    Notes
    -----
    Waits for who installs into an environment. The manifest is looked for, but not
    read, so that a broken one does not stand in the way. A cancel leaves what has
    been renamed to the next `clean` or `install`.
    """
    if request.workspaces_registry and not (
        request.environments or request.activation_cache or request.build
    ):
        return CleanResult(dry_run=request.dry_run, pruned=_pruned(request))
    manifest = find_manifest(Path.cwd(), request.manifest)
    root = home_of(manifest)
    targets = _targets(request, manifest)
    kept = [
        (each.path, "this program runs in it")
        for each in targets
        if each.kind == "environment" and _is_ours(each.path)
    ]
    ours = {path.name for path, _ in kept}
    targets = [each for each in targets if each.environment not in ours]
    _warn_of_processes(targets, operation, dry_run=request.dry_run)
    if request.dry_run:
        old = _old_operations(request, root, dry_run=True)
        removed = await asyncio.to_thread(measured, [*targets, *old])
        return CleanResult(
            root=root,
            removed=removed,
            kept=tuple(kept),
            dry_run=True,
            pruned=_pruned(request),
        )
    cleaner = Cleaner(operation)
    for name in dict.fromkeys(each.environment for each in targets):
        prefix = root / ".pixi" / "envs" / name if name else None
        guarded = [each for each in targets if each.environment == name]
        await cleaner.set_aside(prefix, guarded)
    removed = await cleaner.remove(_old_operations(request, root, dry_run=False))
    for folder in ("envs", "overlays"):
        with suppress(OSError):  # something may have come into it
            (root / ".pixi" / folder).rmdir()
    return CleanResult(
        root=root, removed=removed, kept=tuple(kept), pruned=_pruned(request)
    )


def _pruned(request: CleanRequest) -> tuple[tuple[str, Path], ...]:
    """Forget the workspaces that are gone, unless only something else was named."""
    only = request.environments or request.activation_cache or request.build
    if only and not request.workspaces_registry:
        return ()
    gone = gone_workspaces()
    if gone and not request.dry_run:
        change_registry(remove=gone)
    return tuple(gone.items())


def _targets(request: CleanRequest, manifest: Path) -> list[Target]:
    """Find what is to go, in the order in which it is told."""
    pixi = home_of(manifest) / ".pixi"
    if request.environments:
        known = _known(manifest, request)
        for name in request.environments:
            if name not in known:
                raise EnvironmentNotFoundError(
                    name, available=sorted(known), manifest=manifest
                )
        return [
            target
            for name in dict.fromkeys(request.environments)
            for target in _of_environment(pixi, name, request)
        ]
    if request.activation_cache or request.build:
        only = (_ACTIVATION,) if request.activation_cache else ()
        return _existing(pixi, (*only, *(_BUILD if request.build else ())))
    return _everything(pixi, request)


def _everything(pixi: Path, request: CleanRequest) -> list[Target]:
    found: dict[Path, Target] = {}
    if removal.is_link(pixi / "envs"):
        if is_detached(pixi / "envs"):
            for path in _paths((pixi / "envs").resolve()):
                found[path] = Target(path, "environment")
        found[pixi / "envs"] = Target(pixi / "envs", "environment")
    else:
        for name in _children(pixi / "envs"):
            for target in _of_environment(pixi, name, request):
                found[target.path] = target
    rest = [Target(path, "overlay") for path in _paths(pixi / "overlays")]
    rest += _existing(pixi, (*_CACHES, *_BUILD))
    rest += [
        Target(path, "leftover")
        for folder in (pixi, pixi / "envs", pixi / "overlays")
        for path in removal.leftovers(folder)
    ]
    for target in rest:
        found.setdefault(target.path, target)
    return list(found.values())


def _known(manifest: Path, request: CleanRequest) -> set[str]:
    from pixi_jupyter.workspace.context import open_workspace

    known = set(_children(home_of(manifest) / ".pixi" / "envs"))
    try:
        known |= set(open_workspace(manifest).composition.environments)
    except PixiJupyterError:
        if not known.issuperset(request.environments):
            raise
    return known


def _children(folder: Path) -> list[str]:
    return [path.name for path in _paths(folder) if not path.name.startswith(".")]


def _paths(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _existing(pixi: Path, names: Iterable[str]) -> list[Target]:
    return [
        Target(pixi / name, "build" if name in _BUILD else "cache")
        for name in names
        if os.path.lexists(pixi / name)
    ]


def _of_environment(pixi: Path, name: str, request: CleanRequest) -> list[Target]:
    remembered = Target(pixi / _ACTIVATION / f"activation_{name}.json", "cache", name)
    found = (
        []
        if request.activation_cache
        else [
            Target(pixi / "envs" / name, "environment", name),
            *(
                Target(path, "overlay", name)
                for path in _paths(pixi / "overlays")
                if path.name.rsplit("-", 2)[0] == name
            ),
            *(
                Target(path, "leftover", name)
                for folder in (pixi / "envs", pixi / "overlays")
                for path in removal.leftovers(folder)
                if removal.owner_of(path) == name
            ),
        ]
    )
    if request.environments:  # else the whole folder goes
        found.append(remembered)
    return [each for each in found if os.path.lexists(each.path)]


def _is_ours(prefix: Path) -> bool:
    """Tell whether this very interpreter would go."""
    return Path(sys.prefix).resolve().is_relative_to(prefix.resolve())


def _warn_of_processes(
    targets: Sequence[Target], operation: Operation, *, dry_run: bool
) -> None:
    prefixes = [each.path for each in targets if each.kind == "environment"]
    verb = "would lose" if dry_run else "loses"
    for pid, words in removal.processes_in(prefixes) if prefixes else ():
        command = words
        for prefix in prefixes:
            command = command.replace(f"{prefix.parent}{os.sep}", "")
        shown = command if len(command) <= _LONG else f"{command[: _LONG - 1]}…"
        operation.warn(f"A running program {verb} its files: pid {pid}, {shown}")


def _old_operations(
    request: CleanRequest, root: Path, *, dry_run: bool
) -> list[Removed]:
    if request.environments or request.activation_cache or request.build:
        return []
    folder = root / ".pixi" / "operations"
    before = dict(zip(_paths(folder), removal.measure(_paths(folder)), strict=True))
    gone = sweep_operations(root, keep=0, dry_run=dry_run)
    amounts = [before[path] for path in gone if path in before]
    if not amounts:
        return []
    total = sum(amounts, removal.Amount())
    return [
        Removed(
            path=folder,
            kind="operations",
            size_bytes=total.size_bytes,
            freed_bytes=total.freed_bytes,
        )
    ]
