"""What has to be solved so that a lock fits its manifest.

Rules: pixi 0.77.0, minimal change (read 2026-11): the records that are locked for a
solve group are preferred, unless what they were solved from has changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixi_jupyter.errors import NotSupportedYetError
from pixi_jupyter.manifest.sources import needs_build
from pixi_jupyter.solve.conda import SolveRequest, solver_virtual_packages
from pixi_jupyter.workspace.relaxed import (
    Relaxed,
    is_relaxed,
    relaxes,
    relaxes_pypi,
)
from pixi_jupyter.workspace.wheels import Cell

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
    keeps_wheels: list[bool] = field(default_factory=list)
    """For each of `cells`, whether locked PyPI packages are preferred."""
    only_pypi: list[Cell] = field(default_factory=list)
    """What is solved for PyPI alone, on the conda records that are locked."""

    def all_cells(self, results: Sequence[list[RepoDataRecord]]) -> list[Cell]:
        """Put the conda answers beside what only PyPI is asked for."""
        solved = [
            Cell(group=group, platform=platform, records=found, keeps_wheels=keeps)
            for (group, platform), keeps, found in zip(
                self.cells, self.keeps_wheels, results, strict=True
            )
        ]
        return [*solved, *self.only_pypi]


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
        keeps_wheels = all(reason.keeps_hints for reason in reasons)
        keeps_hints = all(x.keeps_hints for x in reasons if x.scope == "all")
        for platform in group.platforms:
            scopes = {
                reason.scope
                for reason in reasons
                if reason.solve and reason.platform in (None, platform.name)
            }
            name, members = platform.name, group.environments
            is_due = everything or state.lock is None or "all" in scopes
            if is_due or relaxes(
                relaxed, state.records, environments=members, platform=name
            ):
                hints = _hints(state, group, platform, relaxed) if keeps_hints else ()
                work.cells.append((group, platform))
                work.keeps_wheels.append(keeps_wheels)
                work.requests.append(_request(workspace, group, platform, hints))
            elif scopes or relaxes_pypi(
                relaxed, state.lock, environments=members, platform=name
            ):
                records = list(_hints(state, group, platform, ()))
                work.only_pypi.append(
                    Cell(
                        group=group,
                        platform=platform,
                        records=records,
                        keeps_wheels=keeps_wheels,
                    )
                )
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
    where = workspace.shown(workspace.manifest.path)
    requirements = group.requirements(platform)
    for requirement in (*group.dev(platform), *requirements):
        if (source := requirement.spec.source) is not None:
            is_built = needs_build(source)
            what = f"{'Building' if is_built else 'Taking'} {requirement.name} from "
            what += "source" if is_built else "a file"
            raise NotSupportedYetError(what, where=f"[{requirement.table}] of {where}")
        if requirement.spec.unsupported:
            keys = ", ".join(requirement.spec.unsupported)
            what = f"{keys} of the dependency {requirement.name}"
            raise NotSupportedYetError(what, where=f"[{requirement.table}] of {where}")
    cutoffs = group.cutoffs()
    urls = {workspace.channel_url(name): name for name in group.channels}
    return SolveRequest(
        environment=_title(group),
        platform=platform,
        channels=tuple(urls),
        specs=tuple(requirement.match_spec for requirement in requirements),
        constraints=tuple(each.match_spec for each in group.constraints(platform)),
        locked=hints,
        channel_priority=group.channel_priority,
        strategy=group.solve_strategy,
        exclude_newer=cutoffs.default if cutoffs.is_plain else None,
        cutoff=(
            None
            if cutoffs.is_plain
            else lambda name, url: cutoffs.of(name, urls.get(url, url))
        ),
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
                members=group.members,
            )
    return error
