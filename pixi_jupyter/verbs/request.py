"""What the requests of all verbs share."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pixi_jupyter.errors import UsageError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from pixi_jupyter.workspace.solution import LockMode

_NAMED = ("specs", "names", "packages", "environments", "command")
_OPTIONS = (("environment", "-e"), ("feature", "-f"))
_LONG = 120

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRequest(LockingRequest):
    """A request that changes a table of dependencies."""

    feature: str | None = None
    """Whose table; None for that of the workspace itself."""
    environment: str | None = None
    """Instead of a feature: the tables inside this environment."""
    platforms: tuple[str, ...] = ()
    """Only for these platforms."""
    no_install: bool = False
    dry_run: bool = False
    """Write nothing: say what would change."""
    pypi: bool = False
    """PyPI packages."""

    @property
    def leaves_lock(self) -> bool:
        """Whether the manifest alone is changed, as pixi then does."""
        return self.frozen or self.locked


def name_of(request: object) -> str:
    """Give the name of a verb from the class of its request.

    Examples
    --------
    >>> class TaskAddRequest: ...
    >>> name_of(TaskAddRequest())
    'task_add'
    """
    name = type(request).__name__.removesuffix("Request")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def words_of(name: str, request: Any) -> str:  # noqa: ANN401  any verb's
    """Give a request as a person would have typed it, near enough to know it by."""
    words = ["install"] if name == "ensure_installed" else name.split("_")
    for attribute in _NAMED:
        value = getattr(request, attribute, ())
        words += map(str, value if isinstance(value, tuple | list) else ())
    for attribute, option in _OPTIONS:
        if value := getattr(request, attribute, None):
            words += [option, str(value)]
    if getattr(request, "kernel", None) is True:
        words.append("for a kernel")
    from pixi_jupyter.redaction import redacted

    text = redacted(" ".join(words))
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
