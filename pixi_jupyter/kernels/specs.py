"""The kernels of the workspace that a server was started in, installed or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import ManifestNotFoundError, PixiJupyterError
from pixi_jupyter.kernelspecs.files import KernelSource, kernel_json, logo_folder
from pixi_jupyter.kernelspecs.files import kernels_of as kernels_of_environment

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpec


class PixiSpecsMixin:
    """Adds our kernels to whichever KernelSpecManager is configured.

    They need not be registered: a manifest at or above the server's folder is
    enough. What is registered under the same name is hidden by it, because here the
    picture tells whether the environment is installed.
    """

    _pixi_known: tuple[object, dict[str, KernelSource]] | None = None
    _pixi_warned: str = ""

    def find_kernel_specs(self) -> dict[str, str]:
        """Give the folder of each kernel's pictures, by name."""
        found: dict[str, str] = super().find_kernel_specs()  # type: ignore[misc]  # of the other base
        ours = self._pixi_kernels()
        return {**found, **{name: str(_pictures(ours[name])) for name in ours}}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give one kernelspec.

        Raises
        ------
        NoSuchKernel
            If neither we nor the other manager know it.
        """
        source = self._pixi_kernels().get(kernel_name)
        if source is not None:
            return self._pixi_spec(source)
        spec: KernelSpec = super().get_kernel_spec(kernel_name)  # type: ignore[misc]  # of the other base
        return spec

    def get_all_specs(self) -> dict[str, Any]:
        """Give all kernelspecs with their folders, by name."""
        found: dict[str, Any] = super().get_all_specs()  # type: ignore[misc]  # of the other base
        for name, source in self._pixi_kernels().items():
            found[name] = {
                "resource_dir": str(_pictures(source)),
                "spec": self._pixi_spec(source).to_dict(),
            }
        return found

    def _pixi_spec(self, source: KernelSource) -> KernelSpec:
        from jupyter_client.kernelspec import KernelSpec

        return KernelSpec(resource_dir=str(_pictures(source)), **kernel_json(source))

    def _pixi_kernels(self) -> dict[str, KernelSource]:
        """List our kernels; a broken manifest costs them, never the others."""
        try:
            return self._pixi_read()
        except ManifestNotFoundError:
            return {}
        except PixiJupyterError as error:
            text = str(error)
            if text != self._pixi_warned:
                self._pixi_warned = text
                self.log.warning("pixi: %s", text)  # type: ignore[attr-defined]  # a Configurable's
            return {}

    def _pixi_read(self) -> dict[str, KernelSource]:
        from pixi_jupyter.manifest.discovery import find_manifest

        root = getattr(getattr(self, "parent", None), "root_dir", None) or Path.cwd()
        manifest = find_manifest(Path(root))
        status = manifest.stat()
        # an install changes which kernels there are, and their pictures
        envs = manifest.parent / ".pixi" / "envs"
        prefixes = sorted(envs.iterdir()) if envs.is_dir() else []
        marks = [(path.name, _mtime(path / "conda-meta")) for path in prefixes]
        key = (manifest, status.st_mtime_ns, status.st_size, tuple(marks))
        if self._pixi_known is None or self._pixi_known[0] != key:
            self._pixi_known = (key, _kernels(manifest))
        return self._pixi_known[1]


def _mtime(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _kernels(manifest: Path) -> dict[str, KernelSource]:
    from pixi_jupyter.manifest.compose import compose
    from pixi_jupyter.manifest.parse import read_manifest

    read = read_manifest(manifest)
    sources = [
        source
        for name in compose(read).environments
        for source in kernels_of_environment(
            manifest, read.name, name, manifest.parent / ".pixi" / "envs" / name
        )
    ]
    return {source.name: source for source in sources}


def _pictures(source: KernelSource) -> Path:
    if source.kernel and source.kernel.logos:
        return source.kernel.folder
    return logo_folder(installed=source.is_installed)
