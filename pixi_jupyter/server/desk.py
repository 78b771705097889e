"""What the handlers of one server share, from its start to its end."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import OperationNotFoundError
from pixi_jupyter.server.events import Teller
from pixi_jupyter.server.operations import Operations, elsewhere, foreign
from pixi_jupyter.server.paths import key_of
from pixi_jupyter.server.pool import Pool
from pixi_jupyter.server.views import Views
from pixi_jupyter.server.watch import Watch

if TYPE_CHECKING:
    from pixi_jupyter.kernels.provisioner import Installation
    from pixi_jupyter.server.paths import Place

_KERNEL = "kernel-"
"""How the id of an installation begins that a kernel's start waits for."""


class Desk:
    """Engines, operations, views and a watch, for one folder.

    Parameters
    ----------
    root
        The server's folder.
    event_logger
        The server's.
    most
        How many operations run at once.
    """

    def __init__(self, root: Path, event_logger: Any, most: int) -> None:  # noqa: ANN401  jupyter_events is imported by servers only
        self.root = Path(os.path.realpath(root))
        self.pool = Pool(most)
        self.teller = Teller(event_logger)
        self.operations = Operations(self.pool, self.teller.state, self.teller.step)
        self.views = Views(self.root, self.pool, self)
        self.watch = Watch(self._changed)

    async def detail(self, operation: str, place: Place) -> dict[str, Any]:
        """Tell of one operation, whichever process runs it.

        Raises
        ------
        OperationNotFoundError
        """
        if operation.startswith(_KERNEL):
            return {**self._kernel(operation), "result": None, "log": [], "tasks": []}
        try:
            return self.operations.get(operation).details()
        except OperationNotFoundError:
            record = await self._record(operation, place)
        row = foreign(record, place.key)
        return {**row, "result": None, "log": [], "tasks": []}

    async def cancel(self, operation: str, place: Place) -> dict[str, Any]:
        """Ask that an operation be stopped.

        Raises
        ------
        OperationNotFoundError
        OperationElsewhereError
            If it runs in another process.
        """
        if operation.startswith(_KERNEL):
            found = self._kernel(operation)
            self._installations()[operation.removeprefix(_KERNEL)].cancel()
            return found
        try:
            return self.operations.cancel(operation).to_json()
        except OperationNotFoundError:
            raise elsewhere(await self._record(operation, place)) from None

    def verb_of(self, operation: str) -> str | None:
        """Name the verb of an operation of this server; None for those of others."""
        if operation.startswith(_KERNEL):
            return "run"
        try:
            return self.operations.get(operation).verb
        except OperationNotFoundError:
            return None

    def kernels(self, manifest: Path | None) -> list[dict[str, Any]]:
        """List the installations that kernels wait for, as `IOperation`."""
        return [
            self._kernel(_KERNEL + name)
            for name, each in self._installations().items()
            if manifest is not None and _is_of(each, manifest)
        ]

    def known_as(self, key: str, manifest: Path) -> set[str]:
        """Give the ids under which others see what this server runs itself."""
        kernels = self._installations().values()
        ids = {name for each in self.operations.of(key) for name in each.known_as}
        return ids | {
            str(each.event.get("operation"))
            for each in kernels
            if _is_of(each, manifest)
        }

    def at_work_on(self, key: str, manifest: Path, environment: str) -> str | None:
        """Name the operation that is installing an environment."""
        if (mine := self.operations.at_work_on(key, environment)) is not None:
            return mine
        for each in self.kernels(manifest):
            if each["environment"] == environment:
                return str(each["id"])
        return None

    async def close(self) -> None:
        """End all that runs."""
        await self.watch.close()
        await self.views.close()
        await self.operations.close()
        self.teller.close()
        await self.pool.close()

    async def _record(self, operation: str, place: Place) -> dict[str, Any]:
        if place.manifest is None:
            raise OperationNotFoundError(operation)
        request = {"manifest": str(place.manifest)}
        for record in await self.pool.ask("operations", request):
            if record["id"] == operation:
                found: dict[str, Any] = record
                return found
        raise OperationNotFoundError(operation)

    async def _changed(self, manifest: Path, what: str, name: str | None) -> None:
        key = key_of(self.root, manifest)
        if what == "operations":
            await self._tell_record(manifest, key, name)
            name = None
        self.teller.change(key, what, name)

    async def _tell_record(
        self, manifest: Path, key: str, operation: str | None
    ) -> None:
        """Tell of an operation of another process, as its record stands."""
        if operation in self.known_as(key, manifest):
            return
        found = await self.views.operations(manifest, key)
        for row in found["operations"]:
            if row["id"] == operation:
                self.teller.record(row)

    @staticmethod
    def _installations() -> dict[str, Installation]:
        from pixi_jupyter.kernels.provisioner import PixiProvisioner

        return PixiProvisioner.running

    def _kernel(self, operation: str) -> dict[str, Any]:
        found = self._installations().get(operation.removeprefix(_KERNEL))
        if found is None:
            raise OperationNotFoundError(operation)
        event = found.event
        return {
            "id": operation,
            "verb": "ensure_installed",
            "what": f"install {found.environment} for a kernel",
            "workspace": key_of(self.root, Path(found.manifest)),
            "environment": found.environment,
            "state": "running",
            "phase": str(event.get("phase") or ""),
            "label": str(event.get("label") or ""),
            "done": event.get("done"),
            "total": event.get("total"),
            "unit": str(event.get("unit") or ""),
            "seconds": None,
            "started": found.started,
            "error": None,
            "can_cancel": True,
        }


def _is_of(installation: Installation, manifest: Path) -> bool:
    folder, name = os.path.split(installation.manifest)
    return Path(os.path.realpath(folder), name) == manifest
