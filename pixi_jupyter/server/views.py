"""What the routes answer: verbs' results in the shapes of the wire."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.packages import channel_name
from pixi_jupyter.inkernel.client import CallError
from pixi_jupyter.server import paths
from pixi_jupyter.server.marks import mark, read_marks
from pixi_jupyter.server.operations import foreign
from pixi_jupyter.server.wording import error_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.server.operations import Operations
    from pixi_jupyter.server.paths import Place
    from pixi_jupyter.server.pool import Pool

_FEWEST_LETTERS = 2
_VERSIONS = 50


class Views:
    """Answers questions about workspaces.

    Parameters
    ----------
    root
        The server's folder.
    """

    def __init__(self, root: Path, pool: Pool, operations: Operations) -> None:
        self._root, self._pool, self._operations = root, pool, operations
        self._kept: dict[str, tuple[object, Any]] = {}
        self._sizes: dict[str, tuple[object, int | None]] = {}

    async def _asked(
        self,
        verb: str,
        manifest: Path,
        **request: Any,  # noqa: ANN401  JSON
    ) -> Any:  # noqa: ANN401  JSON
        """Ask a verb; while the files are the same, the answer is."""
        marks = await asyncio.to_thread(read_marks, manifest)
        state = (marks.manifest, marks.lock, marks.prefixes)
        key = repr((verb, str(manifest), sorted(request.items())))
        kept = self._kept.get(key)
        if kept is not None and kept[0] == state:
            return kept[1]
        data = {"manifest": str(manifest), **request}
        found = await self._pool.ask(verb, data, key=f"{key} {state}")
        self._kept[key] = (state, found)
        return found

    async def workspace(self, place: Place, rights: Mapping[str, bool]) -> Any:  # noqa: ANN401  JSON
        """Give the form of `IWorkspace`."""
        root, manifest = self._root, place.manifest
        found: dict[str, Any] = {}
        error: dict[str, Any] | None = None
        if manifest is not None:
            try:
                found = await self._asked("overview", manifest)
            except CallError as failed:
                error = error_json({"message": failed.message, **failed.data})
        below = await asyncio.to_thread(paths.workspaces_below, root)
        sources = await asyncio.to_thread(paths.sources_in, root, place.folder)
        return {
            "found": manifest is not None,
            "name": found.get("name") or (manifest or place.folder / "x").parent.name,
            "path": paths.contents_path(root, manifest) if manifest else None,
            "shown": paths.shown(manifest or place.folder),
            "folder": paths.contents_path(root, place.folder) or "",
            "platforms": found.get("platforms", []),
            "channels": found.get("channels", []),
            "features": found.get("features", []),
            "warnings": found.get("warnings", []),
            "error": error,
            "choices": [
                {"path": paths.contents_path(root, each), "name": each.parent.name}
                for each in below
            ],
            "sources": [] if manifest else sources,
            "program": found.get("program", ""),
            "may": dict(rights),
        }

    async def environments(self, manifest: Path) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `IEnvironment`."""
        found = await self._asked("overview", manifest)
        key = paths.key_of(self._root, manifest)
        rows = []
        for each in found["environments"]:
            work = self._operations.at_work_on(key, each["name"])
            prefix = each["prefix"]
            size = await self._size(prefix) if each["state"] != "none" else None
            row = {name: value for name, value in each.items() if name != "prefix"}
            row |= {"size": size, "operation": work}
            if work is not None:
                row |= {"state": "installing", "reason": ""}
            rows.append(row)
        return {"environments": rows}

    async def packages(
        self, manifest: Path, environment: str, platform: str | None
    ) -> Any:  # noqa: ANN401  JSON
        """Give the form of `IPackages`."""
        request = {"environment": environment}
        if platform:
            request["platform"] = platform
        found = await self._asked("packages", manifest, **request)
        return {
            **found,
            "packages": [
                {**each, "source": _source(each)} for each in found["packages"]
            ],
        }

    async def lock(self, manifest: Path) -> Any:  # noqa: ANN401  JSON
        """Give the form of `ILock`."""
        lock = (await self._asked("overview", manifest))["lock"]
        error = lock["error"]
        return {**lock, "error": error_json(error) if error else None}

    async def tasks(self, manifest: Path) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `ITask`."""
        found = await self._asked("tasks", manifest)
        return {"tasks": found["tasks"]}

    async def search(self, manifest: Path | None, query: str, limit: int) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `IFound`: names that hold the words, best first."""
        if len(query) < _FEWEST_LETTERS:
            return {"results": []}
        request: dict[str, Any] = {"package": f"*{query}*"}
        if manifest is not None:
            request["manifest"] = str(manifest)
        try:
            found = await self._pool.ask("search", request)
        except CallError as error:
            if error.data.get("code") == "package-not-found":
                return {"results": []}
            raise
        named: dict[str, list[dict[str, Any]]] = {}
        for records in found.values():
            for record in records:
                named.setdefault(record["name"], []).append(record)
        names = sorted(named, key=lambda name: _rank(name, query))
        return {"results": [_found(name, named[name]) for name in names[:limit]]}

    async def operations(self, manifest: Path | None, folder: Path) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `IOperation`, newest first, of all processes."""
        key = paths.key_of(self._root, manifest or folder)
        mine = self._operations.of(key)
        rows = [each.to_json() for each in mine]
        if manifest is not None:
            known = {name for each in mine for name in each.known_as}
            request = {"manifest": str(manifest)}
            records = await self._pool.ask("operations", request, key=f"op {key}")
            rows += [foreign(each, key) for each in records if each["id"] not in known]
        rows.sort(key=lambda row: row["started"], reverse=True)
        return {"operations": rows}

    async def _size(self, prefix: str) -> int | None:
        state = mark(Path(prefix, "conda-meta"))
        kept = self._sizes.get(prefix)
        if kept is None or kept[0] != state:
            kept = state, await asyncio.to_thread(_measured, prefix)
            self._sizes[prefix] = kept
        return kept[1]


def _measured(folder: str) -> int | None:
    """Add up the files of a folder, each once; None where it cannot be read."""
    seen: set[int] = set()
    total = 0
    pending = [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if status.st_nlink == 1 or status.st_ino not in seen:
                        seen.add(status.st_ino)
                        total += status.st_size
        except OSError:
            continue
    return total or None


def _source(package: Mapping[str, Any]) -> str:
    return "PyPI" if package["kind"] == "pypi" else channel_name(package["source"])


def _rank(name: str, query: str) -> tuple[bool, bool, int, str]:
    wanted = query.lower()
    return name != wanted, not name.startswith(wanted), len(name), name


def _found(name: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    newest = records[0]
    versions = list(dict.fromkeys(str(record["version"]) for record in records))
    return {
        "name": name,
        "version": versions[0],
        "channel": channel_name(str(newest.get("channel") or newest.get("url") or "")),
        "summary": str(newest.get("summary") or ""),
        "versions": versions[:_VERSIONS],
        "kind": "conda",
    }
