"""What the routes answer: verbs' results in the shapes of the wire."""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import __version__
from pixi_jupyter.commands.packages import channel_name
from pixi_jupyter.inkernel.client import CallError, CallLostError
from pixi_jupyter.redaction import redacted
from pixi_jupyter.server import paths
from pixi_jupyter.server.marks import read_marks
from pixi_jupyter.server.operations import foreign
from pixi_jupyter.server.sizes import Sizes
from pixi_jupyter.server.wording import error_json, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pixi_jupyter.server.desk import Desk
    from pixi_jupyter.server.paths import Place
    from pixi_jupyter.server.pool import Pool

_NAME = re.compile(r"[A-Za-z0-9_.-]{2,100}")
"""What can be in a name, and no fewer letters than tell something."""
_VERSIONS = 50
_REASON = ("text", "environments", "platforms", "line")
_MOST_KEPT = 64
_BELOW_SECONDS = 5.0


class Views:
    """Answers questions about workspaces.

    Parameters
    ----------
    root
        The server's folder, links resolved.
    pool
        Where the questions go.
    desk
        Knows what this server runs itself.
    """

    def __init__(self, root: Path, pool: Pool, desk: Desk) -> None:
        self._root, self._pool, self._desk = root, pool, desk
        self._kept: OrderedDict[str, tuple[object, Any]] = OrderedDict()
        self._below: tuple[float, list[dict[str, str]]] = (0.0, [])
        self._sizes = Sizes(self._measured)

    async def close(self) -> None:
        """Measure nothing any more."""
        await self._sizes.close()

    async def _asked(
        self,
        verb: str,
        manifest: Path,
        shape: Callable[[Any], Any] = without_secrets,
        **request: Any,  # noqa: ANN401  JSON
    ) -> Any:  # noqa: ANN401  JSON
        """Ask a verb; while the files are the same, the answer is.

        Parameters
        ----------
        shape
            Makes of the answer what is kept.
        """
        marks = await asyncio.to_thread(read_marks, manifest)
        state = (marks.manifest, marks.lock, marks.prefixes)
        key = repr((verb, str(manifest), sorted(request.items())))
        kept = self._kept.get(key)
        if kept is None or kept[0] != state:
            data = {"manifest": str(manifest), **request}
            found = await self._pool.ask(verb, data, key=f"{key} {state}")
            kept = state, await asyncio.to_thread(shape, found)
            self._kept[key] = kept
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept[1]

    async def workspace(self, place: Place, rights: Mapping[str, bool]) -> Any:  # noqa: ANN401  JSON
        """Give the form of `IWorkspace`."""
        manifest = place.manifest
        found: dict[str, Any] = {}
        error = error_json(place.error.to_wire()) if place.error else None
        if manifest is not None:
            try:
                found = await self._asked("overview", manifest)
            except CallLostError:
                raise
            except CallError as failed:
                error = error_json({"message": failed.message, **failed.data})
        choices = await self._choices()
        return {
            "found": manifest is not None,
            "name": found.get("name") or (manifest or place.folder / "x").parent.name,
            "platforms": found.get("platforms", []),
            "channels": found.get("channels", []),
            "features": found.get("features", []),
            "warnings": found.get("warnings", []),
            "error": error,
            "choices": choices,
            "program": f"pixi-jupyter {__version__}",
            "may": dict(rights),
            **await asyncio.to_thread(self._where, place),
        }

    def _where(self, place: Place) -> dict[str, Any]:
        """Say where a workspace is, or would be; blocks."""
        root, manifest = self._root, place.manifest
        return {
            "path": paths.contents_path(root, manifest) if manifest else None,
            "shown": paths.shown(manifest or place.folder),
            "folder": paths.contents_path(root, place.folder) or "",
            "sources": [] if manifest else paths.sources_in(root, place.folder),
        }

    async def _choices(self) -> list[dict[str, str]]:
        """List the workspaces below the root; of some seconds ago, because it costs."""
        loop = asyncio.get_running_loop()
        until, found = self._below
        if loop.time() > until:
            found = await asyncio.to_thread(self._find_below)
            self._below = loop.time() + _BELOW_SECONDS, found
        return found

    def _find_below(self) -> list[dict[str, str]]:
        return [
            {"path": path, "name": each.parent.name}
            for each in paths.workspaces_below(self._root)
            if (path := paths.contents_path(self._root, each)) is not None
        ]

    def forget_choices(self) -> None:
        """Look again for workspaces when they are asked for next."""
        self._below = (0.0, [])

    async def environments(self, manifest: Path, key: str) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `IEnvironment`."""
        found = await self._asked("overview", manifest)
        rows = []
        for each in found["environments"]:
            name = each["name"]
            work = self._desk.at_work_on(key, manifest, name)
            row = {field: value for field, value in each.items() if field != "prefix"}
            row |= {"size": None, "operation": work}
            if work is not None:
                row |= {"state": "installing", "reason": ""}
            elif each["state"] != "none":
                row["size"] = await self._sizes.of(manifest, name, each["prefix"])
            rows.append(row)
        return {"environments": rows}

    def _measured(self, manifest: Path, environment: str) -> None:
        key = paths.key_of(self._root, manifest)
        self._desk.teller.change(key, "prefix", environment)

    async def packages(
        self, manifest: Path, environment: str, platform: str | None
    ) -> str:
        """Give the form of `IPackages`, as text: there may be thousands."""
        request = {"environment": environment}
        if platform:
            request["platform"] = platform
        found: str = await self._asked("packages", manifest, _packages, **request)
        return found

    async def lock(self, manifest: Path) -> Any:  # noqa: ANN401  JSON
        """Give the form of `ILock`."""
        lock = (await self._asked("overview", manifest))["lock"]
        reasons = [{key: each[key] for key in _REASON} for each in lock["reasons"]]
        error = lock["error"] and error_json(lock["error"])
        return {"state": lock["state"], "reasons": reasons, "error": error}

    async def tasks(self, manifest: Path) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `ITask`."""
        found = await self._asked("tasks", manifest)
        return {"tasks": found["tasks"]}

    async def search(self, manifest: Path | None, query: str, limit: int) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `IFound`: names that hold the words, best first."""
        word = _NAME.match(query.strip())
        if word is None:
            return {"results": []}
        package = f"*{word[0].lower()}*"
        request: dict[str, Any] = {"package": package, "most": limit}
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
        names = sorted(named, key=lambda name: _rank(name, word[0]))
        return {"results": [_found(name, named[name]) for name in names[:limit]]}

    async def operations(self, manifest: Path | None, key: str) -> Any:  # noqa: ANN401  JSON
        """Give the forms of `IOperation`, newest first, of all processes."""
        rows = [each.to_json() for each in self._desk.operations.of(key)]
        if manifest is not None:
            rows += self._desk.kernels(manifest)
            request = {"manifest": str(manifest)}
            records = await self._pool.ask("operations", request)
            # what began meanwhile is known by now
            known = self._desk.known_as(key, manifest)
            rows += [foreign(each, key) for each in records if each["id"] not in known]
        rows.sort(key=lambda row: row["started"], reverse=True)
        return {"operations": rows}


def _packages(found: Mapping[str, Any]) -> str:
    rows = [{**each, "source": _source(each)} for each in found["packages"]]
    return json.dumps(without_secrets({**found, "packages": rows}))


def _source(package: Mapping[str, Any]) -> str:
    if package["kind"] == "pypi":
        return "PyPI"
    return channel_name(redacted(package["source"] or ""))


def _rank(name: str, query: str) -> tuple[bool, bool, int, str]:
    wanted = query.lower()
    return name != wanted, not name.startswith(wanted), len(name), name


def _found(name: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    newest = records[0]
    versions = list(dict.fromkeys(str(record["version"]) for record in records))
    return {
        "name": name,
        "version": versions[0],
        "channel": channel_name(
            redacted(str(newest.get("channel") or newest.get("url") or ""))
        ),
        "summary": str(newest.get("summary") or ""),
        "versions": versions[:_VERSIONS],
        "kind": "conda",
    }
