"""Register environments as Jupyter kernels, list them, take them away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError
from pixi_jupyter.kernelspecs import (
    RegisteredKernel,
    install_kernel,
    kernels_of,
    list_kernels,
    remove_kernel,
    remove_stale,
)
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request, WorkspaceRequest
from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.workspace.context import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelRow:
    """One registered kernel, as it is shown."""

    name: str
    display_name: str
    workspace: str
    """The workspace's folder."""
    environment: str
    prefix: str
    installed: bool
    stale: str = ""
    """Why it can never start again."""

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.stale:
            return self.stale
        return "installed" if self.installed else "installs itself at first start"

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "name": self.name,
            "display_name": self.display_name,
            "workspace": self.workspace,
            "environment": self.environment,
            "prefix": self.prefix,
            "installed": self.installed,
            "stale": self.stale or None,
        }


def _row(kernel: RegisteredKernel) -> KernelRow:
    return KernelRow(
        name=kernel.name,
        display_name=kernel.display_name,
        workspace=str(kernel.manifest.parent),
        environment=kernel.environment,
        prefix=str(kernel.prefix),
        installed=kernel.installed,
        stale=kernel.stale,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelInstallRequest(WorkspaceRequest):
    """Which environments."""

    environments: tuple[str, ...] = ()
    """Empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelInstallResult:
    """The kernels that are registered now."""

    kernels: tuple[KernelRow, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """Give the JSON form."""
        return [each.to_json() for each in self.kernels]


async def kernel_install(
    request: KernelInstallRequest, operation: Operation
) -> KernelInstallResult:
    """Write kernelspecs, also for environments that are not installed yet.

    Raises
    ------
    EnvironmentNotFoundError
        Nothing was written.
    KernelError
        If the user's Jupyter data folder cannot be written.
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    names = request.environments or tuple(workspace.composition.environments)
    for name in names:
        workspace.composition.environment(name)
    others = {
        kernel.workspace
        for kernel in list_kernels()
        if kernel.manifest.parent != workspace.root and not kernel.stale
    }
    sources = [
        source
        for name in names
        for source in kernels_of(
            workspace.manifest.path,
            workspace.manifest.name,
            name,
            workspace.prefix(name),
            others=others,
        )
    ]
    rows = tuple(_row(install_kernel(source)) for source in sources)
    operation.finish("kernel")
    return KernelInstallResult(kernels=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelListRequest(Request):
    """Takes no arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelListResult:
    """All kernels that we registered, of any workspace."""

    kernels: tuple[KernelRow, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """Give the JSON form."""
        return [each.to_json() for each in self.kernels]


async def kernel_list(
    request: KernelListRequest, operation: Operation
) -> KernelListResult:
    """List kernelspecs; those that can never start again are marked."""
    del request
    operation.finish("kernel")
    return KernelListResult(kernels=tuple(map(_row, list_kernels(_environments))))


def _environments(manifest: Path) -> Collection[str]:
    return open_workspace(manifest).composition.environments


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelRemoveRequest(WorkspaceRequest):
    """Which kernels."""

    names: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    """Those of these environments of the workspace here."""
    stale: bool = False
    """All that can never start again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelRemoveResult:
    """The kernels that are gone."""

    removed: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"removed": list(self.removed)}


async def kernel_remove(
    request: KernelRemoveRequest, operation: Operation
) -> KernelRemoveResult:
    """Take kernelspecs away; environments stay.

    Raises
    ------
    KernelspecNotFoundError
        If no kernel of ours has one of the names.
    UsageError
        If nothing was named.
    """
    names = list(request.names)
    if request.environments:
        workspace = open_workspace(request.manifest, offline=request.offline)
        names += _of_environments(workspace, request.environments)
    elif not names and not request.stale:
        msg = "Kernel remove needs a name, an environment or --stale"
        raise UsageError(
            msg,
            hints=("{command} kernel list",),
        )
    removed = [remove_kernel(name).name for name in names]
    if request.stale:
        removed += [kernel.name for kernel in remove_stale(_environments)]
    operation.finish("kernel")
    return KernelRemoveResult(removed=tuple(removed))


def _of_environments(workspace: Workspace, environments: Collection[str]) -> list[str]:
    return [
        kernel.name
        for kernel in list_kernels()
        if kernel.manifest == workspace.manifest.path
        and kernel.environment in environments
    ]
