"""The server extension: our kernels in the picker, and starts that can be watched."""

from __future__ import annotations

from typing import Any

from pixi_jupyter.kernels.specs import PixiSpecsMixin


def _link_jupyter_server_extension(serverapp: Any) -> None:  # noqa: ANN401  a ServerApp
    """Mix our kernels into the configured KernelSpecManager.

    Notes
    -----
    Called by the server before it makes its managers, which is the only moment at
    which their classes can be chosen: what a file in ``jupyter_server_config.d``
    says of them is ignored.
    """
    # An environment that is being installed must not keep POST /api/sessions open.
    serverapp.config.AsyncMultiKernelManager.setdefault("use_pending_kernels", True)
    base = _configured(serverapp)
    if base is not None and not issubclass(base, PixiSpecsMixin):
        mixed = type(f"Pixi{base.__name__}", (PixiSpecsMixin, base), {})
        serverapp.kernel_spec_manager_class = mixed


def _configured(serverapp: Any) -> type | None:  # noqa: ANN401
    """Give the manager that the server would take; None where a gateway decides."""
    # reading the trait itself asks for the gateway's configuration, which is not
    # there yet
    chosen = serverapp._trait_values.get("kernel_spec_manager_class")  # noqa: SLF001
    if chosen is None:
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_server.gateway.gateway_client import GatewayClient

        if GatewayClient.instance(parent=serverapp).gateway_enabled:
            return None
        return KernelSpecManager
    if isinstance(chosen, str):
        from traitlets.utils.importstring import import_item

        found: type = import_item(chosen)
        return found
    return chosen  # type: ignore[no-any-return]  # the trait holds a class


def _load_jupyter_server_extension(serverapp: Any) -> None:  # noqa: ANN401
    """Say that the extension is there; handlers come with the panel."""
    serverapp.log.info("pixi-jupyter: environments are offered as kernels")
