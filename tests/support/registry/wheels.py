"""Tiny real wheels and sdists, made in milliseconds."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

WHEN = (2023, 11, 14, 22, 13, 20)
"""Date of every file, so that archives come out the same each time."""

BACKEND = """\
import pathlib, zipfile

def _wheel(folder, editable=False):
    metadata = pathlib.Path("PKG-INFO").read_text()
    name, version = pathlib.Path("NAME").read_text().split()
    info = f"{name}-{version}.dist-info"
    wheel = f"{name}-{version}-py3-none-any.whl"
    files = {
        f"{name}.py": pathlib.Path(f"{name}.py").read_text(),
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n"
        "Tag: py3-none-any\\n",
    }
    rows = "".join(f"{path},,\\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(pathlib.Path(folder, wheel), "w") as archive:
        for path, text in {**files, f"{info}/RECORD": rows}.items():
            archive.writestr(path, text)
    return wheel

def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder)
"""


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Iterable[str] = (),
    requires_python: str = "",
    metadata: Iterable[str] = (),
    files: Mapping[str, str] | None = None,
    tag: str = "py3-none-any",
) -> Path:
    """Write one wheel.

    Parameters
    ----------
    requires
        Requirements, with their markers.
    metadata
        Further lines, such as ``Provides-Extra: dev``.
    files
        Content by path. None gives one module that knows its version; paths in
        the wheel's own ``.dist-info`` are added to it.
    """
    module = _module(name)
    info = f"{module}-{version}.dist-info"
    if files is None:
        files = {f"{module}.py": f"version = {version!r}\n"}
    pure = str(tag.endswith("-any")).lower()
    content = {
        **files,
        f"{info}/METADATA": _metadata(
            name, version, requires, requires_python, metadata
        ),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: {pure}\nTag: {tag}\n",
    }
    rows = [f"{path},{_record(text)}" for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in content.items():
            archive.writestr(zipfile.ZipInfo(inside, WHEN), text)
    return path


def make_sdist(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Iterable[str] = (),
    requires_python: str = "",
) -> Path:
    """Write one sdist, whose backend lies in it and needs nothing else."""
    module = _module(name)
    stem = f"{module}-{version}"
    content = {
        "PKG-INFO": _metadata(name, version, requires, requires_python, ()),
        "NAME": f"{module} {version}",
        f"{module}.py": f"version = {version!r}\n",
        "backend.py": BACKEND,
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n',
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for inside, text in content.items():
            data = text.encode()
            member = tarfile.TarInfo(f"{stem}/{inside}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def _module(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _metadata(
    name: str,
    version: str,
    requires: Iterable[str],
    requires_python: str,
    more: Iterable[str],
) -> str:
    lines = ["Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {requires_python}"] if requires_python else []
    lines += [f"Requires-Dist: {each}" for each in requires]
    return "\n".join([*lines, *more]) + "\n"


def _record(text: str) -> str:
    data = text.encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.decode().rstrip('=')},{len(data)}"
