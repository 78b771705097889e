"""Where words were written, and what they mean there whatever the current folder is."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import ManifestNotFoundError, UsageError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pixi_jupyter.commands.tree import Invocation

_FOLDERS = {
    "channel_build": ("folder", "channel"),
    "demo": ("folder", "pixi-jupyter-demo"),
    "init": ("path", ""),
    "notebook_extract": ("folder", ""),
}
"""Verb to the argument that names a folder, and the folder that it stands for."""
THIS = Path()
"""A notebook that was asked for, and not named."""
_ANYWHERE = frozenset(
    (
        "auth_login",
        "auth_logout",
        "auth_status",
        "auth_token",
        "clean_cache",
        "config_change",
        "config_edit",
        "config_list",
        "info",
        "kernel_remove",
        "notebook_embed",
        "notebook_scan",
        "search",
    )
)
"""Verbs that work on a workspace where there is one, and without."""
_OF_THE_ENVIRONMENT = {
    "install": "environments",
    "list": "environment",
    "reinstall": "environments",
    "run": "environment",
    "shell": "environment",
    "shell_hook": "environment",
    "tree": "environment",
}
"""Verbs that mean the environment people are in, and the argument that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where words were written."""

    cwd: Path
    """Absolute; what relative paths in the words start from."""
    manifest: Path | None = None
    """The manifest that is meant where the words name none; None looks for one in
    `cwd` and above."""
    prefix: Path | None = None
    """The prefix that the writer is in: its environment is the default one."""
    notebook: Path | None = None
    """The notebook that the words stand in, where it is known."""
    face: str = "%pixi"
    """The word that begins a command there."""

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> Place:
        """Read the parts of a request that say where.

        Raises
        ------
        UsageError
            If there is no absolute `cwd`.
        """
        cwd, manifest, prefix = (data.get(key) for key in ("cwd", "manifest", "prefix"))
        if not isinstance(cwd, str) or not Path(cwd).is_absolute():
            msg = "A command needs the folder it is given in, as an absolute path"
            raise UsageError(msg)
        return cls(
            cwd=Path(cwd),
            manifest=Path(cwd, manifest) if manifest else None,
            prefix=Path(prefix) if prefix else None,
            notebook=Path(str(data["notebook"])) if data.get("notebook") else None,
            face=str(data.get("face") or "%pixi"),
        )

    def environment(self, manifest: Path | None) -> str | None:
        """Give the environment of that workspace whose prefix the writer is in."""
        if manifest is None or self.prefix is None:
            return None
        from pixi_jupyter.manifest.script_place import home_of

        folder = manifest if manifest.is_dir() else home_of(manifest)
        envs = folder / ".pixi" / "envs"
        inside = envs.resolve() == self.prefix.resolve().parent
        return self.prefix.name if inside else None


def arguments_at(
    place: Place, invocation: Invocation, known: Collection[str]
) -> dict[str, Any]:
    """Make a command's arguments mean the same in any folder.

    Parameters
    ----------
    known
        The arguments that its request has.

    Raises
    ------
    ManifestNotFoundError
        If the verb needs a workspace, and there is none.
    """
    values: dict[str, Any] = {
        key: _absolute(place.cwd, value) for key, value in invocation.arguments.items()
    }
    if invocation.arguments.get("notebook") == THIS:
        values["notebook"] = _this(place)
    if named := _FOLDERS.get(invocation.verb):
        values.setdefault(named[0], place.cwd / named[1])
    if "manifest" in known and "manifest" not in values:
        values["manifest"] = _manifest(invocation, place)
    key = _OF_THE_ENVIRONMENT.get(invocation.verb)
    if key and not values.get(key) and not values.get("all"):
        name = place.environment(values["manifest"])
        if name is not None:
            values[key] = (name,) if key == "environments" else name
    if invocation.verb == "search" and values["manifest"] is None:
        values["channels"] = tuple(
            str(place.cwd / name) if name.startswith((".", "~")) else name
            for name in values.get("channels", ())
        )
    if invocation.verb == "run":
        values["command"] = _command(values["command"], place.cwd)
    if "cwd" in known:
        values["cwd"] = place.cwd
    return values


def _this(place: Place) -> Path:
    if place.notebook is None:
        msg = "Nothing says which notebook this is"
        raise UsageError(msg, hints=(f"{place.face} init --notebook FILE",))
    return place.notebook


def _absolute(cwd: Path, value: Any) -> Any:  # noqa: ANN401  any argument
    if isinstance(value, tuple):
        return tuple(_absolute(cwd, each) for each in value)
    return cwd / value.expanduser() if isinstance(value, Path) else value


def settings_at(place: Place, invocation: Invocation) -> dict[str, Any]:
    """Make what stands over the configuration mean the same in any folder."""
    return {
        key: place.cwd / value.expanduser() if isinstance(value, Path) else value
        for key, value in invocation.settings.items()
    }


def _manifest(invocation: Invocation, place: Place) -> Path | None:
    from pixi_jupyter.manifest.discovery import find_manifest

    if place.manifest is not None:
        return place.manifest
    try:
        return find_manifest(place.cwd)
    except ManifestNotFoundError:
        needs_none = invocation.arguments.get("workspaces_registry")
        if invocation.verb in _ANYWHERE or needs_none:
            return None
        raise


def _command(words: tuple[str, ...], cwd: Path) -> tuple[str, ...]:
    """Split a command that is one text, and name a program in `cwd` by its path."""
    from pixi_jupyter.tasks.ad_hoc import is_shell_text

    if is_shell_text(words):
        return words
    try:
        words = tuple(shlex.split(words[0])) if len(words) == 1 else words
    except ValueError:
        return words  # the verb says what is the matter
    if words and os.path.dirname(words[0]) and (cwd / words[0]).is_file():  # noqa: PTH120  pathlib drops ./
        words = (str(cwd / words[0]), *words[1:])
    # one word alone would be split again
    return (shlex.quote(words[0]),) if len(words) == 1 else words
