"""What a wheel or sdist says of itself, read from as little of it as will do."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATIC = (2, 2)
"""The version of metadata from which on an sdist says what may differ in its wheel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a distribution says of itself."""

    version: str = ""
    requires_dist: tuple[str, ...] = ()
    """PEP 508, as written."""
    requires_python: str = ""
    files: tuple[str, ...] | None = None
    """Paths in a wheel; None where they were not read."""
    scripts: tuple[str, ...] = ()
    """Names of the programs that installing it makes."""
    is_whole: bool = field(default=True, compare=False)
    """Whether nothing of it may come out differently in a build."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "version": self.version,
            "requires_dist": list(self.requires_dist),
            "requires_python": self.requires_python,
            "files": None if self.files is None else list(self.files),
            "scripts": list(self.scripts),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Metadata:
        """Read the JSON form."""
        files = data["files"]
        return cls(
            version=data["version"],
            requires_dist=tuple(data["requires_dist"]),
            requires_python=data["requires_python"],
            files=None if files is None else tuple(files),
            scripts=tuple(data["scripts"]),
        )


def parse_metadata(content: bytes) -> Metadata:
    """Read METADATA or PKG-INFO."""
    found = BytesParser().parsebytes(content, headersonly=True)
    numbers = re.findall(r"\d+", str(found.get("Metadata-Version", "")))[:2]
    dynamic = {str(each).strip().lower() for each in found.get_all("Dynamic", [])}
    is_static = tuple(map(int, numbers)) >= _STATIC
    return Metadata(
        version=str(found.get("Version", "")),
        requires_dist=tuple(_line(each) for each in found.get_all("Requires-Dist", [])),
        requires_python=_line(found.get("Requires-Python", "")).replace(" ", ""),
        is_whole=is_static and not dynamic & {"requires-dist", "requires-python"},
    )


def _line(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).strip()


class MissingPartError(Exception):
    """A part of a file is needed that was not fetched."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(f"bytes {start} to {end}")
        self.start, self.end = start, end


class Parts(io.RawIOBase):
    """A file of which only parts are known; reading others is an error.

    Parameters
    ----------
    total
        Its size, in bytes.
    parts
        Content by the offset where it begins.
    """

    def __init__(self, total: int, parts: Mapping[int, bytes]) -> None:
        self._total, self._parts, self._at = total, parts, 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Give the offset."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._total}
        self._at = max(0, base[whence] + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  any buffer
        """Read what is known.

        Raises
        ------
        MissingPartError
        """
        at, end = self._at, min(self._at + len(buffer), self._total)
        while at < end:
            # all of it or nothing: a zip file takes less for its end
            piece = self._from(at)[: end - at]
            if not piece:
                raise MissingPartError(at, end)
            buffer[at - self._at : at - self._at + len(piece)] = piece
            at += len(piece)
        size = max(0, at - self._at)
        self._at += size
        return size

    def _from(self, offset: int) -> bytes:
        for start, content in self._parts.items():
            if start <= offset < start + len(content):
                return content[offset - start :]
        return b""


def read_wheel(file: io.RawIOBase | io.BytesIO) -> Metadata:
    """Read metadata, paths and programs of a wheel.

    Raises
    ------
    ValueError
        If it is none.
    MissingPartError
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            inside = _info_file(names, "METADATA")
            if inside is None:
                msg = "it has no METADATA"
                raise ValueError(msg)
            found = parse_metadata(archive.read(inside))
            programs = _info_file(names, "entry_points.txt")
            text = archive.read(programs).decode(errors="replace") if programs else ""
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise ValueError(str(error)) from error
    return Metadata(
        version=found.version,
        requires_dist=found.requires_dist,
        requires_python=found.requires_python,
        files=tuple(name for name in names if not name.endswith("/")),
        scripts=entry_points(text),
    )


def _info_file(names: list[str], name: str) -> str | None:
    pattern = re.compile(rf"[^/]+\.dist-info/{re.escape(name)}")
    return next((each for each in names if pattern.fullmatch(each)), None)


def entry_points(text: str) -> tuple[str, ...]:
    """List the programs that ``entry_points.txt`` declares."""
    found, section = [], ""
    for line in text.splitlines():
        if match := re.match(r"\s*\[([^\]]+)\]", line):
            section = match[1].strip()
        elif section in {"console_scripts", "gui_scripts"} and "=" in line:
            name = line.partition("=")[0].strip()
            found += [] if name.startswith(("#", ";")) else [name]
    return tuple(found)


def read_sdist(content: bytes) -> Metadata | None:
    """Read the PKG-INFO of an archive of sources; None where there is none."""
    stream = io.BytesIO(content)
    try:
        if zipfile.is_zipfile(stream):
            with zipfile.ZipFile(stream) as archive:
                names = [x for x in archive.namelist() if _is_info(x)]
                return parse_metadata(archive.read(names[0])) if names else None
        stream.seek(0)
        with tarfile.open(fileobj=stream) as tar:
            for member in tar:
                if member.isfile() and _is_info(member.name):
                    file = tar.extractfile(member)
                    return parse_metadata(file.read()) if file else None
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError):
        return None
    return None


def _is_info(name: str) -> bool:
    return bool(re.fullmatch(r"(?:\./)?[^/]+/PKG-INFO", name))


def read_project(text: str) -> Metadata | None:
    """Read what a ``pyproject.toml`` says for good; None where a build decides.

    Raises
    ------
    ValueError
        If it is not TOML.
    """
    from pixi_jupyter.adapters.toml import parse_toml

    project = parse_toml(text).unwrap().get("project")
    if not isinstance(project, dict):
        return None
    dynamic = set(project.get("dynamic") or ())
    extras = project.get("optional-dependencies") or {}
    if dynamic & {"dependencies", "optional-dependencies", "requires-python"}:
        return None
    requires = [str(each) for each in project.get("dependencies") or ()]
    for extra, texts in extras.items():
        requires += [_with_extra(str(text), extra) for text in texts]
    return Metadata(
        version="" if "version" in dynamic else str(project.get("version", "")),
        requires_dist=tuple(requires),
        requires_python=str(project.get("requires-python", "")).replace(" ", ""),
    )


def _with_extra(text: str, extra: str) -> str:
    head, mark, marker = text.partition(";")
    wanted = f"extra == '{extra}'"
    return f"{head.strip()} ; " + (f"({marker}) and {wanted}" if mark else wanted)
