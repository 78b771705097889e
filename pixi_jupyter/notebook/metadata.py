"""What a notebook's metadata says of its environment.

The key is ``pixi-jupyter``, version 1. In a workspace it is a reference, `environment`
and `workspace`; what travels has `manifest` (the lines of a pixi.toml), `lock` and
`overlay` (packed texts of lock files, version 7) and `digest` beside it. No path of a
computer is in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import NotebookMetadataError
from pixi_jupyter.notebook.packing import pack, unpack
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import MutableMapping

KEY = "pixi-jupyter"
VERSION = 1
_EMBEDDED = ("manifest", "lock", "overlay", "digest")
_LONGEST_MANIFEST = 1_000_000
"""Characters."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookEnvironment:
    """An environment as a notebook carries it."""

    manifest: str
    """The text of a pixi.toml; the environment in it is called ``default``."""
    lock: str | None = None
    """The text of its lock, all platforms; None: it is not solved yet."""
    overlay: str | None = None
    """The text of a lock for what a kernel needs beside it."""
    environment: str = "default"
    """What it is called in the workspace that it comes from."""

    @property
    def digest(self) -> str:
        """The sha256 of manifest, lock and overlay: the address of everything."""
        found = hashlib.sha256()
        for text in (self.manifest, self.lock, self.overlay):
            data = None if text is None else text.encode("utf-8", "surrogatepass")
            found.update(b"-" if data is None else b"%d:" % len(data))
            found.update(data or b"")
        return found.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Which environment of which workspace a notebook belongs to, by name."""

    environment: str
    workspace: str


def read_environment(
    notebook: Mapping[str, Any], *, path: object = None
) -> NotebookEnvironment | None:
    """Read the environment that a notebook carries.

    Parameters
    ----------
    notebook
        Its JSON.
    path
        For messages.

    Returns
    -------
    NotebookEnvironment or None
        None where it carries none; it may still have a `Reference`.

    Raises
    ------
    NotebookMetadataError
        If the metadata breaks a rule, is too large, or does not agree with itself.

    Notes
    -----
    Pure. Nothing of it is trusted or looked into: the texts may be of anybody.
    """
    shown = None if path is None else str(path)
    own = _own(notebook, shown)
    if own is None or "manifest" not in own:
        if own is not None and (odd := [k for k in _EMBEDDED[1:] if k in own]):
            reason = "there is no manifest beside it"
            raise NotebookMetadataError(
                where=f"{KEY}.{odd[0]}", reason=reason, path=shown
            )
        return None
    found = NotebookEnvironment(
        manifest=_text(own["manifest"], shown),
        lock=unpack(own.get("lock"), where=f"{KEY}.lock", path=shown),
        overlay=unpack(own.get("overlay"), where=f"{KEY}.overlay", path=shown),
        environment=_name(own, "environment", shown) or "default",
    )
    said = own.get("digest")
    if said is not None and said != found.digest:
        reason = "it is not the sha256 of manifest, lock and overlay"
        raise NotebookMetadataError(where=f"{KEY}.digest", reason=reason, path=shown)
    return found


def read_reference(
    notebook: Mapping[str, Any], *, path: object = None
) -> Reference | None:
    """Read which environment of a workspace a notebook names.

    Raises
    ------
    NotebookMetadataError
    """
    shown = None if path is None else str(path)
    own = _own(notebook, shown)
    if own is None:
        return None
    workspace = _name(own, "workspace", shown)
    environment = _name(own, "environment", shown)
    if workspace is None and environment is None:
        return None
    return Reference(environment=environment or "default", workspace=workspace or "")


def write_environment(
    notebook: MutableMapping[str, Any], environment: NotebookEnvironment
) -> None:
    """Put an environment into a notebook's metadata, in the place of another one.

    Parameters
    ----------
    notebook
        Its JSON; changed in place. What is packed already stays as it is, so that
        an equal environment makes no difference in version control.
    """
    own = _writable(notebook)
    own["version"] = VERSION
    own["environment"] = environment.environment
    own["manifest"] = environment.manifest.splitlines(keepends=True)
    for key, text in (("lock", environment.lock), ("overlay", environment.overlay)):
        if text is None:
            own.pop(key, None)
        else:
            own[key] = pack(text, was=own.get(key))
    own["digest"] = environment.digest
    _put(notebook, own)


def write_reference(notebook: MutableMapping[str, Any], reference: Reference) -> None:
    """Put the names of workspace and environment into a notebook's metadata."""
    own = _writable(notebook)
    own["version"] = VERSION
    own["environment"] = reference.environment
    own["workspace"] = reference.workspace
    _put(notebook, own)


def remove_environment(notebook: MutableMapping[str, Any]) -> None:
    """Take out what a notebook carries; a reference to a workspace stays."""
    own = _writable(notebook)
    for key in _EMBEDDED:
        own.pop(key, None)
    if own.get("workspace"):
        _put(notebook, own)
    elif isinstance(metadata := notebook.get("metadata"), dict):
        metadata.pop(KEY, None)


def _own(notebook: Mapping[str, Any], path: str | None) -> Mapping[str, Any] | None:
    metadata = notebook.get("metadata")
    own = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    if own is None:
        return None
    if not isinstance(own, Mapping):
        raise NotebookMetadataError(where=KEY, reason="it is not an object", path=path)
    version = own.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        reason = f"it is {version}, this pixi-jupyter reads up to {VERSION}"
        raise NotebookMetadataError(where=f"{KEY}.version", reason=reason, path=path)
    if version != VERSION or isinstance(version, bool):
        reason = f"it has to be {VERSION}"
        raise NotebookMetadataError(where=f"{KEY}.version", reason=reason, path=path)
    return own


def _text(value: object, path: str | None) -> str:
    where = f"{KEY}.manifest"
    if isinstance(value, str):
        text = value
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        text = "".join(value)
    else:
        reason = "it is not a list of lines"
        raise NotebookMetadataError(where=where, reason=reason, path=path)
    if len(text) > _LONGEST_MANIFEST:
        reason = f"it has more than {_LONGEST_MANIFEST:,} characters"
        raise NotebookMetadataError(where=where, reason=reason, path=path)
    return text


def _name(own: Mapping[str, Any], key: str, path: str | None) -> str | None:
    value = own.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value or len(value) > _LONGEST_NAME:
        reason = f"it is not a name of at most {_LONGEST_NAME} characters"
        raise NotebookMetadataError(where=f"{KEY}.{key}", reason=reason, path=path)
    if not value.isprintable() or value.startswith(".") or set(value) & set("/\\"):
        reason = "it is a path, or has control characters"
        raise NotebookMetadataError(where=f"{KEY}.{key}", reason=reason, path=path)
    return value


def _writable(notebook: MutableMapping[str, Any]) -> dict[str, Any]:
    metadata = notebook.get("metadata")
    own = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    return dict(own) if isinstance(own, Mapping) else {}


def _put(notebook: MutableMapping[str, Any], own: dict[str, Any]) -> None:
    metadata = notebook.setdefault("metadata", {})
    names = list(metadata)
    metadata[KEY] = dict(sorted(own.items()))
    if names == sorted(names):  # as nbformat writes them
        for name in sorted(metadata):
            metadata[name] = metadata.pop(name)
