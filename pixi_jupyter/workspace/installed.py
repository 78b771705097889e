"""An environment that is there, and how to see in a millisecond that it is.

What this imports is little, for an install that has nothing to do imports it alone.
"""

from __future__ import annotations

import os
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.install.fingerprint import (
    is_current,
    records_digest,
    wheels_digest,
)
from pixi_jupyter.install.marker import MARKER_FILE
from pixi_jupyter.install.outcome import InstallOutcome
from pixi_jupyter.install.state import HOLDER_FILE
from pixi_jupyter.manifest.script_place import home_of, lock_of
from pixi_jupyter.platforms import Platform, host_subdir
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEY = "installed"
"""Of what is kept in the payload of a stamp, for `known`."""

_OVERRIDES = ("PIXI_OVERRIDE_", "CONDA_OVERRIDE_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """An environment that is there."""

    environment: str
    prefix: Path
    platform: Platform
    packages: int
    """How many packages it holds."""
    outcome: InstallOutcome
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What the stamp of the prefix holds, for those who start processes in it."""
    overlay_changed: bool = False
    local_files: Mapping[str, list[int]] = field(default_factory=dict)
    """Files that say what local projects of PyPI are: size and time, by path."""
    left_out: tuple[str, ...] = ()
    """Packages that were not looked at, because only a part was asked for."""

    @property
    def changed(self) -> bool:
        """Whether anything had to be done."""
        return self.outcome.changed or self.overlay_changed

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "name": self.environment,
            "prefix": str(self.prefix),
            "platform": self.platform.name,
            "changed": self.changed,
            "packages": self.packages,
            "fetched": self.outcome.fetched,
            "fetched_bytes": self.outcome.fetched_bytes,
            "seconds": round(self.outcome.seconds, 3),
            "left_out": list(self.left_out),
        }

    def noted(self) -> dict[str, Any]:
        """Give the payload with what `known` needs to say the same again."""
        note = {
            "platform": self.platform.name,
            "subdir": self.platform.subdir,
            "packages": self.packages,
            "records": records_digest(self.prefix),
            "wheels": wheels_digest(self.prefix),
            "local_files": dict(self.local_files),
        }
        return {**self.payload, _KEY: note}


def known(
    manifest: Path, environment: str, *, locked: bool = False
) -> Installed | None:
    """Give an environment if nothing has changed since it was installed.

    Parameters
    ----------
    manifest
        Absolute path.
    environment
        Its name.
    locked
        Whether a lock that only this computer knows will not do.

    Returns
    -------
    Installed or None
        None where manifest, lock, the records of the prefix, its markers or the
        machine are others, or nothing is known. Whoever gets None looks at
        everything.
    """
    if any(name.startswith(_OVERRIDES) for name in os.environ):
        return None
    home = home_of(manifest)
    prefix = home / ".pixi" / "envs" / environment
    stamp = is_current(prefix, manifest, lock_of(manifest, home, beside=locked))
    note = stamp.payload.get(_KEY) if stamp else None
    if stamp is None or not isinstance(note, dict):
        return None
    meta = prefix / "conda-meta"
    if not (meta / MARKER_FILE).is_file():
        return None
    if (meta / HOLDER_FILE).exists():
        return None  # somebody is at work there, or was killed
    if note["subdir"] != host_subdir() or not _is_as_it_was(prefix, note):
        return None
    return Installed(
        environment=environment,
        prefix=prefix,
        platform=Platform(note["platform"], note["subdir"]),
        packages=note["packages"],
        outcome=InstallOutcome(state=stamp.state),
        payload={key: value for key, value in stamp.payload.items() if key != _KEY},
    )


def _is_as_it_was(prefix: Path, note: Mapping[str, Any]) -> bool:
    """Tell whether records, distributions and local projects are those of then."""
    if note["records"] != records_digest(prefix):
        return False
    if note.get("wheels") != wheels_digest(prefix):
        return False
    for path, known in note.get("local_files", {}).items():
        try:
            status = os.stat(path)  # noqa: PTH116  pathlib is slower to load
        except OSError:
            return False
        if [status.st_size, status.st_mtime_ns] != known:
            return False
    return True
