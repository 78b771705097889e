"""What stands in the folder of a kernelspec: kernel.json and logos.

kernel.json says how to start twice: by our provisioner, which installs without
any limit of time and tells how far it is, and by an argv that does the same, for
tools that do not know provisioners.
"""

from __future__ import annotations

import sys
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import __version__
from pixi_jupyter.kernelspecs.names import display_name, kernel_name
from pixi_jupyter.kernelspecs.packaged import PackagedKernel, packaged_kernels
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection

PROVISIONER = "pixi-jupyter"
"""Name of the entry point in ``jupyter_client.kernel_provisioners``."""

METADATA = "pixi_jupyter"
"""Key in kernel.json by which a kernelspec is known to be ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelSource:
    """What the kernelspec of one kernel is made from."""

    manifest: Path
    """Absolute path."""
    workspace: str
    """The workspace's name."""
    environment: str
    prefix: Path
    """Where the environment is, or will be."""
    display_name: str
    kernel: PackagedKernel | None = None
    """None: the environment's Python."""
    host: str = field(default_factory=lambda: sys.executable)
    """Interpreter that has pixi-jupyter."""

    @property
    def name(self) -> str:
        """The name under which it is registered."""
        kernel = self.kernel.name if self.kernel else None
        root = self.manifest.parent
        return kernel_name(self.workspace, root, self.environment, kernel)

    @property
    def is_installed(self) -> bool:
        """Whether the prefix is there; it may be out of date."""
        return is_installed(self.prefix)

    @property
    def logos(self) -> tuple[Path, ...]:
        """The pictures to register: of the packaged kernel, else ours."""
        own = self.kernel.logos if self.kernel else ()
        return own or tuple(sorted(logo_folder(installed=True).iterdir()))


def is_installed(prefix: Path) -> bool:
    """Tell whether packages are in a prefix; one that waits for its first is empty."""
    return any((prefix / "conda-meta").glob("*.json"))


def logo_folder(*, installed: bool) -> Path:
    """Give the folder of our pictures, filled, or dashed and grey."""
    return Path(__file__).parent / "logos" / ("installed" if installed else "missing")


def kernels_of(
    manifest: Path,
    workspace: str,
    environment: str,
    prefix: Path,
    *,
    others: Collection[str] = (),
) -> tuple[KernelSource, ...]:
    """List the kernels of an environment, its Python first.

    Parameters
    ----------
    manifest
        Absolute path.
    workspace
        The workspace's name.
    environment
        The environment's name.
    prefix
        Where it is, or will be. An installed one without Python offers none; of
        one that is not installed Python is assumed.
    others
        Names of all other workspaces that have kernels.
    """
    root = manifest.parent
    has_python = any((prefix / "conda-meta").glob("python-[0-9]*.json"))
    python = has_python or not is_installed(prefix)
    kernels: list[PackagedKernel | None] = [None] if python else []
    kernels += packaged_kernels(prefix)
    return tuple(
        KernelSource(
            manifest=manifest,
            workspace=workspace,
            environment=environment,
            prefix=prefix,
            display_name=display_name(
                workspace,
                environment,
                root=root,
                others=others,
                language=kernel.title if kernel else None,
            ),
            kernel=kernel,
        )
        for kernel in kernels
    )


def kernel_json(source: KernelSource) -> dict[str, Any]:
    """Give the content of kernel.json."""
    kernel = source.kernel
    config = {"manifest": str(source.manifest), "environment": source.environment}
    own = {"workspace": source.workspace, "prefix": str(source.prefix)}
    if kernel:
        config["kernel"] = kernel.name
    metadata: dict[str, Any] = dict(kernel.metadata) if kernel else {"debugger": True}
    metadata["kernel_provisioner"] = {
        "provisioner_name": PROVISIONER,
        "config": config,
    }
    metadata[METADATA] = {"version": __version__, **config, **own}
    return {
        "argv": _argv(source),
        "display_name": source.display_name,
        "language": kernel.language if kernel else "python",
        "interrupt_mode": kernel.interrupt_mode if kernel else "signal",
        "metadata": metadata,
    }


def _argv(source: KernelSource) -> list[str]:
    words = [source.host, "-m", "pixi_jupyter.kernels.launch"]
    words += ["--workspace", str(source.manifest)]
    words += ["--environment", source.environment]
    if source.kernel:
        words += ["--kernel", source.kernel.name]
    return [*words, "-f", "{connection_file}"]
