"""From an installed environment to the command and variables of its kernel.

No engine, no manifest and no third-party library: where the stamp of a prefix
holds, a kernel starts by it alone.
"""

from __future__ import annotations

import os
import shutil
import string
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.activation import ActivationPlan, activate
from pixi_jupyter.errors import KernelspecNotFoundError, NoKernelError
from pixi_jupyter.install.fingerprint import is_current
from pixi_jupyter.kernelspecs.packaged import (
    packaged_kernels,
    read_packaged_kernel,
)
from pixi_jupyter.manifest.script_place import home_of, lock_of
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.kernelspecs.packaged import PackagedKernel

CONNECTION_FILE = "{connection_file}"
"""What Jupyter replaces in a command."""

BOOT = Path(__file__).parent.parent / "inkernel" / "boot.py"

_OF_THE_HOST = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONEXECUTABLE",
    "__PYVENV_LAUNCHER__",
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
)
"""Variables by which the host's Python finds its own packages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelTarget:
    """Which kernel of which environment is meant."""

    manifest: Path
    """Absolute path."""
    environment: str = "default"
    kernel: str = ""
    """Folder name of a packaged kernel; empty for the environment's Python."""
    host: str = sys.executable
    """Interpreter that has pixi-jupyter."""
    notebook: Path | None = None
    """Whose environment it is, where it belongs to one notebook."""

    @property
    def request(self) -> dict[str, Any]:
        """What the engine is asked when the environment has to be installed."""
        return {
            "manifest": str(self.manifest),
            "environment": self.environment,
            "kernel": not self.kernel,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelStart:
    """What a kernel process is started with."""

    command: tuple[str, ...]
    """Holds `CONNECTION_FILE`."""
    environ: Mapping[str, str]


def installed_payload(target: KernelTarget) -> Mapping[str, Any] | None:
    """Give what the stamp of an environment says, if a kernel can start by it.

    Returns
    -------
    Mapping or None
        None where the environment must be looked at by an engine first.

    Notes
    -----
    Reads the stamp, the manifest and the lock; takes a few milliseconds.
    """
    home = home_of(target.manifest)
    prefix = home / ".pixi" / "envs" / target.environment
    stamp = is_current(prefix, target.manifest, lock_of(target.manifest, home))
    if stamp is None:
        return None
    payload = stamp.payload
    if target.kernel:
        return payload
    if not payload.get("kernel") or not payload.get("python"):
        return None
    overlay = payload.get("overlay")
    there = (prefix / payload["python"]).exists() and (
        not overlay or Path(overlay).is_dir()
    )
    return payload if there else None


def kernel_start(
    target: KernelTarget, payload: Mapping[str, Any], environ: Mapping[str, str]
) -> KernelStart:
    """Give the command and the variables of a kernel.

    Parameters
    ----------
    target
        Which kernel.
    payload
        Of the stamp.
    environ
        The variables that the kernel would have without us.

    Raises
    ------
    ActivationError
        If the environment's scripts are broken.
    NoKernelError
        If it has no Python.
    KernelspecNotFoundError
        If it has no packaged kernel of that name.

    Notes
    -----
    Starts a shell where the environment has activation scripts.
    """
    plan = ActivationPlan.from_wire(payload["activation"])
    activated = activate(plan, without_host(environ))
    if target.kernel:
        kernel = read_packaged_kernel(plan.prefix, target.kernel)
        if kernel is None:
            names = [kernel.name for kernel in packaged_kernels(plan.prefix)]
            raise KernelspecNotFoundError(target.kernel, available=names)
        return _packaged(kernel, activated)
    if not payload.get("python"):
        raise NoKernelError(target.environment)
    command = [str(plan.prefix / payload["python"])]
    # what ipykernel does for its own kernelspec, so that the debugger can look
    command += ["-Xfrozen_modules=off", str(BOOT), "--host", target.host]
    command += ["--manifest", str(target.manifest)]
    command += ["--environment", target.environment]
    if overlay := payload.get("overlay"):
        command += ["--overlay", overlay]
    if target.notebook is not None:
        command += ["--notebook", str(target.notebook)]
    command += ["--", "-f", CONNECTION_FILE]
    return KernelStart(command=tuple(command), environ=activated)


def _packaged(kernel: PackagedKernel, activated: Mapping[str, str]) -> KernelStart:
    # Jupyter would look for a bare name on its own PATH, and take its own Python
    program = shutil.which(kernel.argv[0], path=activated.get("PATH"))
    command = [
        word.replace("{resource_dir}", str(kernel.folder))
        for word in (program or kernel.argv[0], *kernel.argv[1:])
    ]
    own = {
        name: string.Template(value).safe_substitute(activated)
        for name, value in kernel.env.items()
    }
    return KernelStart(command=tuple(command), environ={**activated, **own})


def without_host(
    environ: Mapping[str, str], host: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Take away what belongs to the Python that Jupyter runs on.

    Its import path would break another Python, and a ``pip`` found behind the
    environment's own programs would change the wrong place.

    Parameters
    ----------
    environ
        What the kernel is to be given.
    host
        This process' variables: what differs from them was meant for the kernel.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _OF_THE_HOST or value != host.get(name)
    }
    folders = {str(Path(sys.executable).parent)} if _is_environment() else set()
    if "VIRTUAL_ENV" in host:
        folders.add(str(Path(host["VIRTUAL_ENV"]) / Path(sys.executable).parent.name))
    entries = environ.get("PATH", "").split(os.pathsep)
    if "PATH" in environ:
        kept["PATH"] = os.pathsep.join(
            entry for entry in entries if entry not in folders
        )
    return kept


def _is_environment() -> bool:
    """Whether our Python is an environment's, and not the system's."""
    return sys.prefix != sys.base_prefix or Path(sys.prefix, "conda-meta").is_dir()
