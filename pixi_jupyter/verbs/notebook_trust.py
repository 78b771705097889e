"""Agree to what the environment of a notebook would use."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.errors import (
    NotebookEnvironmentNotFoundError,
    TrustChangedError,
)
from pixi_jupyter.notebook.blocks import environment_of_block
from pixi_jupyter.notebook.files import read_notebook
from pixi_jupyter.notebook.metadata import read_environment, read_reference
from pixi_jupyter.notebook.places import content_prefix
from pixi_jupyter.trust import store
from pixi_jupyter.trust.consent import check_agreeable, check_allowed
from pixi_jupyter.trust.facts import facts_of
from pixi_jupyter.trust.policy import read_policy
from pixi_jupyter.trust.words import entries
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.trust.models import Facts
    from pixi_jupyter.trust.policy import Policy

TrustState: TypeAlias = Literal["trusted", "made_here", "not_trusted", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookTrustRequest(Request):
    """Which notebooks."""

    files: tuple[Path, ...]
    dry_run: bool = False
    """Show what there is to agree to, and agree to nothing."""
    digest: str | None = None
    """Of the content whose list was shown; another content is not agreed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedNotebook:
    """A notebook, and what there is to agree to."""

    path: Path
    state: TrustState
    """``nothing``: it carries no environment."""
    is_new: bool = False
    """Whether it was agreed to, or forgotten, just now."""
    facts: Facts | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "notebook": str(self.path),
            "state": self.state,
            "trusted": self.state in ("trusted", "made_here"),
            "new": self.is_new,
            "list": [each.to_json() for each in entries(self.facts)]
            if self.facts
            else [],
            "facts": None if self.facts is None else self.facts.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookTrustResult:
    """What was agreed to, or what there is."""

    notebooks: tuple[TrustedNotebook, ...]
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "dry_run": self.dry_run,
            "notebooks": [each.to_json() for each in self.notebooks],
        }


async def notebook_trust(
    request: NotebookTrustRequest, operation: Operation
) -> NotebookTrustResult:
    """Agree to the environments of notebooks; nothing is fetched or installed.

    Raises
    ------
    NotebookReadError, NotebookMetadataError, NotebookEnvironmentNotFoundError
    NotebookRefusedError, NotebookForbiddenError, TrustChangedError
        Nothing was agreed to, for any of them.
    TrustSettingsError, WriteError
    """
    del operation
    return await asyncio.to_thread(_trust, request)


def _trust(request: NotebookTrustRequest) -> NotebookTrustResult:
    policy = read_policy()
    found = [look_at(path, policy) for path in request.files]
    if not request.dry_run:
        for each in found:
            _check(each, request, policy)
        found = [_agreed(each) for each in found]
    return NotebookTrustResult(notebooks=tuple(found), dry_run=request.dry_run)


def look_at(path: Path, policy: Policy) -> TrustedNotebook:
    """Tell what there is to agree to in a notebook: in its metadata, or first cell.

    Raises
    ------
    NotebookReadError, NotebookMetadataError, ManifestParseError, NotPortableError
    """
    notebook = read_notebook(path)
    environment = read_environment(notebook, path=path)
    environment = environment or environment_of_block(notebook, path)
    if environment is None:
        read_reference(notebook, path=path)  # says what is wrong with it
        return TrustedNotebook(path=path, state="nothing")
    digest = environment.digest
    prefix = content_prefix(digest)
    facts = facts_of(environment, policy, prefix=prefix)
    said = store.agreement(digest)
    state: TrustState = "not_trusted"
    if said is not None:
        state = "made_here" if said.get("made_here") is True else "trusted"
    return TrustedNotebook(path=path, state=state, facts=facts)


def _check(
    found: TrustedNotebook, request: NotebookTrustRequest, policy: Policy
) -> None:
    facts = found.facts
    if facts is None:
        if request.digest is not None:
            raise TrustChangedError(str(found.path))
        raise NotebookEnvironmentNotFoundError(found.path)
    if request.digest is not None and request.digest != facts.digest:
        raise TrustChangedError(str(found.path))
    check_allowed(facts, policy, name=str(found.path))
    if found.state == "not_trusted":
        check_agreeable(facts, name=str(found.path))


def _agreed(found: TrustedNotebook) -> TrustedNotebook:
    facts = found.facts
    if facts is None or found.state != "not_trusted":
        return found
    store.trust(facts.digest, facts)
    return TrustedNotebook(path=found.path, state="trusted", is_new=True, facts=facts)
