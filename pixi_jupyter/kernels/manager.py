"""What a server's kernel manager must know of kernels that are being installed."""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import ensure_async


class PixiKernelsMixin:
    """For whichever kernel manager is configured.

    A kernel manager waits for a start before it ends a kernel; here that start is an
    installation which nobody wants any more.
    """

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  Jupyter's own
        """End a kernel, or the installation that it waits for."""
        cancel_installation(kernel_id)
        manager: Any = super()
        return await ensure_async(manager.shutdown_kernel(kernel_id, *args, **kwargs))

    async def shutdown_all(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  Jupyter's own
        """End all of them."""
        mine: Any = self
        for kernel_id in mine.list_kernel_ids():
            cancel_installation(kernel_id)
        # jupyter_client keeps a start that failed among those that it waits for, also
        # when the kernel was removed; looking for that one would end in an error
        pending = mine._pending_kernels  # noqa: SLF001  there is no other way to them
        for kernel_id in [each for each in pending if each not in mine]:
            del pending[kernel_id]
        manager: Any = super()
        return await ensure_async(manager.shutdown_all(*args, **kwargs))


def cancel_installation(kernel_id: str) -> None:
    """Stop the installation that the start of a kernel waits for, if there is one."""
    from pixi_jupyter.kernels.provisioner import PixiProvisioner

    if (found := PixiProvisioner.running.get(kernel_id)) is not None:
        found.cancel()
