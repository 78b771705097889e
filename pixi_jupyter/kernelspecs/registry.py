"""The kernelspecs in the user's Jupyter data folder that are ours."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import (
    KernelError,
    KernelspecNotFoundError,
    ManifestNotFoundError,
    PixiJupyterError,
)
from pixi_jupyter.kernelspecs.files import (
    METADATA,
    KernelSource,
    is_installed,
    kernel_json,
)
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    Environments = Callable[[Path], Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredKernel:
    """A kernelspec of ours on disk."""

    name: str
    display_name: str
    manifest: Path
    workspace: str
    """The workspace's name."""
    environment: str
    prefix: Path
    kernel: str | None
    """Folder name of a packaged kernel; None for the environment's Python."""
    folder: Path
    stale: str = ""
    """Why it can never start again; empty if it can."""

    @property
    def installed(self) -> bool:
        """Whether the prefix is there; it may be out of date."""
        return is_installed(self.prefix)

    def to_json(self) -> dict[str, object]:
        """Give the JSON form."""
        return {
            "name": self.name,
            "display_name": self.display_name,
            "workspace": str(self.manifest.parent),
            "environment": self.environment,
            "prefix": str(self.prefix),
            "installed": self.installed,
            "stale": self.stale or None,
        }


def kernels_folder() -> Path:
    """Give the folder where the user's kernelspecs are; honours JUPYTER_DATA_DIR."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir(), "kernels")


def list_kernels(environments: Environments | None = None) -> list[RegisteredKernel]:
    """List our kernelspecs by name.

    Parameters
    ----------
    environments
        Gives the names of the environments of a manifest, to find kernels whose
        environment is gone; may raise `PixiJupyterError`, which condemns nobody
        but for `ManifestNotFoundError`. Without it only manifests are looked for.
    """
    return sorted(_registered(environments), key=lambda kernel: kernel.name)


def _registered(environments: Environments | None) -> Iterator[RegisteredKernel]:
    known: dict[Path, Collection[str] | None] = {}
    for path in kernels_folder().glob("*/kernel.json"):
        if kernel := _read(path):
            if kernel.manifest not in known:
                known[kernel.manifest] = _environments(kernel.manifest, environments)
            reason = _stale(kernel, known[kernel.manifest])
            yield replace(kernel, stale=reason)


def _read(path: Path) -> RegisteredKernel | None:
    """Read a kernelspec; None if it is not ours, or nothing could start from it."""
    try:
        document = json.loads(read_file(path))
        own = document["metadata"][METADATA]
        return RegisteredKernel(
            name=path.parent.name,
            display_name=str(document["display_name"]),
            manifest=Path(own["manifest"]),
            workspace=str(own["workspace"]),
            environment=str(own["environment"]),
            prefix=Path(own["prefix"]),
            kernel=str(own["kernel"]) if own.get("kernel") else None,
            folder=path.parent,
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _environments(
    manifest: Path, environments: Environments | None
) -> Collection[str] | None:
    """Give the environments of a manifest: none if it is gone, None if unknown."""
    if not manifest.is_file():
        return ()
    try:
        return environments(manifest) if environments else None
    except ManifestNotFoundError:
        return ()
    except PixiJupyterError:
        return None


def _stale(kernel: RegisteredKernel, known: Collection[str] | None) -> str:
    if known is None or kernel.environment in known:
        return ""
    if not kernel.manifest.is_file():
        return f"{kernel.manifest} is gone"
    return f"{kernel.manifest} has no environment {kernel.environment}"


def install_kernel(source: KernelSource) -> RegisteredKernel:
    """Write a kernelspec, or write it anew.

    Raises
    ------
    KernelError
        If the folder cannot be written.

    Notes
    -----
    kernel.json comes last and in one step: Jupyter sees the kernel whole or as
    it was.
    """
    folder = kernels_folder() / source.name
    text = _readable_json(kernel_json(source)) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for logo in source.logos:
            _write(folder / logo.name, logo.read_bytes())
        _write(folder / "kernel.json", text.encode())
    except OSError as error:
        message = f"Kernel {source.name} could not be registered"
        raise KernelError(message, details=(str(error),)) from error
    return RegisteredKernel(
        name=source.name,
        display_name=source.display_name,
        manifest=source.manifest,
        workspace=source.workspace,
        environment=source.environment,
        prefix=source.prefix,
        kernel=source.kernel.name if source.kernel else None,
        folder=folder,
    )


def _readable_json(data: dict[str, Any]) -> str:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # a path with bytes that are no text
        return json.dumps(data, indent=1)
    return text


def _write(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        # mkstemp makes files for their owner only; kernelspecs are for all to read
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise


def remove_kernel(name: str) -> RegisteredKernel:
    """Take one kernelspec away; its environment stays.

    Raises
    ------
    KernelspecNotFoundError
        If no kernelspec of ours has that name.
    KernelError
        If the folder cannot be removed.
    """
    known = {kernel.name: kernel for kernel in list_kernels()}
    if name not in known:
        raise KernelspecNotFoundError(name, available=known)
    kernel = known[name]
    try:
        # first what makes it a kernel, so that nobody sees half of one
        (kernel.folder / "kernel.json").unlink()
        shutil.rmtree(kernel.folder)
    except OSError as error:
        message = f"Kernel {name} could not be removed"
        raise KernelError(message, details=(str(error),)) from error
    return kernel


def remove_stale(environments: Environments) -> tuple[RegisteredKernel, ...]:
    """Take away all kernelspecs that can never start again.

    Raises
    ------
    KernelError
        If a folder cannot be removed.
    """
    dead = [kernel for kernel in list_kernels(environments) if kernel.stale]
    for kernel in dead:
        remove_kernel(kernel.name)
    return tuple(dead)
