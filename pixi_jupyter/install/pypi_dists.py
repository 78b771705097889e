"""The Python distributions that lie in a prefix, whoever installed them.

Source: the installed-projects format (PEP 376, 610, 627), read 2026-11.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pixi_jupyter.names import normalised
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OURS = "uv-pixi"
"""What pixi, and we, write into INSTALLER."""
UV = "uv"
"""What uv writes there, until we have signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledDist:
    """One ``*.dist-info`` folder."""

    path: Path
    name: str
    """Normalised."""
    version: str
    installer: str = ""
    """Empty where none is written."""
    has_record: bool = True
    direct_url: Mapping[str, Any] | None = None
    """Where it is from, unless that is an index."""
    requires_python: str = ""
    modified: float = field(default=0.0, compare=False)
    """When its METADATA were written, in seconds since the epoch."""

    @property
    def is_ours(self) -> bool:
        """Whether pixi or we installed it."""
        return self.installer == OURS


def read_dists(site: Path) -> list[InstalledDist]:
    """Read what lies in a folder of packages, sorted by name.

    Notes
    -----
    Blocks; a folder that is not there holds nothing.
    """
    found = [_dist(path) for path in sorted(site.glob("*.dist-info")) if path.is_dir()]
    return sorted(found, key=lambda each: each.name)


def _dist(path: Path) -> InstalledDist:
    from email.parser import BytesHeaderParser  # 6 ms

    stem, _, version = path.name.removesuffix(".dist-info").partition("-")
    name, requires, modified = stem, "", 0.0
    try:
        metadata = path / "METADATA"
        modified = metadata.stat().st_mtime
        head = BytesHeaderParser().parsebytes(metadata.read_bytes())
        name, version = str(head.get("Name", name)), str(head.get("Version", version))
        requires = str(head.get("Requires-Python", ""))
        has_metadata = True
    except OSError:
        has_metadata = False
    return InstalledDist(
        path=path,
        name=normalised(name),
        version=version,
        installer=_text(path / "INSTALLER").strip(),
        # without METADATA nothing can be told of it, as if it had no RECORD
        has_record=has_metadata and (path / "RECORD").is_file(),
        direct_url=_json(path / "direct_url.json"),
        requires_python=requires,
        modified=modified,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _json(path: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def files_of(dist: InstalledDist, prefix: Path) -> Iterator[str]:
    """List the files of a distribution, relative to the prefix, with slashes."""
    site = dist.path.parent.relative_to(prefix).as_posix()
    for row in csv.reader(io.StringIO(_text(dist.path / "RECORD"))):
        if row and row[0]:
            path = PurePosixPath(site, row[0].replace("\\", "/"))
            yield os.path.normpath(path).replace("\\", "/")


def sites(prefix: Path) -> list[Path]:
    """Give the folders of packages of a prefix, those of older Pythons too."""
    found = [prefix / "Lib" / "site-packages"] if os.name == "nt" else []
    found += sorted(prefix.glob("lib/python3*/site-packages"))
    # conda's python has links to its folder under other names
    return [x for x in found if x.is_dir() and not x.parent.is_symlink()]


def pypi_files(prefix: Path) -> Iterator[str]:
    """List the files that pixi, uv and we installed, relative to the prefix."""
    for site in sites(prefix):
        for dist in read_dists(site):
            if dist.installer in (UV, OURS):
                yield from files_of(dist, prefix)


def sign(dist: InstalledDist) -> None:
    """Mark a distribution as installed by pixi or us.

    Notes
    -----
    What uv links may be a file of its cache, so files are replaced, not changed.
    """
    (dist.path / "REQUESTED").unlink(missing_ok=True)
    text = _text(dist.path / "RECORD")
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    info = dist.path.name
    content = OURS.encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    signature = f"sha256={digest.decode().rstrip('=')}"
    left_out = {f"{info}/REQUESTED", f"{info}/INSTALLER"}
    rows = [row for row in rows if row[0] not in left_out]
    rows.append([f"{info}/INSTALLER", signature, str(len(content))])
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(sorted(rows))
    _replace(dist.path / "RECORD", out.getvalue().encode())
    _replace(dist.path / "INSTALLER", content)


def _replace(path: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).chmod(0o644)
    Path(draft).replace(path)


def forget(dist: InstalledDist) -> None:
    """Remove the folder that makes files a distribution, and nothing else."""
    shutil.rmtree(dist.path, ignore_errors=True)
