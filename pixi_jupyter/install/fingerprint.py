"""Our own answer to "is this prefix up to date?", fast enough for a kernel's start.

The file ``conda-meta/pixi-jupyter`` records the manifest and the lock that a prefix
was made from, pixi's state of it, and whatever a start needs to know. It has no
suffix because py-rattler takes every ``*.json`` there for a package.

Standard library only; `is_current` takes a millisecond.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, field
from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import PIXI_VERSION, __version__
from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import WriteError
from pixi_jupyter.install.journal import journal_path
from pixi_jupyter.install.pypi_note import NOTE_FILE
from pixi_jupyter.install.state import INSTALLING, UNKNOWN, read_state
from pixi_jupyter.manifest.script_place import is_script
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STAMP_FILE = "pixi-jupyter"
"""In conda-meta."""

FORMAT = 1
"""Changes when an older program could misread a stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What was true when a prefix was last brought up to date."""

    prefix: str
    """Where it was: a prefix that was moved is not current."""
    manifest_digest: str
    """As `manifest_digest` gives it, hexadecimal."""
    lock_digest: str
    state: str
    """pixi's state: another one means that pixi changed the prefix since."""
    version: str = __version__
    pixi_version: str = PIXI_VERSION
    payload: Mapping[str, Any] = field(default_factory=dict)
    """What a start needs: activation, the overlay's path, …; any JSON."""


def is_current(prefix: Path, manifest_path: Path, lock_path: Path) -> Stamp | None:
    """Give the stamp of a prefix if it still holds, without any lock.

    Parameters
    ----------
    prefix
        Absolute path.
    manifest_path, lock_path
        What the prefix should have been made from.

    Returns
    -------
    Stamp or None
        None where manifest or lock changed, pixi or we changed the prefix since,
        a change did not end, or nothing is known. Files that somebody deleted by
        hand are not looked for.
    """
    stamp = read_stamp(prefix)
    if stamp is None or stamp.prefix != str(prefix):
        return None
    if stamp.version != __version__ or stamp.pixi_version != PIXI_VERSION:
        return None
    state = read_state(prefix)
    if state in (INSTALLING, UNKNOWN) or state != stamp.state:
        return None
    if journal_path(prefix).exists():
        return None
    if (prefix / "conda-meta" / NOTE_FILE).exists():
        return None
    same = (
        _manifest_digest(manifest_path) == stamp.manifest_digest
        and _digest(lock_path) == stamp.lock_digest
    )
    return stamp if same else None


def manifest_digest(data: bytes, path: Path) -> str:
    """Give the digest of what decides in a manifest: of a script its block alone."""
    if is_script(path):
        from pixi_jupyter.manifest.script_block import block_bytes

        data = block_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _manifest_digest(path: Path) -> str | None:
    try:
        return manifest_digest(read_file(path), path)
    except OSError:
        return None


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except OSError:
        return None


def records_digest(prefix: Path) -> str:
    """Give a digest of the records of a prefix: of their names, sizes and times.

    Notes
    -----
    Reads no record: 100 of them take half a millisecond.
    """
    digest = hashlib.sha256()
    with suppress(OSError), os.scandir(prefix / "conda-meta") as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name.endswith(".json"):
                status = entry.stat(follow_symlinks=False)
                line = f"{entry.name} {status.st_size} {status.st_mtime_ns}\n"
                digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def wheels_digest(prefix: Path) -> str:
    """Give a digest of what lies in the folders of Python packages.

    Notes
    -----
    Of distributions the names of their folders, and when these were last changed.
    """
    digest = hashlib.sha256()
    sites = [prefix / "Lib" / "site-packages"] if os.name == "nt" else []
    with suppress(OSError), os.scandir(prefix / "lib") as entries:
        sites += [
            prefix / "lib" / entry.name / "site-packages"
            for entry in entries
            if entry.name.startswith("python3") and not entry.is_symlink()
        ]
    for site in sorted(sites):
        with suppress(OSError), os.scandir(site) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                if entry.name.endswith(".dist-info"):
                    time = entry.stat(follow_symlinks=False).st_mtime_ns
                    line = f"{site.parent.name}/{entry.name} {time}\n"
                    digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def write_stamp(
    prefix: Path,
    *,
    manifest_digest: str,
    lock_digest: str,
    payload: Mapping[str, Any],
    state: str | None = None,
) -> Stamp:
    """Record that a prefix is up to date.

    Parameters
    ----------
    prefix
        Absolute path.
    manifest_digest, lock_digest
        sha256 of what was read, not of what is on disk by now: a file that was
        edited during the install must not look as if it had been installed.
    payload
        What a start needs to know.
    state
        pixi's state of what was installed, as `InstallOutcome` has it; None for
        the present one, under the prefix lock.

    Raises
    ------
    WriteError
        If the file cannot be written.
    """
    stamp = Stamp(
        prefix=str(prefix),
        manifest_digest=manifest_digest,
        lock_digest=lock_digest,
        state=read_state(prefix) if state is None else state,
        payload=payload,
    )
    path = prefix / "conda-meta" / STAMP_FILE
    temporary = path.with_name(f"{STAMP_FILE}.{os.getpid()}.tmp")
    try:
        data = {"format": FORMAT, **asdict(stamp)}
        text = json.dumps({**data, "check": _check(data)})
        temporary.write_text(text, encoding="ascii")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise WriteError(path, reason=str(error)) from error
    return stamp


def _check(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def read_stamp(prefix: Path) -> Stamp | None:
    """Read a stamp as it is; None where there is none that can be read."""
    try:
        data = json.loads(read_file(prefix / "conda-meta" / STAMP_FILE))
        if data["format"] != FORMAT or not isinstance(data["payload"], dict):
            return None
        # a start relies on what is in it, and looks at nothing twice
        if data.pop("check") != _check(data):
            return None
        return Stamp(
            prefix=str(data["prefix"]),
            manifest_digest=str(data["manifest_digest"]),
            lock_digest=str(data["lock_digest"]),
            state=str(data["state"]),
            version=str(data["version"]),
            pixi_version=str(data["pixi_version"]),
            payload=data["payload"],
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
