"""Names for completion, as a workspace and the caches know them; no network, ever.

What was read is kept until its file changes, or, for a channel, for a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pixi_jupyter.commands.complete import Match, Spot, among, expect
from pixi_jupyter.commands.place import Place
from pixi_jupyter.commands.task_candidates import TASK_KINDS, task_matches
from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.platforms import SUBDIRS, host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pixi_jupyter.workspace.context import Workspace

Value = TypeVar("Value")

logger = logging.getLogger(__name__)

WAIT_SECONDS = 0.12
"""People wait no longer than this for names that are not in memory yet."""
_CHANNEL_SECONDS = 60.0
_EMPTY_SECONDS = 2.0
"""A channel that is not cached may be at any moment."""
_LOCKED = re.compile(
    r"^- conda: \S*/(?P<name>[^/\s]+)-(?P<version>[^/\s-]+)-[^/\s-]+\.(?:conda|tar\.bz2)$",
    re.MULTILINE,
)


@dataclass(slots=True)
class _Files:
    """Values that hold as long as their file is the same."""

    known: dict[Path, tuple[tuple[int, int], Any]] = field(default_factory=dict)

    def get(self, path: Path, read: Callable[[], Value]) -> Value:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        held = self.known.get(path)
        if held is None or held[0] != stamp:
            held = self.known[path] = (stamp, read())
        value: Value = held[1]
        return value


class Completer:
    """Answers `complete`, and remembers what it has read."""

    def __init__(self) -> None:
        self._manifests, self._locks = _Files(), _Files()
        self._channels = _Channels()

    async def complete(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Say what could stand at the cursor.

        Parameters
        ----------
        params
            ``line``, ``cursor``, and the place as a command has it.

        Returns
        -------
        dict
            ``start``, and ``matches`` with ``text`` and ``meta`` each; no matches
            where anything is not as it should be.
        """
        start = 0
        try:
            spot = expect(str(params["line"]), int(params["cursor"]))
            start = spot.start
            matches = [*spot.matches]
            if spot.kind:
                names = await self._names(spot, Place.from_wire(params))
                matches = [*spot.fitting(names), *matches]
        except (PixiJupyterError, OSError, ValueError, TypeError, KeyError) as error:
            logger.debug("no completion: %s", error)
            matches = []
        return {"start": start, "matches": [match.to_json() for match in matches]}

    async def _names(self, spot: Spot, place: Place) -> Iterable[Match]:
        if read := _ANYWHERE.get(spot.kind):
            return read(spot, place)
        workspace = self._workspace(spot, place)
        if spot.kind == "channel_package":
            return await self._packages(workspace, spot)
        if spot.kind == "program":
            return _programs(workspace, spot, place)
        if spot.kind in TASK_KINDS:
            return _tasks(workspace, spot, place)
        if spot.kind == "locked_package":
            return self._locked(workspace)
        return _of_manifest(workspace, spot)

    def _workspace(self, spot: Spot, place: Place) -> Workspace:
        from pixi_jupyter.manifest.discovery import find_manifest
        from pixi_jupyter.workspace.context import open_workspace

        named = spot.values.get("manifest") or spot.values.get("script")
        explicit = place.cwd / Path(named).expanduser() if named else place.manifest
        path = find_manifest(place.cwd, explicit)
        return self._manifests.get(path, lambda: open_workspace(path, offline=True))

    def _locked(self, workspace: Workspace) -> list[Match]:
        path = workspace.lock_path

        def read() -> list[Match]:
            # ten times as fast as to read the YAML
            found = {
                each["name"]: each["version"]
                for each in _LOCKED.finditer(path.read_text(encoding="utf-8"))
            }
            return [Match(name, version) for name, version in sorted(found.items())]

        return self._locks.get(path, read)

    async def _packages(self, workspace: Workspace, spot: Spot) -> list[Match]:
        if not spot.partial:
            return []
        channels = list(
            dict.fromkeys(
                name
                for environment in workspace.composition.environments.values()
                for name in environment.channels
            )
        )
        names = await self._channels.names(workspace, channels)
        return [Match(name) for each in names for name in among(each, spot.partial)]


