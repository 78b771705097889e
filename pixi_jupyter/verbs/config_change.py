"""Change a setting: set, unset, append, prepend.

One file is edited in place; what other files say never comes into it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pixi_jupyter.errors import ManifestEditError, UsageError, WriteError
from pixi_jupyter.manifest.edits import format_value, remove, set_value
from pixi_jupyter.manifest.layout import LayoutError, read_layout
from pixi_jupyter.manifest.paths import value_at, with_value, without_empty
from pixi_jupyter.manifest.text import read_document, read_text
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.config_keys import LISTS, parse_value, split_key
from pixi_jupyter.verbs.config_scope import ScopeRequest, files_of, target_of
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigChangeRequest(ScopeRequest):
    """Which setting becomes what."""

    action: Literal["set", "unset", "append", "prepend"]
    key: str
    value: str | None = None
    """As it was typed; None unsets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigChangeResult:
    """What became of the file."""

    path: Path
    key: str
    value: Any = None
    """What the file says now; None: nothing."""
    changed: bool = True

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "path": str(self.path),
            "key": self.key,
            "value": self.value,
            "changed": self.changed,
        }


async def config_change(
    request: ConfigChangeRequest, operation: Operation
) -> ConfigChangeResult:
    """Edit one setting of one file.

    Raises
    ------
    SettingNotFoundError, SettingValueError, NoWorkspaceSettingsError
    ManifestParseError
        If the file is not TOML.
    ManifestEditError, ChangedMeanwhileError, WriteError
        Nothing was written.
    """
    parts = split_key(request.key)
    path = target_of(request)
    # a byte at the beginning that says UTF-8 stays where it is
    before = read_text(path) if path.exists() else ""
    text = before.removeprefix("\ufeff").replace("\r\n", "\n")
    data = read_document(text, path)
    keys = _as_written(data, parts)
    old = value_at(data, keys)
    new = _wanted(request, parts, old)
    after = _edited(text, path, keys, new) if new != old else text
    if after != text:
        if "\r\n" in before:
            after = after.replace("\n", "\r\n")
        mark = "\ufeff" if before.startswith("\ufeff") else ""
        _write(path, mark + after, was=before)
    if new is not None:
        _warn_of_others(request, parts, path, operation)
    return ConfigChangeResult(
        path=path, key=".".join(parts), value=new, changed=after != text
    )


def _wanted(request: ConfigChangeRequest, parts: tuple[str, ...], old: Any) -> Any:  # noqa: ANN401  any TOML value
    """Say what the setting is to be; None: not there."""
    if request.action in ("append", "prepend"):
        if ".".join(parts) not in LISTS:
            msg = f"{request.key} is no list of settings that can be added to"
            raise UsageError(msg, hints=(f"these can: {', '.join(LISTS)}",))
        there = [each for each in old or [] if each != request.value]
        more = [request.value or ""]
        return there + more if request.action == "append" else more + there
    if request.action == "unset" or request.value is None:
        return None
    return parse_value(request.key, parts, request.value)


def _edited(text: str, path: Path, keys: tuple[str, ...], value: object) -> str:
    """Give the text with one setting changed, and nothing else.

    Raises
    ------
    ManifestEditError
    """
    before = read_document(text, path)
    wanted = with_value(before, keys, value)
    try:
        if value_at(before, keys) is not None and isinstance(value, dict | type(None)):
            text = remove(text, keys)
        if value is not None:
            text = _set(text, keys, value)
        found = read_document(text, path)
    except LayoutError:
        found = None
    if found is None or without_empty(found) != without_empty(wanted):
        line = "" if value is None else f"{keys[-1]} = {format_value(value)}"
        table = ".".join(keys[:-1])
        raise ManifestEditError(path, table=table, key=keys[-1], line=line)
    return text


def _set(text: str, keys: tuple[str, ...], value: object) -> str:
    """Set one value, or each of a table."""
    if isinstance(value, dict):
        for key, each in value.items():
            text = _set(text, (*keys, key), each)
        return text
    layout = read_layout(text)
    if len(keys) > 1 or layout.find(keys):
        return set_value(text, keys, value)
    headers = [each for each in layout.entries if each.kind == "header"]
    top = [each for each in layout.entries if each.kind == "pair"]
    top = [each for each in top if not headers or each.start < headers[0].start]
    line = f"{keys[0]} = {format_value(value)}\n"
    if top:
        end = layout.line_end(top[-1].end)
        before = text[:end] if text[:end].endswith("\n") else f"{text[:end]}\n"
        return before + line + text[end:]
    if not headers:
        gap = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{gap}{line}"
    start = layout.line_start(headers[0].start)
    while start and _is_comment(above := text[layout.line_start(start - 1) : start]):
        start -= len(above)
    return f"{text[:start]}{line}\n{text[start:]}"


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _as_written(data: Mapping[str, Any], parts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names of a setting as the file spells them."""
    keys = []
    table: Any = data
    for part in parts:
        table = table if isinstance(table, dict) else {}
        old = part.replace("-", "_")
        keys.append(old if part not in table and old in table else part)
        table = table.get(keys[-1])
    return tuple(keys)


def _write(path: Path, text: str, *, was: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        where = Path(error.filename or path)
        raise WriteError(where, reason=error.strerror or str(error)) from error
    transaction = Transaction()
    transaction.replace(path, text, was=was.encode() if path.exists() else None)
    transaction.commit()


def _warn_of_others(
    request: ConfigChangeRequest,
    parts: tuple[str, ...],
    path: Path,
    operation: Operation,
) -> None:
    """Tell of a file that is read after this one and says something else."""
    files = [each for _, each in files_of(request)]
    if path not in files:
        operation.warn(f"{path} is not read here")
        return
    for other in files[files.index(path) + 1 :]:
        if not other.exists():
            continue
        data = read_document(read_text(other), other)
        if value_at(data, _as_written(data, parts)) is not None:
            operation.warn(
                f"{other} says something else of {'.'.join(parts)}, and wins"
            )
