"""A PyPI requirement as it is typed, and as it goes into a manifest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pixi_jupyter.errors import InvalidRequirementError, UsageError
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.add_source import git_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packaging.requirements import Requirement

    from pixi_jupyter.verbs.add import AddRequest

_VERSIONS = re.compile(r"(?:~=|===?|!=|<=|>=|<|>)\s*[^,;)\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiSpec:
    """One requirement."""

    name: str
    """As it was typed."""
    typed: str
    version: str = "*"
    """PEP 440, its parts separated by comma and blank; ``*`` where it is to be
    pinned."""
    extras: tuple[str, ...] = ()
    marker: str = ""
    source: Mapping[str, Any] | None = None
    """git, path or url, and what goes with it."""
    index: str | None = None

    @property
    def is_bare(self) -> bool:
        """Whether its version is to be pinned."""
        return self.version == "*" and self.source is None

    def pinned(self, version: str) -> PypiSpec:
        """Give it with a version in pixi's form, a blank behind each comma."""
        return replace(self, version=version)

    @property
    def value(self) -> str | dict[str, Any]:
        """As it stands in a table."""
        more: dict[str, Any] = dict(self.source or {})
        if self.extras:
            more["extras"] = list(self.extras)
        if self.index:
            more["index"] = self.index
        if self.marker:
            more["env-markers"] = self.marker
        if not more:
            return self.version
        return more if self.source else {"version": self.version, **more}

    @property
    def text(self) -> str | None:
        """As it stands among requirements; None where it needs a table."""
        source = self.source or {}
        if self.index or "path" in source or "lfs" in source:
            return None
        text = self.name + (f"[{','.join(self.extras)}]" if self.extras else "")
        if "url" in source:
            text += f" @ {source['url']}"
        elif "git" in source:
            text += f" @ {_git_text(source)}"
        elif self.version != "*":
            text += self.version.replace(", ", ",")
        blank = " " if source else ""
        return text + (f"{blank}; {self.marker}" if self.marker else "")


def _git_text(source: Mapping[str, Any]) -> str:
    url = str(source["git"])
    text = url if url.startswith("git+") else f"git+{url}"
    reference = next((source[k] for k in ("rev", "tag", "branch") if k in source), "")
    text += f"@{reference}" if reference else ""
    inside = source.get("subdirectory")
    return f"{text}#subdirectory={inside}" if inside else text


def read_spec(typed: str, request: AddRequest, root: Path) -> PypiSpec:
    """Read one requirement of the command line.

    Parameters
    ----------
    typed
        PEP 508; behind the ``@`` also a path.
    request
        Says more of it: --git, --editable, --index.
    root
        Paths inside it are written relative to it.

    Raises
    ------
    InvalidRequirementError, UsageError
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        found = Requirement(typed)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        raise InvalidRequirementError(typed, reason=reason) from error
    source = _source(found, request, root)
    version = ", ".join(_VERSIONS.findall(typed.partition(";")[0]))
    if source is None and request.editable:
        msg = "--editable is for a folder"
        example = f"{{command}} add --pypi --editable '{found.name} @ ./{found.name}'"
        raise UsageError(msg, hints=(example,))
    return PypiSpec(
        name=found.name,
        typed=typed,
        version="*" if source or not version else version,
        extras=tuple(sorted(found.extras)),
        marker=str(found.marker) if found.marker else "",
        source=source,
        index=request.index,
    )


def _source(
    found: Requirement, request: AddRequest, root: Path
) -> dict[str, Any] | None:
    if request.git:
        return git_source(request)
    if not found.url:
        return None
    if found.url.startswith("git+"):
        return _git_source(found.url)
    if found.url.startswith(("http://", "https://")):
        return {"url": found.url}
    place = found.url
    if place.startswith("file:"):
        place = unquote(urlsplit(place).path)
    return {
        "path": _path_text(place, root),
        **({"editable": True} if request.editable else {}),
    }


def _git_source(url: str) -> dict[str, Any]:
    bare, _, fragment = url.removeprefix("git+").partition("#")
    head, slash, tail = bare.rpartition("/")
    last, _, reference = tail.partition("@")
    found = {"git": f"{head}{slash}{last}"}
    if reference:
        found["rev"] = reference
    pairs = dict(x.split("=", 1) for x in fragment.split("&") if "=" in x)
    if "subdirectory" in pairs:
        found["subdirectory"] = pairs["subdirectory"]
    return found


def _path_text(place: str, root: Path) -> str:
    path = Path.cwd() / Path(place).expanduser()
    try:
        inside = path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(path) if Path(place).is_absolute() else Path(place).as_posix()
    return "." if inside == "." else f"./{inside}"


def names_of(specs: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names of requirements, normalised; `remove` takes them too.

    Raises
    ------
    InvalidRequirementError
    """
    found = []
    for text in specs:
        name = re.match(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", text.strip())
        if name is None:
            raise InvalidRequirementError(text, reason="it has no name")
        found.append(normalised(name[0]))
    return tuple(found)
