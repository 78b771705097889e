"""A prefix that this process may not write, as on a read-only disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pixi_jupyter.install.journal import read_journal
from pixi_jupyter.install.outcome import InstallOutcome
from pixi_jupyter.install.plan import plan_install
from pixi_jupyter.install.prefix import META, read_records
from pixi_jupyter.install.state import INSTALLING, STATE_FILE, read_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.events import Operation


def is_shut(prefix: Path) -> bool:
    """Tell whether a prefix is there that this process may not change."""
    state = prefix / META / STATE_FILE
    return not os.access(state, os.W_OK) and state.exists()


def accept_shut(
    prefix: Path, records: Sequence[RepoDataRecord], operation: Operation
) -> InstallOutcome | None:
    """Accept a prefix that cannot be changed, if nothing has to be.

    Returns
    -------
    InstallOutcome or None
        None where the prefix can be changed, or would have to be.

    Notes
    -----
    Nobody else can change it either, so that no lock is needed.
    """
    if not is_shut(prefix):
        return None
    state = read_state(prefix)
    if state == INSTALLING or read_journal(prefix) is not None:
        return None
    plan = plan_install(records, read_records(prefix, operation))
    return InstallOutcome(state=state) if plan.is_empty else None
