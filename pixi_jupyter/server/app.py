"""Makes a Jupyter server list and start the environments of its workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell a Jupyter server where the extension is."""
    return [{"module": "pixi_jupyter.server.app"}]


def _link_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Mix our kernels into whichever kernel spec manager is configured.

    Notes
    -----
    Called before the server makes its managers, which is why it can be done here:
    an installed configuration file cannot name the class.
    """
    # the request that starts a kernel must not hang while its environment installs
    serverapp.config.AsyncMultiKernelManager.setdefault("use_pending_kernels", True)
    base = _configured(serverapp)
    if base is None:
        return
    from pixi_jupyter.kernels.specs import PixiSpecsMixin

    if not issubclass(base, PixiSpecsMixin):
        mixed = type(f"Pixi{base.__name__}", (PixiSpecsMixin, base), {})
        serverapp.kernel_spec_manager_class = mixed


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


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Make our events known, so that a client may subscribe before the first."""
    from pixi_jupyter.kernels.progress import register

    register(serverapp.event_logger)
    serverapp.log.info("pixi-jupyter lists the environments of this folder as kernels")
