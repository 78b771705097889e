"""Installs the environment of a kernel before it starts.

None of the limits of time that stop a slow launcher covers `pre_launch`, and what it
raises is shown to the user: by JupyterLab in a dialog, by nbclient and its like as
the error.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, List, Unicode

from pixi_jupyter.errors import (
    OperationCancelledError,
    PixiJupyterError,
    error_from_wire,
)
from pixi_jupyter.inkernel.client import (
    ARGUMENTS,
    CallCancelledError,
    CallError,
    Client,
)
from pixi_jupyter.kernels.notebooks import opened_target, opening, started_notebook
from pixi_jupyter.kernels.progress import Lines, emit, step, told
from pixi_jupyter.kernels.start import (
    KernelTarget,
    installed_payload,
    kernel_start,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping


def now_text() -> str:
    """Give the time of day, ISO 8601 in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


@dataclass(slots=True)
class Installation:
    """An environment that is being installed for a kernel."""

    task: asyncio.Task[Any]
    manifest: str = ""
    environment: str = ""
    started: str = field(default_factory=now_text)
    event: Mapping[str, Any] = field(default_factory=dict)
    """The progress that was told last."""
    cancelled: bool = False

    def cancel(self) -> None:
        """Stop it: the start fails with a sentence that says so."""
        self.cancelled = True
        self.task.cancel()


class PixiProvisioner(LocalProvisioner):
    """Starts kernels in environments of a workspace, installed or not."""

    manifest = Unicode(config=True, help="Absolute path of the workspace's manifest.")
    environment = Unicode("default", config=True, help="Name of the environment.")
    kernel = Unicode(
        "",
        config=True,
        help="Folder name of a kernel that a package brings along; "
        "empty for the environment's Python.",
    )
    notebook = Bool(
        False,  # noqa: FBT003  traitlets' own
        config=True,
        help="Whether it is the environment that the notebook carries or names.",
    )
    host = Unicode(
        sys.executable, config=True, help="The Python that has pixi-jupyter."
    )
    engine = List(
        Unicode(),
        default_value=list(ARGUMENTS),
        config=True,
        help="What starts an engine behind that Python.",
    )

    running: ClassVar[dict[str, Installation]] = {}
    """What is being installed, by kernel id; for whoever offers a Cancel button."""

    _lines = Lines()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401  Jupyter's own
        """Install the environment if need be, and say how the kernel starts.

        Raises
        ------
        PixiJupyterError
            If no kernel can start; its text is what the user reads.

        Notes
        -----
        Called by `KernelManager.pre_start_kernel`, also for each restart. A start
        whose stamp holds wakes no engine. A cancelled one cancels the engine's
        operation and lets it put things in order by itself.
        """
        environ = kwargs.get("env") or os.environ
        if self.notebook:
            return await self._launch_notebook(environ, kwargs)
        target = KernelTarget(
            manifest=Path(self.manifest),
            environment=self.environment,
            kernel=self.kernel,
            host=self.host,
        )
        # threads, because hashing a lock and activation scripts may take a while
        payload = await asyncio.to_thread(installed_payload, target)
        params = {"verb": "ensure_installed", "request": target.request}

        async def install() -> tuple[KernelTarget, Mapping[str, Any]]:
            return target, (await self._install(params))["payload"]

        async def ready() -> tuple[KernelTarget, Mapping[str, Any]]:
            return target, payload or {}

        return await self._launch(
            install if payload is None else ready,
            environ,
            kwargs,
            installs=payload is None,
        )

    async def _launch_notebook(
        self, environ: Mapping[str, str], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """Start in what the notebook carries; only an engine can tell what that is."""

        async def install() -> tuple[KernelTarget, Mapping[str, Any]]:
            path = started_notebook(environ, kwargs.get("cwd"))
            self.manifest = str(path)
            result = await self._install(opening(path))
            return opened_target(path, result, self.host), result["payload"]

        return await self._launch(install, environ, kwargs, installs=True)

    async def _launch(
        self,
        ready: Callable[[], Awaitable[tuple[KernelTarget, Mapping[str, Any]]]],
        environ: Mapping[str, str],
        kwargs: dict[str, Any],
        *,
        installs: bool,
    ) -> dict[str, Any]:
        try:
            target, payload = await ready()
            start = await asyncio.to_thread(kernel_start, target, payload, environ)
        except OperationCancelledError as error:
            self._emit(step("cancelled"), error.to_wire())
            raise
        except PixiJupyterError as error:
            self._emit(step("failed"), error.to_wire())
            raise
        except asyncio.CancelledError:
            self._emit(step("cancelled"))
            raise
        if installs:
            self._emit(step("finished"))
        self.kernel_spec.argv = list(start.command)
        kwargs["env"] = dict(start.environ)
        prepared: dict[str, Any] = await super().pre_launch(**kwargs)
        return prepared

    async def _install(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        self.log.info("Installing %s of %s", self.environment, self.manifest)
        # an engine for each start: none waits behind the install of another one
        client = Client(self.host, self.engine, dict(os.environ))
        self._lines = Lines()
        call = client.acall("verb", dict(params), self._tell)
        installation = Installation(
            asyncio.ensure_future(call),
            manifest=self.manifest,
            environment=self.environment,
        )
        self.running[self.kernel_id] = installation
        # before the engine is there: who waits must see at once what for
        self._emit(step("running"))
        try:
            result: Mapping[str, Any] = await installation.task
        except CallCancelledError as error:
            what = f"Installation of {self.environment}"
            raise OperationCancelledError(what) from error
        except CallError as error:
            raise error_from_wire(error.data) from error
        except asyncio.CancelledError:
            if installation.cancelled:
                what = f"Installation of {self.environment}"
                raise OperationCancelledError(what) from None
            raise
        finally:
            self.running.pop(self.kernel_id, None)
            client.close()
        return result

    def _tell(self, event: Mapping[str, Any]) -> None:
        """Pass progress on to the log, and to the server if we are in one."""
        if (mine := self.running.get(self.kernel_id)) is not None:
            mine.event = event
        if line := self._lines.take(event):
            self.log.log(line[0], "%s: %s", self.environment, line[1])
        self._emit(event)

    def _emit(
        self, event: Mapping[str, Any], error: Mapping[str, Any] | None = None
    ) -> None:
        """Tell the server that we are in of a step, or of the end."""
        event_logger = getattr(self.parent, "event_logger", None)
        if event_logger is not None:
            data = {
                "kernel_id": self.kernel_id,
                "manifest": self.manifest,
                "environment": self.environment,
                "event": dict(event),
                "error": None if error is None else told(error),
            }
            emit(event_logger, data)
