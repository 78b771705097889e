"""An environment for a platform that a notebook's lock does not have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.lock.file import parse_lock
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.notebook.places import ENVIRONMENT, LOCK, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.lock.models import LockedPackage
    from pixi_jupyter.notebook.metadata import NotebookEnvironment


def for_this_platform(
    environment: NotebookEnvironment, platform: str
) -> NotebookEnvironment:
    """Give the environment with a platform more, and the versions that it has to have.

    Parameters
    ----------
    platform
        The subdir that is missing.

    Notes
    -----
    The versions are those of the nearest platform's packages that exist everywhere:
    what the manifest names itself. What these need may differ from system to system,
    so it is the solver's, as it was for every other platform.
    """
    text = environment.manifest
    path = Path(MANIFEST).absolute()
    document = ManifestDocument(text, path)
    manifest = parse_manifest(text, path)
    if platform not in {each.name for each in manifest.platforms}:
        document.add_platform(platform)
    if environment.lock is not None:
        names = manifest.features["default"].default.dependencies
        for name, version in _versions(environment.lock, platform, names):
            keys = ("target", platform, "constraints", name)
            document.set(keys, f"=={version}")
    return replace(environment, manifest=document.text)


def _versions(
    lock_text: str, platform: str, names: Iterable[str]
) -> list[tuple[str, str]]:
    lock = parse_lock(lock_text, Path(LOCK))
    locked = lock.environments.get(ENVIRONMENT)
    if locked is None or not locked.packages:
        return []
    family = platform.partition("-")[0]
    nearest = min(
        locked.packages,
        key=lambda name: (not name.startswith(family), name != "linux-64", name),
    )
    found: dict[str, LockedPackage] = {
        each.name: each for each in locked.packages[nearest] if each.kind == "conda"
    }
    return [(name, found[name].version) for name in names if name in found]
