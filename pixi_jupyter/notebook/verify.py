"""What came of running a notebook in its own environment, cell by cell."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.notebook.provenance import differences
from pixi_jupyter.notebook.stamps import Stamp
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pixi_jupyter.notebook.provenance import Provenance

Status: TypeAlias = Literal["ok", "differs", "fails"]
Origin: TypeAlias = Literal["notebook", "workspace", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCheck:
    """One code cell."""

    place: int
    """In the notebook's list of cells, from 0."""
    status: Literal["ok", "differs", "fails", "skipped"] = "ok"
    id: str | None = None
    execution_count: int | None = None
    """As the notebook has it."""
    source: str = ""
    """The first line."""
    reason: str = ""
    differences: tuple[Mapping[str, str], ...] = ()
    """Of outputs: ``key``, ``shown`` in the notebook, ``made`` now."""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "cell": self.place,
            "id": self.id,
            "execution_count": self.execution_count,
            "source": self.source,
            "status": self.status,
            "reason": self.reason or None,
            "differences": [dict(each) for each in self.differences],
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookCheck:
    """One notebook."""

    notebook: Path
    """As it was named."""
    environment: str = ""
    """Its name; of a workspace's ``workspace: environment``."""
    origin: Origin = ""
    """Whose lock it was: the notebook's own, or the workspace's around it."""
    digest: str | None = None
    """Of the content that the notebook carries."""
    reason: str = ""
    """Why not all cells were run."""
    details: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    checks: tuple[CellCheck, ...] = ()
    seconds: float = 0.0
    """Of the cells alone, nothing that was installed."""
    provenance: Provenance | None = None

    @property
    def cells(self) -> int:
        """How many were run."""
        return sum(1 for each in self.checks if each.status != "skipped")

    @property
    def odd(self) -> tuple[CellCheck, ...]:
        """Those that differ or fail."""
        return tuple(
            each for each in self.checks if each.status in ("differs", "fails")
        )

    @property
    def status(self) -> Status:
        """The worst of it."""
        if self.reason or any(each.status == "fails" for each in self.checks):
            return "fails"
        return "differs" if self.odd else "ok"

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "notebook": str(self.notebook),
            "environment": self.environment,
            "status": self.status,
            "cells": self.cells,
            "seconds": self.seconds,
            "origin": self.origin or None,
            "digest": self.digest,
            "reason": self.reason or None,
            "details": list(self.details),
            "problems": [each.to_json() for each in self.odd],
            "provenance": None
            if self.provenance is None
            else self.provenance.to_json(),
        }


@dataclass(slots=True)
class Heard:
    """What the process that runs a notebook has told so far."""

    total: int | None = None
    """Code cells."""
    cells: list[CellCheck] = field(default_factory=list)
    end: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None

    def take(self, message: Mapping[str, Any]) -> None:
        """Learn from one line of it."""
        if "total" in message:
            self.total = int(message["total"])
        elif "cell" in message:
            told = dict(message["cell"])
            told["differences"] = tuple(told["differences"])
            self.cells.append(CellCheck(**told))
        elif "end" in message:
            self.end = message["end"]
        elif "error" in message:
            self.error = message["error"]

    def stamp(self) -> Stamp | None:
        """Give what the kernel said of its environment."""
        told = self.end.get("stamp") if self.end else None
        if not told:
            return None
        packages = told["packages"]
        return Stamp(
            mark=told["environment"],
            name=told["name"],
            platform=told["platform"],
            packages=None if packages is None else tuple(packages),
        )


def checked(
    heard: Heard,
    *,
    notebook: Path,
    content: Mapping[str, Any],
    tail: Iterable[str] = (),
    **known: Any,  # noqa: ANN401  fields of the check
) -> NotebookCheck:
    """Put together what was told of one notebook.

    Parameters
    ----------
    notebook
        As it was named.
    content
        Its JSON.
    tail
        The last lines that the process wrote to stderr, for one that broke off.
    known
        Other fields of a `NotebookCheck`.
    """
    stamp = heard.stamp()
    reason = ""
    details: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    if heard.error is not None:
        reason = str(heard.error.get("message") or "it could not be run")
        details = tuple(map(str, heard.error.get("details") or ()))
        hints = tuple(map(str, heard.error.get("hints") or ()))
    elif heard.end is None:
        reason, details = "the process that ran it ended early", tuple(tail)
    return NotebookCheck(
        notebook=notebook,
        reason=reason,
        details=details,
        hints=hints,
        checks=tuple(heard.cells),
        seconds=float(heard.end["seconds"]) if heard.end else 0.0,
        provenance=None if stamp is None else differences(content, stamp),
        **known,
    )
