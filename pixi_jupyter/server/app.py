"""Makes a Jupyter server list, start and manage the environments of workspaces."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Integer

from pixi_jupyter.server.base import DESK
from pixi_jupyter.server.handlers import ROUTES

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from pixi_jupyter.server.desk import Desk


class PixiJupyter(ExtensionApp):
    """The extension of one server."""

    name = "pixi_jupyter"
    load_other_extensions = True

    max_operations = Integer(
        max(2, os.cpu_count() or 2),
        config=True,
        help="How many operations run at once, in all workspaces together.",
    )

    _desk: Desk | None = None

    def _link_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Mix our kernels into whichever kernel spec manager is configured.

        Notes
        -----
        Called before the server makes its managers, which is why it can be done here:
        an installed configuration file cannot name the class.
        """
        super()._link_jupyter_server_extension(serverapp)
        # the request that starts a kernel must not hang while its environment installs
        config = serverapp.config.AsyncMultiKernelManager
        config.setdefault("use_pending_kernels", True)
        base = _configured(serverapp)
        if base is None:
            return
        from pixi_jupyter.kernels.specs import PixiSpecsMixin

        if not issubclass(base, PixiSpecsMixin):
            mixed = type(f"Pixi{base.__name__}", (PixiSpecsMixin, base), {})
            serverapp.kernel_spec_manager_class = mixed
        kernels = _configured_kernels(serverapp)
        from pixi_jupyter.kernels.manager import PixiKernelsMixin

        if not issubclass(kernels, PixiKernelsMixin):
            name = f"Pixi{kernels.__name__}"
            manager: Any = type(name, (PixiKernelsMixin, kernels), {})
            serverapp.kernel_manager_class = manager

    def initialize_handlers(self) -> None:
        """Add our routes."""
        self.handlers.extend((rf"/pixi-jupyter/{path}", each) for path, each in ROUTES)

    def initialize_settings(self) -> None:
        """Make what the handlers share, and make our events known.

        A client may subscribe to an event before there is the first of them.
        """
        from pixi_jupyter.kernels.progress import register
        from pixi_jupyter.server import saving
        from pixi_jupyter.server.desk import Desk

        server: Any = self.serverapp
        register(server.event_logger)
        saving.register(server.contents_manager)
        root = _root(server.contents_manager, server.root_dir)
        self._desk = Desk(root.absolute(), server.event_logger, self.max_operations)
        self.settings[DESK] = self._desk
        self.log.info("pixi-jupyter lists the environments of this folder as kernels")

    async def stop_extension(self) -> None:
        """End all engines."""
        if self._desk is not None:
            await self._desk.close()
            self._desk = None


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell a Jupyter server where the extension is."""
    return [{"module": "pixi_jupyter.server.app", "app": PixiJupyter}]


def _root(contents_manager: object, root_dir: str) -> Path:
    """Give the folder that contents paths begin in.

    A manager that keeps its contents elsewhere has ``/`` there, which means no folder.
    """
    found = getattr(contents_manager, "root_dir", "")
    return Path(root_dir if found in ("", "/") else found)


def _configured(serverapp: ServerApp) -> Any:  # noqa: ANN401  a class
    """Give the class of the kernel spec manager; None if kernels are elsewhere.

    The trait itself cannot be read yet: its default asks for a gateway's
    configuration that is not there.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_server.gateway.gateway_client import GatewayClient
    from traitlets.utils.importstring import import_item

    base = serverapp._trait_values.get("kernel_spec_manager_class")  # noqa: SLF001  see above
    if base is None:
        if GatewayClient.instance(parent=serverapp).gateway_enabled:
            return None
        return KernelSpecManager
    return import_item(base) if isinstance(base, str) else base


def _configured_kernels(serverapp: ServerApp) -> Any:  # noqa: ANN401  a class
    """Give the class of the manager of kernels; there is no gateway."""
    from jupyter_server.services.kernels.kernelmanager import (
        AsyncMappingKernelManager,
    )
    from traitlets.utils.importstring import import_item

    found = serverapp._trait_values.get("kernel_manager_class")  # noqa: SLF001  as above
    if found is None:
        return AsyncMappingKernelManager
    return import_item(found) if isinstance(found, str) else found
