"""Make an environment ready to start something in it, and say how to start it.

What the provisioner, the launcher and `run` ask before they start a process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.install import current_solution
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.workspace.environments import ensure_kernel, ensure_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureInstalledRequest(LockingRequest):
    """Which environment, and what for."""

    environment: str = "default"
    kernel: bool = False
    """Whether a Python kernel shall start, so that ipykernel must be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureInstalledResult:
    """How to start a process in the environment."""

    prefix: str
    changed: bool
    """Whether anything had to be installed."""
    payload: Mapping[str, Any]
    """What the prefix's stamp holds: activation, overlay, python, tasks."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "prefix": self.prefix,
            "changed": self.changed,
            "payload": dict(self.payload),
        }


async def ensure_installed(
    request: EnsureInstalledRequest, operation: Operation
) -> EnsureInstalledResult:
    """Lock and install what is needed, and leave a stamp for the next start.

    Raises
    ------
    PixiJupyterError
        As for `install`; `OverlayError` where ipykernel does not fit.
    """
    current = await current_solution(
        request, operation, environments=[request.environment]
    )
    workspace = current.workspace
    ensure = ensure_kernel if request.kernel else ensure_prefix
    installed = await ensure(
        workspace,
        current.solution,
        request.environment,
        operation,
        session=workspace.session(),
    )
    return EnsureInstalledResult(
        prefix=str(installed.prefix),
        changed=installed.changed,
        payload=installed.payload,
    )
