"""List the settings that hold."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.config import merge
from pixi_jupyter.errors import ManifestNotFoundError, ManifestParseError
from pixi_jupyter.manifest.text import read_document, read_text
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.config_keys import problems, split_key
from pixi_jupyter.verbs.config_scope import ScopeRequest, files_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigListRequest(ScopeRequest):
    """Which settings."""

    key: str | None = None
    """None: all that are set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigListResult:
    """What is set."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    """Tables as in a file."""
    sources: tuple[Path, ...] = ()
    """The files that say something, lowest first."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form, which is pixi's own: the settings."""
        return dict(self.settings)


async def config_list(
    request: ConfigListRequest, operation: Operation
) -> ConfigListResult:
    """Merge the files and give what they say.

    Raises
    ------
    SettingNotFoundError, NoWorkspaceSettingsError

    Notes
    -----
    A file that cannot be read says nothing, as in pixi; a warning tells of it, and
    of settings that nobody knows.
    """
    parts = split_key(request.key) if request.key else ()
    merged: dict[str, Any] = {}
    sources = []
    for _, path in files_of(request):
        if not path.exists():
            continue
        table = _read(path, operation)
        if table:
            merged = merge(merged, table)
            sources.append(path)
    return ConfigListResult(settings=_part(merged, parts), sources=tuple(sources))


def _read(path: Path, operation: Operation) -> dict[str, Any]:
    try:
        table = read_document(read_text(path), path)
    except (ManifestParseError, ManifestNotFoundError) as error:
        operation.warn(f"{error.message}; the file is left out")
        return {}
    for place, _, expected in problems((), table):
        name = ".".join(place)
        if expected is None:
            operation.warn(f"{path}: there is no setting named {name}")
        else:
            operation.warn(f"{path}: {name} is {expected.expected}")
    return table


def _part(merged: Mapping[str, Any], parts: tuple[str, ...]) -> dict[str, Any]:
    """Give what stands at and above a setting, and nothing beside it."""
    if not parts:
        return dict(merged)
    if parts[0] not in merged:
        return {}
    inside = merged[parts[0]]
    if len(parts) == 1:
        return {parts[0]: inside}
    below = _part(inside, parts[1:]) if isinstance(inside, dict) else {}
    return {parts[0]: below} if below else {}
