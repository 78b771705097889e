"""What a script's block may say, and its form as a manifest.

Rules: pixi 0.77.0, scripts (read 2026-11): the fields of PEP 723 are those of
`[project]`, and of pixi's tables those that one environment needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_FIELDS = ("requires-python", "dependencies")
_PIXI = ("tool", "pixi")
_OF_A_WORKSPACE = ("environments", "feature", "tasks", "package", "dev")
_OF_A_BUILD = ("build-dependencies", "host-dependencies")


def new_block(channels: Sequence[str], platforms: Sequence[str]) -> str:
    """Write what the block of a new script says.

    Parameters
    ----------
    platforms
        Empty: whichever computer runs it.
    """
    from pixi_jupyter.manifest.edits import format_value

    platform = f"platforms = {format_value(platforms)}\n" if platforms else ""
    return (
        'requires-python = ">=3.11"\ndependencies = []\n\n'
        f"[tool.pixi.workspace]\nchannels = {format_value(channels)}\n{platform}"
    )


def as_project(
    document: Mapping[str, Any], source: Source, path: Path, channels: Sequence[str]
) -> dict[str, Any]:
    """Give a block in the form of a pyproject.toml; faults are kept.

    Parameters
    ----------
    document
        What the block says.
    source
        Its text, seen from its top.
    path
        Of the script; its name is the workspace's.
    channels
        Those of a script that names none. Its platform is then this computer's.
    """
    for key in document:
        if key not in (*_FIELDS, "tool"):
            reason = "only `requires-python`, `dependencies` and [tool] stand here"
            source.faults.append(source.error((key,), reason, at="key"))
    project = {key: document[key] for key in _FIELDS if key in document}
    found: dict[str, Any] = {"project": {"name": path.stem or path.name, **project}}
    tool = document.get("tool", {})
    pixi = tool.get("pixi", {}) if isinstance(tool, dict) else {}
    if not isinstance(tool, dict) or not isinstance(pixi, dict):
        place: Keys = _PIXI if isinstance(tool, dict) else _PIXI[:1]
        source.faults.append(source.error(place, "a table belongs here"))
        source.raise_faults()
    pixi = dict(pixi)
    for keys in _refused(pixi):
        reason = "a script has one environment and is not built"
        if keys[-1] == "tasks":
            reason = "a script has no tasks; it is what runs"
        source.faults.append(source.error((*_PIXI, *keys), reason, at="key"))
        _drop(pixi, keys)
    section = (
        "project" if "project" in pixi and "workspace" not in pixi else "workspace"
    )
    if isinstance(table := pixi.get(section, {}), dict):
        table = {"channels": list(channels), "platforms": [host_subdir()], **table}
        pixi[section] = table
    return {**found, "tool": {"pixi": pixi}}


def _refused(pixi: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """List what stands there that a script cannot have."""
    yield from ((key,) for key in (*_OF_A_WORKSPACE, *_OF_A_BUILD) if key in pixi)
    targets = pixi.get("target")
    for name, target in targets.items() if isinstance(targets, dict) else ():
        for key in ("tasks", *_OF_A_BUILD):
            if isinstance(target, dict) and key in target:
                yield "target", name, key
    workspace = pixi.get("workspace")
    if isinstance(workspace, dict) and "dependencies" in workspace:
        yield "workspace", "dependencies"


def _drop(table: dict[str, Any], keys: Keys) -> None:
    """Take a key out of tables that are copied on the way."""
    for key in keys[:-1]:
        inside = dict(table[str(key)])
        table[str(key)] = inside
        table = inside
    del table[str(keys[-1])]
