"""What the requests of all verbs share."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pixi_jupyter.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from pixi_jupyter.workspace.solution import LockMode

RequestType = TypeVar("RequestType", bound="Request")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it comes from any face."""

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> Self:
        """Make a request from its JSON form.

        Raises
        ------
        UsageError
            If the verb has no such argument, or needs one that is not there.
        """
        types = {field.name: str(field.type) for field in fields(cls)}
        if unknown := sorted(data.keys() - types.keys()):
            msg = f"{cls.__name__} has no {', '.join(unknown)}"
            raise UsageError(msg)
        try:
            return cls(**{key: _typed(types[key], data[key]) for key in data})
        except TypeError as error:
            raise UsageError(str(error)) from error


def _typed(annotation: str, value: Any) -> Any:  # noqa: ANN401  JSON holds anything
    if annotation.startswith("tuple") and isinstance(value, list):
        inner = annotation[len("tuple[") :].split(",", maxsplit=1)[0]
        return tuple(_typed(inner, item) for item in value)
    if annotation.startswith("Path") and isinstance(value, str):
        return Path(value)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRequest(Request):
    """A request about the workspace of some folder."""

    manifest: Path | None = None
    """Manifest or folder; None for the current folder and those above."""
    offline: bool = False
    """No network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockingRequest(WorkspaceRequest):
    """A request that needs a lock which fits the manifest."""

    locked: bool = False
    """Refuse a lock that does not fit."""
    frozen: bool = False
    """Take the lock as it is, without a look at the manifest."""

    @property
    def mode(self) -> LockMode:
        """What may be done about a lock that does not fit."""
        if self.locked:
            return "locked"
        return "frozen" if self.frozen else "update"
