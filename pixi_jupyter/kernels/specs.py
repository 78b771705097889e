"""Lists the environments of a server's workspace as kernels, installed or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import NoSuchKernel

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    import logging
    from collections.abc import Collection, Mapping

    # the class that it is mixed into, which is the user's choice
    from jupyter_client.kernelspec import KernelSpecManager as Base

    from pixi_jupyter.kernelspecs.files import KernelSource
else:
    Base = object


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What a manifest said when it was read last."""

    path: Path
    mark: tuple[int, int]
    """Modification time and size of the file."""
    workspace: str = ""
    environments: tuple[str, ...] = ()
    """Those that this machine can run."""


class PixiSpecsMixin(Base):
    """For whichever kernel spec manager is configured; it never raises.

    The workspace is that of the server's root folder or a folder above it.
    """

    _pixi_reading: _Reading | None = None
    _pixi_now: Mapping[str, KernelSource] | None = None
    """Ours while all are listed, so that the disk is asked once."""
    _pixi_removing: bool = False
    """Whether only what is registered counts."""

    if TYPE_CHECKING:
        log: logging.Logger

    def find_kernel_specs(self) -> dict[str, str]:
        """Give the folder of each kernel by name; ours beside all others.

        Ours is a folder of pictures that tell whether the environment is installed,
        also for one that is registered as a file.
        """
        specs: dict[str, str] = super().find_kernel_specs()
        if self._pixi_removing:
            return specs
        return {**specs, **self._pixi_notebook(specs), **self._pixi_folders()}

    def get_kernel_spec(self, kernel_name: str) -> Any:  # noqa: ANN401  the configured class
        """Give one kernelspec; for ours what the manifest says now."""
        source = self._pixi_kernels().get(kernel_name)
        from pixi_jupyter.notebook import specs

        if kernel_name == specs.KERNEL_NAME and (
            folder := self._pixi_notebook(super().find_kernel_specs()).get(kernel_name)
        ):
            return self.kernel_spec_class(resource_dir=folder, **specs.kernel_json())
        if source is None or not self._pixi_allows(kernel_name):
            return super().get_kernel_spec(kernel_name)
        from pixi_jupyter.kernelspecs.files import kernel_json, logo_folder

        folder = str(logo_folder(installed=source.is_installed))
        return self.kernel_spec_class(resource_dir=folder, **kernel_json(source))

    def get_all_specs(self) -> dict[str, Any]:
        """Give all kernelspecs; base classes may have a way of their own."""
        self._pixi_now = self._pixi_kernels()
        try:
            specs: dict[str, Any] = super().get_all_specs()
            ours = {**self._pixi_notebook(specs), **self._pixi_folders()}
            for name, folder in ours.items():
                spec = self.get_kernel_spec(name).to_dict()
                specs[name] = {"resource_dir": folder, "spec": spec}
        finally:
            self._pixi_now = None
        return specs

    def remove_kernel_spec(self, name: str) -> str:
        """Remove a kernelspec; one that is only listed has nothing to remove."""
        if name in self._pixi_folders() and name not in super().find_kernel_specs():
            raise NoSuchKernel(name)
        # what is removed is the folder that is found under the name
        self._pixi_removing = True
        try:
            removed: str = super().remove_kernel_spec(name)
        finally:
            self._pixi_removing = False
        return removed

    def _pixi_allows(self, name: str) -> bool:
        allowed = getattr(self, "allowed_kernelspecs", None)
        return not allowed or name in allowed

    def _pixi_notebook(self, specs: Collection[str]) -> dict[str, str]:
        """Give the kernel of what a notebook carries, unless a file says it."""
        from pixi_jupyter.kernelspecs.files import logo_folder
        from pixi_jupyter.notebook.specs import KERNEL_NAME

        if KERNEL_NAME in specs or not self._pixi_allows(KERNEL_NAME):
            return {}
        return {KERNEL_NAME: str(logo_folder(installed=True))}

    def _pixi_folders(self) -> dict[str, str]:
        from pixi_jupyter.kernelspecs.files import logo_folder

        return {
            name: str(logo_folder(installed=source.is_installed))
            for name, source in self._pixi_kernels().items()
            if self._pixi_allows(name)
        }

    def _pixi_kernels(self) -> Mapping[str, KernelSource]:
        if self._pixi_now is not None:
            return self._pixi_now
        try:
            reading = self._pixi_read()
            return _kernels(reading) if reading else {}
        except Exception as error:  # noqa: BLE001  a server's list of kernels must not fail for us
            self.log.warning("pixi environments cannot be listed: %s", error)
            return {}

    def _pixi_read(self) -> _Reading | None:
        """Read the manifest if it changed; a broken one is told once.

        Where it is broken the environments of the time before stay listed.
        """
        from pixi_jupyter.errors import ManifestNotFoundError, PixiJupyterError
        from pixi_jupyter.manifest.discovery import find_manifest

        root = getattr(self.parent, "root_dir", "") or Path.cwd()
        try:
            path = find_manifest(Path(root))
        except ManifestNotFoundError:
            return None
        status = path.stat()
        mark = (status.st_mtime_ns, status.st_size)
        last = self._pixi_reading
        if last is None or (last.path, last.mark) != (path, mark):
            kept = last if last and last.path == path else None
            try:
                workspace, environments = _read(path)
            except PixiJupyterError as error:
                self.log.warning("pixi environments are not up to date: %s", error)
                workspace = kept.workspace if kept else ""
                environments = kept.environments if kept else ()
            last = self._pixi_reading = _Reading(
                path=path, mark=mark, workspace=workspace, environments=environments
            )
        return last


def _read(path: Path) -> tuple[str, tuple[str, ...]]:
    from pixi_jupyter.manifest.compose import compose
    from pixi_jupyter.manifest.parse import read_manifest
    from pixi_jupyter.platforms import emulated, host_subdir

    manifest = read_manifest(path)
    runnable = emulated(host_subdir())
    environments = compose(manifest).environments
    return manifest.name, tuple(
        name
        for name, environment in environments.items()
        if any(platform.subdir in runnable for platform in environment.platforms)
    )


def _kernels(reading: _Reading) -> dict[str, KernelSource]:
    from pixi_jupyter.kernelspecs import kernels_of, list_kernels

    others = {
        kernel.workspace for kernel in list_kernels() if kernel.manifest != reading.path
    }
    prefixes = reading.path.parent / ".pixi" / "envs"
    return {
        source.name: source
        for name in reading.environments
        for source in kernels_of(
            reading.path, reading.workspace, name, prefixes / name, others=others
        )
    }
