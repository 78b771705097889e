"""What a server's kernel manager must know of kernels that are being installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.utils import ensure_async

if TYPE_CHECKING:
    # the class that it is mixed into, which is the user's choice
    from jupyter_server.services.kernels.kernelmanager import (
        AsyncMappingKernelManager as Base,
    )
else:
    Base = object


class PixiKernelsMixin(Base):
    """For whichever kernel manager is configured.

    A kernel manager waits for a start before it ends a kernel; here that start is an
    installation which nobody wants any more.
    """

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  Jupyter's own
        """End a kernel, or the installation that it waits for."""
        cancel_installation(kernel_id)
        return await ensure_async(super().shutdown_kernel(kernel_id, *args, **kwargs))

    async def shutdown_all(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  Jupyter's own
        """End all of them."""
        for kernel_id in self.list_kernel_ids():
            cancel_installation(kernel_id)
        return await ensure_async(super().shutdown_all(*args, **kwargs))


def cancel_installation(kernel_id: str) -> None:
    """Stop the installation that the start of a kernel waits for, if there is one."""
    from pixi_jupyter.kernels.provisioner import PixiProvisioner

    if (found := PixiProvisioner.running.get(kernel_id)) is not None:
        found.cancel()
