"""A Python package index: PEP 503 pages, PEP 691 JSON, PEP 658 metadata files."""

from __future__ import annotations

import hashlib
import html
import json
import re
import tarfile
import zipfile
from dataclasses import dataclass
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

from support.registry.resource import Resource
from support.registry.server import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
UPLOADED = "2023-11-14T22:13:20Z"


@dataclass
class Published:
    """One file of a project."""

    path: Path
    project: str
    metadata: bytes
    uploaded: str = UPLOADED
    yanked: str | None = None

    @property
    def body(self) -> bytes:
        """The file as it is now."""
        return self.path.read_bytes()

    @property
    def requires_python(self) -> str | None:
        """What its metadata say."""
        said = message_from_bytes(self.metadata).get("Requires-Python")
        return str(said) if said else None

    @property
    def is_wheel(self) -> bool:
        """Wheels alone have a metadata file beside them."""
        return self.path.suffix == ".whl"


class MockIndex(Registry):
    """Wheels and sdists; `simple_url` is what installers are given."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Published] = []
        self.forms: set[str] = {"json", "html"}
        """The pages that are offered."""
        self.serves_metadata = True
        """Whether metadata can be had without the wheel."""

    @property
    def simple_url(self) -> str:
        """With a trailing slash."""
        return f"{self.url}simple/"

    def add(
        self, path: Path, *, uploaded: str = UPLOADED, yanked: str | None = None
    ) -> Published:
        """Publish a file; `yanked` is the reason, which may be empty."""
        metadata = _metadata_of(path)
        name = str(message_from_bytes(metadata)["Name"])
        project = re.sub(r"[-_.]+", "-", name).lower()
        self.files.append(Published(path, project, metadata, uploaded, yanked))
        return self.files[-1]

    def resource(self, path: str, headers: Mapping[str, str]) -> Resource | None:
        match path.strip("/").split("/"):
            case ["files", name]:
                return self._file(name)
            case ["simple"]:
                projects = sorted({each.project for each in self.files})
                return self._page("", projects, [], headers)
            case ["simple", project]:
                files = [each for each in self.files if each.project == project]
                return self._page(project, [], files, headers) if files else None
            case _:
                return None

    def _file(self, name: str) -> Resource | None:
        for each in self.files:
            if name == each.path.name:
                return Resource(each.body)
            if each.is_wheel and name == f"{each.path.name}.metadata":
                return Resource(each.metadata) if self.serves_metadata else None
        return None

    def _page(
        self,
        project: str,
        projects: list[str],
        files: list[Published],
        headers: Mapping[str, str],
    ) -> Resource:
        accepted = headers.get("accept", "")
        if "json" in self.forms and (JSON in accepted or "html" not in self.forms):
            data: dict[str, Any] = {"meta": {"api-version": "1.1"}, "name": project}
            if project:
                data["versions"] = sorted({_version(each) for each in files})
                data["files"] = [self._described(each) for each in files]
            else:
                data["projects"] = [{"name": name} for name in projects]
            return Resource(json.dumps(data).encode(), JSON)
        kind = HTML if HTML in accepted else "text/html; charset=utf-8"
        links = [f'<a href="/simple/{name}/">{name}</a>' for name in projects]
        links += [self._link(each) for each in files]
        page = "<!DOCTYPE html><html><body>\n" + "<br>\n".join(links) + "</body></html>"
        return Resource(page.encode(), kind)

    def _described(self, each: Published) -> dict[str, Any]:
        digest = hashlib.sha256(each.metadata).hexdigest()
        offered = (
            {"sha256": digest} if each.is_wheel and self.serves_metadata else False
        )
        return {
            "filename": each.path.name,
            "url": f"{self.url}files/{each.path.name}",
            "hashes": {"sha256": hashlib.sha256(each.body).hexdigest()},
            "requires-python": each.requires_python,
            "size": len(each.body),
            "upload-time": each.uploaded,
            "yanked": False if each.yanked is None else each.yanked or True,
            "core-metadata": offered,
            "data-dist-info-metadata": offered,
        }

    def _link(self, each: Published) -> str:
        said = self._described(each)
        more = ""
        if said["requires-python"]:
            more += f' data-requires-python="{html.escape(said["requires-python"])}"'
        if each.yanked is not None:
            more += f' data-yanked="{html.escape(each.yanked)}"'
        if said["core-metadata"]:
            digest = said["core-metadata"]["sha256"]
            more += f' data-core-metadata="sha256={digest}"'
        url = f"{said['url']}#sha256={said['hashes']['sha256']}"
        return f'<a href="{url}"{more}>{each.path.name}</a>'


def _version(each: Published) -> str:
    return str(message_from_bytes(each.metadata)["Version"])


def _metadata_of(path: Path) -> bytes:
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            inside = next(n for n in wheel.namelist() if n.endswith("info/METADATA"))
            return wheel.read(inside)
    with tarfile.open(path) as sdist:
        inside = next(
            n for n in sdist.getnames() if n.count("/") == 1 and "PKG-INFO" in n
        )
        member = sdist.extractfile(inside)
        assert member
        return member.read()
