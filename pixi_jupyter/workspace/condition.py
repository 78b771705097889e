"""Whether an environment is installed, and if it is not right, why, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.install.fingerprint import is_current
from pixi_jupyter.install.journal import journal_path
from pixi_jupyter.install.marker import MARKER_FILE
from pixi_jupyter.install.state import INSTALLING, fingerprint, read_state
from pixi_jupyter.platforms import emulated, host_subdir
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.solution import LockState

EnvironmentState: TypeAlias = Literal["none", "installed", "outdated", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How an environment stands on this machine."""

    state: EnvironmentState
    reason: str = ""
    """What is the matter, in words; empty where nothing is."""
    runs_here: bool = True
    """Whether this machine can run it at all."""
    packages: int | None = None
    """How many are installed; None where none are."""


def condition_of(
    workspace: Workspace,
    environment: Environment,
    platform: Platform | None,
    state: LockState | None,
) -> Condition:
    """Tell how an environment stands.

    Parameters
    ----------
    platform
        The one of its platforms that is installed here; None where it has none.
    state
        The lock, compared with the manifest; None where it cannot be read.

    Notes
    -----
    Compares what is installed with what is locked by the names of records, as a
    person would count them; it does not look whether all files are there.
    """
    subdirs = emulated(host_subdir(workspace.environ))
    runs_here = platform is not None and platform.subdir in subdirs
    prefix = workspace.prefix(environment.name)
    installed = _installed(prefix)
    # one without packages is installed where a marker says so
    if not installed and not (prefix / "conda-meta" / MARKER_FILE).is_file():
        reason = "" if runs_here else "not made for this computer"
        return Condition(state="none", reason=reason, runs_here=runs_here)
    mark = read_state(prefix)
    count = len(installed)
    if mark == INSTALLING or journal_path(prefix).exists():
        return Condition(
            state="broken",
            reason="an installation was interrupted",
            runs_here=runs_here,
            packages=count,
        )
    if is_current(prefix, workspace.manifest.path, workspace.lock_path):
        return Condition(state="installed", runs_here=runs_here, packages=count)
    reason = _difference(environment, platform, state, installed, mark)
    return Condition(
        state="outdated" if reason else "installed",
        reason=reason,
        runs_here=runs_here,
        packages=count,
    )


def _installed(prefix: Path) -> set[str]:
    """List the records of a prefix, as ``name-version-build``."""
    return {path.stem for path in (prefix / "conda-meta").glob("*.json")}


def _difference(
    environment: Environment,
    platform: Platform | None,
    state: LockState | None,
    installed: set[str],
    mark: str,
) -> str:
    """Say what is between a prefix and the lock; nothing where they agree."""
    if state is None or state.lock is None:
        return "there is no lock that it could be compared with"
    if any(each.environment == environment.name for each in state.reasons):
        return "the lock is out of date"
    name = platform.name if platform else ""
    records = state.records.get(environment.name, {}).get(name, [])
    locked = _stems(records)
    if count := len(_names(installed ^ locked)):
        words = "1 package differs" if count == 1 else f"{count} packages differ"
        return f"{words} from the lock"
    if mark != fingerprint(records):
        return "another program changed it"
    return ""


def _stems(records: Iterable[RepoDataRecord]) -> set[str]:
    return {f"{each.name.normalized}-{each.version}-{each.build}" for each in records}


def _names(stems: Iterable[str]) -> set[str]:
    return {stem.rsplit("-", 2)[0] for stem in stems}
