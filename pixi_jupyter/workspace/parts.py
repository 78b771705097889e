"""The part of a solve group's solution that each of its environments gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.solve.conda import reachable
from pixi_jupyter.workspace.wheels import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.solve.pypi import PypiRequest, PypiSolution
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.wheels import Cell


def conda_parts(workspace: Workspace, cell: Cell) -> dict[str, Row]:
    """Give each environment its part where nothing is asked of PyPI."""
    if len(cell.group.environments) == 1:
        return {name: Row(records=cell.records) for name in cell.group.environments}
    return {
        environment.name: Row(
            records=reachable(cell.records, _asked(environment, cell))
        )
        for environment in _members(workspace, cell)
    }


def parts(
    workspace: Workspace, cell: Cell, request: PypiRequest, solution: PypiSolution
) -> dict[str, Row]:
    """Give each environment its part of conda's packages and of PyPI's."""
    tables = {}
    if solution.default_index:
        tables = request.options.lock_tables(solution.default_index)
    if len(cell.group.environments) == 1:
        row = Row(
            records=cell.records,
            wheels=solution.records,
            names=request.names,
            tables=tables,
        )
        return dict.fromkeys(cell.group.environments, row)
    from pixi_jupyter.solve.pypi_reach import reachable_pypi
    from pixi_jupyter.solve.pypi_requirements import read_requirements

    found = {}
    for environment in _members(workspace, cell):
        texts = [x.text for x in read_requirements(environment, cell.platform)]
        wheels, more = reachable_pypi(solution.records, texts, solution.provided)
        found[environment.name] = Row(
            records=reachable(cell.records, [*_asked(environment, cell), *more]),
            wheels=tuple(wheels),
            names=request.names,
            tables=tables,
        )
    return found


def _members(workspace: Workspace, cell: Cell) -> Iterator[Environment]:
    for name in cell.group.environments:
        environment = workspace.composition.environment(name)
        if cell.platform in environment.platforms:
            yield environment


def _asked(environment: Environment, cell: Cell) -> list[str]:
    return [each.name for each in environment.requirements(cell.platform)]
