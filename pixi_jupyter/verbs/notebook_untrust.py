"""Forget that the environment of a notebook was agreed to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.trust import store
from pixi_jupyter.trust.policy import read_policy
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.notebook_trust import NotebookTrustResult, look_at
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.notebook_trust import TrustedNotebook


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookUntrustRequest(Request):
    """Which notebooks."""

    files: tuple[Path, ...]


async def notebook_untrust(
    request: NotebookUntrustRequest, operation: Operation
) -> NotebookTrustResult:
    """Forget agreements; what is installed stays, and is not started any more.

    Raises
    ------
    NotebookReadError, NotebookMetadataError, TrustSettingsError, RemoveError
    """
    del operation
    return await asyncio.to_thread(_untrust, request.files)


def _untrust(files: tuple[Path, ...]) -> NotebookTrustResult:
    policy = read_policy()
    found = [look_at(path, policy) for path in files]
    return NotebookTrustResult(notebooks=tuple(map(_forgotten, found)))


def _forgotten(found: TrustedNotebook) -> TrustedNotebook:
    if found.facts is None:
        return found
    was = store.untrust(found.facts.digest)
    return replace(found, state="not_trusted", is_new=was)
