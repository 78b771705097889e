"""The one gate: whatever fetches, builds or runs from a notebook passes here first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    ConsentNeededForNotebookError,
    NotebookForbiddenError,
    NotebookRefusedError,
)
from pixi_jupyter.trust import store
from pixi_jupyter.trust.addresses import shown
from pixi_jupyter.trust.facts import facts_of
from pixi_jupyter.trust.policy import has_limits, read_policy
from pixi_jupyter.trust.words import WIDTH, lines

if TYPE_CHECKING:
    from pixi_jupyter.trust.models import Carried, Facts
    from pixi_jupyter.trust.policy import Policy

UNNAMED = "This notebook"
_INDENT = 7
"""Of what stands below an error in a terminal."""


def require_trust(
    environment: Carried,
    *,
    trust: bool,
    name: str = "",
    policy: Policy | None = None,
) -> None:
    """Refuse what was not agreed to.

    Parameters
    ----------
    trust
        Whether the user agrees now, as with ``--trust``.
    name
        The notebook, for messages.
    policy
        None: as the settings of this computer and this person say.

    Raises
    ------
    NotebookForbiddenError
        If the administrator does not allow it, whatever was agreed to.
    NotebookRefusedError
        If it is nothing that can be agreed to.
    ConsentNeededForNotebookError
        If it was not agreed to.
    TrustSettingsError, WriteError

    Notes
    -----
    What was agreed to, on a computer without limits, costs one small file. Reads
    texts and settings, writes at most an agreement; no network.
    """
    trusted = store.is_trusted(environment.digest)
    if trusted and policy is None and not has_limits():
        return
    policy = policy or read_policy()
    facts = facts_of(environment, policy)
    check_allowed(facts, policy, name=name)
    if trusted:
        return
    check_agreeable(facts, name=name)
    if not trust:
        said = lines(facts, width=WIDTH - _INDENT)
        raise ConsentNeededForNotebookError(_named(name), facts=said)
    store.trust(environment.digest, facts)


def check_allowed(facts: Facts, policy: Policy, *, name: str = "") -> None:
    """Refuse what the administrator does not allow.

    Raises
    ------
    NotebookForbiddenError
    """
    if facts.forbidden:
        raise NotebookForbiddenError(
            _named(name), reasons=facts.forbidden, limits=policy.limits
        )


def check_agreeable(facts: Facts, *, name: str = "") -> None:
    """Refuse what nobody can agree to.

    Raises
    ------
    NotebookRefusedError
    """
    if facts.refusals:
        reasons = [each.text for each in facts.refusals]
        raise NotebookRefusedError(_named(name), reasons=_few(reasons))


def trust_own(environment: Carried) -> None:
    """Note that a content was made on this computer, by its user.

    Raises
    ------
    WriteError
    """
    if not store.is_trusted(environment.digest):
        store.trust(environment.digest)


def _named(name: str) -> str:
    return shown(name) or UNNAMED


_MOST_REASONS = 12


def _few(reasons: list[str]) -> list[str]:
    rest = len(reasons) - _MOST_REASONS
    return reasons[:_MOST_REASONS] + ([f"and {rest:,} more"] if rest > 0 else [])
