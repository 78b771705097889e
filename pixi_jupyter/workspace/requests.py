"""What has to be solved so that a lock fits its manifest.

Rules: pixi 0.77.0, minimal change (read 2026-11): the records that are locked for a
solve group are preferred, unless what they were solved from has changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixi_jupyter.errors import NotSupportedYetError
from pixi_jupyter.solve.conda import SolveRequest, solver_virtual_packages
from pixi_jupyter.workspace.relaxed import Relaxed, is_relaxed, relaxes

if TYPE_CHECKING:
    from collections.abc import Collection

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.errors import UnsatisfiableError
    from pixi_jupyter.manifest.compose import SolveGroup
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.solution import LockState


@dataclass(slots=True)
class Work:
    """What is to be solved: group and platform, with the hints for each."""

    requests: list[SolveRequest] = field(default_factory=list)
    cells: list[tuple[SolveGroup, Platform]] = field(default_factory=list)


def plan_work(
    workspace: Workspace,
    state: LockState,
    relaxed: Collection[Relaxed],
    *,
    everything: bool,
) -> Work:
    """List what has to be solved.

    Parameters
    ----------
    state
        Says what does not fit; no lock at all means everything.
    relaxed
        Packages whose locked version is not preferred; solves where one is locked.
    everything
        Solve also what fits.

    Raises
    ------
    NotSupportedYetError
        If a requirement is of a kind that cannot be solved yet.
    """
    work = Work()
    for group in workspace.composition.solve_groups.values():
        reasons = [r for r in state.reasons if r.environment in group.environments]
        keeps_hints = all(reason.keeps_hints for reason in reasons)
        for platform in group.platforms:
            is_affected = any(
                reason.solve and reason.platform in (None, platform.name)
                for reason in reasons
            )
            is_due = everything or state.lock is None or is_affected
            if not is_due and not relaxes(
                relaxed,
                state.records,
                environments=group.environments,
                platform=platform.name,
            ):
                continue
            hints = _hints(state, group, platform, relaxed) if keeps_hints else ()
            work.cells.append((group, platform))
            work.requests.append(_request(workspace, group, platform, hints))
    return work


def _hints(
    state: LockState,
    group: SolveGroup,
    platform: Platform,
    relaxed: Collection[Relaxed],
) -> tuple[RepoDataRecord, ...]:
    """Collect the locked records of a group; on a clash the highest version."""
    found: dict[str, RepoDataRecord] = {}
    for environment in group.environments:
        for record in state.records.get(environment, {}).get(platform.name, ()):
            name = record.name.normalized
            known = found.get(name)
            if is_relaxed(relaxed, environment, platform.name, name):
                continue
            if not known or known.version < record.version:
                found[name] = record
    return tuple(found.values())


def _request(
    workspace: Workspace,
    group: SolveGroup,
    platform: Platform,
    hints: tuple[RepoDataRecord, ...],
) -> SolveRequest:
    from pixi_jupyter.manifest.cutoff import parse_cutoff

    where = workspace.shown(workspace.manifest.path)
    requirements = group.requirements(platform)
    for requirement in requirements:
        if requirement.spec.source is not None:
            what = f"building {requirement.name} from source"
            raise NotSupportedYetError(what, where=f"[{requirement.table}] of {where}")
        if requirement.spec.unsupported:
            keys = ", ".join(requirement.spec.unsupported)
            what = f"{keys} of the dependency {requirement.name}"
            raise NotSupportedYetError(what, where=f"[{requirement.table}] of {where}")
    if pypi := group.pypi_requirements(platform):
        msg = f"solving PyPI dependencies ({', '.join(sorted(pypi))})"
        raise NotSupportedYetError(
            msg,
            where=where,
            hint="ask for them as conda packages where a channel has them",
        )
    newer = workspace.manifest.exclude_newer
    return SolveRequest(
        environment=_title(group),
        platform=platform,
        channels=tuple(workspace.channel_url(name) for name in group.channels),
        specs=tuple(requirement.match_spec for requirement in requirements),
        constraints=tuple(each.match_spec for each in group.constraints(platform)),
        locked=hints,
        channel_priority=group.channel_priority,
        strategy=group.solve_strategy,
        exclude_newer=parse_cutoff(newer) if newer else None,
        virtual_packages=solver_virtual_packages(platform, workspace.environ),
    )


def _title(group: SolveGroup) -> str:
    return "+".join(group.environments)


def explained(workspace: Workspace, work: Work, error: UnsatisfiableError) -> Exception:
    """Name the user's own requirements that meet in a conflict."""
    from pixi_jupyter.solve.explain import explain

    for group, platform in work.cells:
        if _title(group) == error.environment and platform.name == error.platform:
            return explain(
                error,
                requirements=group.requirements(platform),
                manifest_text=workspace.text,
                manifest=workspace.manifest.path.name,
                virtual_packages=solver_virtual_packages(platform, workspace.environ),
                constraints=group.constraints(platform),
            )
    return error
