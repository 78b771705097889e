"""What `install` is asked and answers, and its answer where nothing is to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pixi_jupyter.errors import ManifestNotFoundError
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.workspace.installed import Installed, known


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallRequest(LockingRequest):
    """Which environments."""

    environments: tuple[str, ...] = ()
    """Empty: ``default``."""
    all: bool = False
    """All that can run here."""
    platform: str | None = None
    """Another platform than this machine's best."""
    only: tuple[str, ...] = ()
    """Names of packages: these and what they need, nothing else."""
    skip: tuple[str, ...] = ()
    """Names of packages to leave out, but not what they need."""
    skip_with_deps: tuple[str, ...] = ()
    """Names of packages to leave out, with what only they need."""

    @property
    def is_partial(self) -> bool:
        """Whether something may be left out."""
        return bool(self.only or self.skip or self.skip_with_deps)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallResult:
    """What `install` did."""

    installed: tuple[Installed, ...]
    lock_written: bool
    skipped: tuple[str, ...] = ()
    """Environments that cannot run here."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "environments": [each.to_json() for each in self.installed],
            "skipped": list(self.skipped),
            "lock_written": self.lock_written,
        }


def quick_install(request: InstallRequest) -> InstallResult | None:
    """Give the result of an install that has nothing to do.

    Returns
    -------
    InstallResult or None
        None where the manifest or the lock has to be looked at first.

    Notes
    -----
    Loads neither py-rattler nor anything that solves.
    """
    if request.all or request.frozen or request.platform or request.is_partial:
        return None
    try:
        manifest = find_manifest(Path.cwd(), request.manifest)
    except ManifestNotFoundError:
        return None
    found = []
    for name in request.environments or ("default",):
        environment = known(manifest, name, locked=request.locked)
        if environment is None:
            return None
        found.append(environment)
    return InstallResult(installed=tuple(found), lock_written=False)
