"""PyPI packages on top of the conda records of environments, through uv.

Questions that are equal are asked once, platforms beside each other.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.rattler import record_mapping
from pixi_jupyter.adapters.uv import Build, default_index, indexes, resolve
from pixi_jupyter.names import projects
from pixi_jupyter.solve.metadata import MetadataStore, read_all
from pixi_jupyter.solve.pypi_request import (
    PypiRequest,
    meant_for_pypi,
    question_of,
    undrafted,
)
from pixi_jupyter.solve.pypi_row import make_row
from pixi_jupyter.solve.wheels import WITHOUT_WHEELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.uv import Package, Resolve, Uv
    from pixi_jupyter.events import Operation
    from pixi_jupyter.names import Project
    from pixi_jupyter.solve.pypi_record import PypiRecord
    from pixi_jupyter.solve.pypi_requirements import PypiRequirement

__all__ = ["PypiRequest", "PypiSolution", "PypiSolver", "solve_pypi_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiSolution:
    """What was decided for one request."""

    records: tuple[PypiRecord, ...] = ()
    """Sorted by name."""
    provided: Mapping[str, Project] = field(default_factory=dict)
    """What conda brings, by its name on PyPI."""
    default_index: str = ""
    """uv's own, where it was asked for it."""


@dataclass(slots=True)
class PypiSolver:
    """Solves the requests of one operation; equal questions are asked once."""

    uv: Uv
    operation: Operation
    concurrency: int = 4
    _gate: asyncio.Semaphore = field(init=False, repr=False)
    _answers: dict[str, asyncio.Task[tuple[PypiRecord, ...]]] = field(
        init=False, default_factory=dict, repr=False
    )
    _index: asyncio.Task[str] | None = field(init=False, default=None, repr=False)
    _reading: dict[str, asyncio.Lock] = field(
        init=False, default_factory=dict, repr=False
    )
    """Of each file that is read: platforms share most, and read it once."""

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(max(1, self.concurrency))

    async def solve(self, request: PypiRequest) -> PypiSolution:
        """Find the packages of one request.

        Raises
        ------
        PypiResolutionError
            If the requirements contradict each other, or what conda brings.
        NotSupportedYetError
            If uv does not know the platform, or the Python is free-threaded.
        DownloadError, OfflineError, PypiBuildError, ToolNotFoundError

        Notes
        -----
        Reads indexes; may build what says nothing of itself. Can be cancelled.
        """
        if request.platform.subdir.startswith(WITHOUT_WHEELS):
            return PypiSolution()
        mappings = [record_mapping(record) for record in request.records]
        provided = projects(mappings, request.names)
        asked = meant_for_pypi(request, provided)
        if not asked:
            return PypiSolution(provided=provided)
        found = await self._once(request, asked, provided)
        return PypiSolution(
            records=found, provided=provided, default_index=await self._default()
        )

    @property
    def _folder(self) -> Path:
        """Where what we find out ourselves is kept, beside uv's own cache."""
        return self.uv.cache_dir.parent

    async def close(self) -> None:
        """End whatever still runs."""
        tasks = [*self._answers.values(), *([self._index] if self._index else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _once(
        self,
        request: PypiRequest,
        asked: Sequence[PypiRequirement],
        provided: Mapping[str, Project],
    ) -> tuple[PypiRecord, ...]:
        question = await asyncio.to_thread(
            question_of, request, asked, provided, self._folder
        )
        task = self._answers.get(key := _key(question, request))
        if task is None:
            task = asyncio.ensure_future(self._answer(request, question, asked))
            self._answers[key] = task
        return await asyncio.shield(task)

    async def _answer(
        self,
        request: PypiRequest,
        question: Resolve,
        asked: Sequence[PypiRequirement],
    ) -> tuple[PypiRecord, ...]:
        async with self._gate:
            title = (
                f"PyPI packages of {request.environment} for {request.platform.name}"
            )
            self.operation.say("solve", title)
            # asked while uv is at work on the question itself
            self._default_index()
            packages = await resolve(self.uv, question)
            origins = await self._origins(question, packages)
        sources = (*request.options.uv.sources, *question.named_indexes.values())
        async with self.uv.web(sources) as web:
            row = make_row(packages, asked, request.platform, question)
            metadata = await read_all(
                row.chosen,
                MetadataStore(
                    self._folder / "pypi-metadata-v1",
                    web,
                    self._reading,
                    self.uv.cache_dir,
                ),
                uv=self.uv,
                build=_build(request, question),
                root=request.root,
            )
        really = [undrafted(package, request) for package in packages]
        row = make_row(really, asked, request.platform, question)
        return row.records(metadata, origins, request.root)

    async def _origins(
        self, question: Resolve, packages: tuple[Package, ...]
    ) -> dict[str, str]:
        """Tell the index of each package, unless it is uv's own default."""
        from_index = [x.name for x in packages if x.wheels or x.sdist]
        if not from_index:
            return {}
        if question.options.has_one_source and not question.named_indexes:
            one = question.options.index_url
            found = dict.fromkeys(from_index, one or "")
        else:
            found = await indexes(self.uv, question, packages)
        default = await self._default()
        return {
            name: url
            for name, url in found.items()
            if url and url.rstrip("/") != default.rstrip("/")
        }

    def _default_index(self) -> asyncio.Task[str]:
        if self._index is None:
            self._index = asyncio.ensure_future(default_index(self.uv))
        return self._index

    async def _default(self) -> str:
        return await asyncio.shield(self._default_index())


async def solve_pypi_all(
    requests: Sequence[PypiRequest],
    uv: Uv,
    operation: Operation,
    *,
    concurrency: int = 4,
) -> list[PypiSolution]:
    """Solve several requests at once; all or none.

    Parameters
    ----------
    requests
        In the order in which the results are wanted.
    concurrency
        How often uv runs at a time.

    Raises
    ------
    PypiResolutionError, DownloadError, OfflineError, PypiBuildError
        The first failure; what still runs is ended.
    """
    solver = PypiSolver(uv, operation, concurrency=concurrency)
    tasks = [asyncio.ensure_future(solver.solve(request)) for request in requests]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await solver.close()


def _build(request: PypiRequest, question: Resolve) -> Build:
    return Build(
        python=question.python,
        environment=request.environment,
        options=replace(question.options, no_build=False),
        variables=question.variables,
    )


def _key(question: Resolve, request: PypiRequest) -> str:
    bare = replace(question, environment="", platform="")
    kept = sorted(each.location for each in request.locked)
    return json.dumps([repr(bare), kept, str(request.root), str(request.platform)])