class _Channels:
    """The names of packages, by channel."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, str], tuple[float, list[str]]] = {}
        self._reading: dict[tuple[Path, str], asyncio.Task[None]] = {}

    async def names(
        self, workspace: Workspace, channels: Sequence[str]
    ) -> list[list[str]]:
        """Give sorted names of each channel that was read before or is soon read."""
        from pixi_jupyter.adapters.rattler import channel_urls

        cache = workspace.settings.cache_dir
        keys = [(cache, url) for url in channel_urls(channels, root=workspace.root)]
        for key in keys:
            if self._is_old(key) and key not in self._reading:
                self._reading[key] = asyncio.ensure_future(self._read(*key))
        missing = [self._reading[key] for key in keys if key not in self._known]
        if missing:
            await asyncio.wait(missing, timeout=WAIT_SECONDS)
        return [self._known[key][1] for key in keys if key in self._known]

    def _is_old(self, key: tuple[Path, str]) -> bool:
        read_at, names = self._known.get(key, (-_CHANNEL_SECONDS, []))
        age = time.monotonic() - read_at
        return age > (_CHANNEL_SECONDS if names else _EMPTY_SECONDS)

    async def _read(self, cache: Path, url: str) -> None:
        from pixi_jupyter.adapters.rattler import Session

        session = Session(cache_dir=cache, offline=True)
        names: list[str] = []
        try:
            names = await session.names([url], subdirs=(host_subdir(), "noarch"))
        except PixiJupyterError as error:
            logger.debug("no names of %s: %s", url, error)
        finally:
            self._known[cache, url] = (time.monotonic(), names)
            del self._reading[cache, url]


def _of_manifest(workspace: Workspace, spot: Spot) -> list[Match]:
    manifest = workspace.manifest
    if spot.kind == "environment":
        return [
            Match(each.name, f"features {', '.join(each.features)}")
            for each in workspace.composition.environments.values()
        ]
    if spot.kind == "feature":
        return [Match(name) for name in manifest.features if name[:1] != "@"]
    if spot.kind == "platform":
        return [Match(each.name) for each in manifest.platforms]
    if spot.kind == "channel":
        return [Match(each.name) for each in manifest.channels]
    return _dependencies(workspace, spot)


def _dependencies(workspace: Workspace, spot: Spot) -> list[Match]:
    """Give what `remove` could take out of the tables that it is told of."""
    name = spot.values.get("environment")
    manifest = workspace.manifest
    if name is None:
        feature = manifest.features.get(spot.values.get("feature", "default"))
    else:
        environment = manifest.environments.get(name)
        feature = environment.inline if environment else None
    if feature is None:
        return []
    targets = [feature.default, *(target for _, target in feature.targets)]
    return [
        Match(name, spec.version or "")
        for target in targets
        for name, spec in target.dependencies.items()
    ]


def _programs(workspace: Workspace, spot: Spot, place: Place) -> list[Match]:
    name = spot.values.get("environment") or place.environment(workspace.manifest.path)
    prefix = workspace.prefix(name or "default")
    folder = prefix / ("Scripts" if host_subdir().startswith("win-") else "bin")
    return [Match(path.name) for path in sorted(folder.iterdir())]


def _tasks(workspace: Workspace, spot: Spot, place: Place) -> list[Match]:
    found = task_matches(workspace, spot)
    if spot.kind == "runnable":
        with contextlib.suppress(OSError):  # it may not be installed
            found += _programs(workspace, spot, place)
    return found


def _subdirs(_spot: Spot, _place: Place) -> list[Match]:
    return [Match(name) for name in sorted(SUBDIRS)]


def _kernels(_spot: Spot, _place: Place) -> list[Match]:
    from pixi_jupyter.kernelspecs import list_kernels

    return [Match(kernel.name, kernel.display_name) for kernel in list_kernels()]


def _settings(_spot: Spot, _place: Place) -> list[Match]:
    from pixi_jupyter.verbs.config_keys import KEYS

    return [
        Match(name, kind.expected) for name, kind in KEYS.items() if "*" not in name
    ]


def _paths(spot: Spot, place: Place) -> list[Match]:
    """Give folders, and manifests where one is meant, below what is written."""
    above, slash, _ = spot.partial.rpartition("/")
    found = []
    for path in sorted((place.cwd / Path(above + slash).expanduser()).iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            found.append(Match(f"{above}{slash}{path.name}/"))
        elif spot.kind == "manifest" and path.name in {"pixi.toml", "pyproject.toml"}:
            found.append(Match(f"{above}{slash}{path.name}", "manifest"))
        elif spot.kind == "notebook" and path.suffix == ".ipynb":
            found.append(Match(f"{above}{slash}{path.name}", "notebook"))
        elif spot.kind == "script" and path.suffix == ".py":
            found.append(Match(f"{above}{slash}{path.name}"))
    return found


_ANYWHERE: dict[str, Callable[[Spot, Place], list[Match]]] = {
    "folder": _paths,
    "kernel": _kernels,
    "manifest": _paths,
    "notebook": _paths,
    "script": _paths,
    "setting": _settings,
    "subdir": _subdirs,
}
"""Kinds of names that need no workspace."""
