"""PyPI questions of tests: records as conda has them, requests, uv with its own cache."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.rattler import RepoDataRecord, records_from_mappings
from pixi_jupyter.adapters.uv import Uv, UvOptions
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.platforms import Platform
from pixi_jupyter.solve.pypi import PypiRequest, PypiSolution, solve_pypi_all
from pixi_jupyter.solve.pypi_options import PypiOptions
from pixi_jupyter.solve.pypi_requirements import PypiRequirement, parse_requirement

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.solve.pypi_record import PypiRecord
    from support.registry import MockIndex

LINUX = Platform("linux-64", "linux-64")
CHANNEL = "https://conda.example/forge/"


def conda_record(name: str, version: str = "1.0", **fields: Any) -> RepoDataRecord:
    """Give a record; one that depends on python is a project of its name."""
    build = str(fields.get("build", "0"))
    mapping = {
        "name": name,
        "version": version,
        "build": build,
        "build_number": 0,
        "subdir": "linux-64",
        "depends": ["python"],
        "url": f"{CHANNEL}linux-64/{name}-{version}-{build}.conda",
        "channel": CHANNEL,
        **fields,
    }
    return records_from_mappings([mapping])[0]


PYTHON = conda_record("python", "3.11.7", depends=[])


@dataclass
class Pypi:
    """An index, uv with an empty cache, and a workspace that is a folder."""

    index: MockIndex
    root: Path
    environ: dict[str, str] = field(
        default_factory=lambda: {**os.environ, "UV_HTTP_RETRIES": "0"}
    )
    offline: bool = False
    events: list[Event] = field(default_factory=list)

    @property
    def cache(self) -> Path:
        """Of uv."""
        return self.root / "cache" / "uv-cache"

    @property
    def uv(self) -> Uv:
        """uv as it is run."""
        return Uv(self.cache, offline=self.offline, environ=self.environ)

    @property
    def operation(self) -> Operation:
        """Keeps its events."""
        return Operation(self.events.append)

    @property
    def files(self) -> Path:
        """Where wheels are made."""
        return self.root / "files"

    def request(
        self, requirements: dict[str, object], *records: RepoDataRecord, **more: Any
    ) -> PypiRequest:
        """Ask for what a manifest's table holds."""
        options: dict[str, Any] = {"index_url": self.index.simple_url}
        options |= more.pop("uv", {})
        given: dict[str, Any] = {
            "environment": "default",
            "platform": LINUX,
            "root": self.root,
            "options": PypiOptions(
                uv=UvOptions(**options), overrides=more.pop("overrides", {})
            ),
        }
        return PypiRequest(
            records=(more.pop("python_record", PYTHON), *records),
            requirements=asked(requirements),
            **{**given, **more},
        )

    async def solve(
        self, requirements: dict[str, object], *records: RepoDataRecord, **more: Any
    ) -> dict[str, PypiRecord]:
        """Solve one request; give what was found by name."""
        request = self.request(requirements, *records, **more)
        (found,) = await self.solve_all(request)
        return {record.name: record for record in found.records}

    async def solve_all(self, *requests: PypiRequest) -> list[PypiSolution]:
        """Solve several requests."""
        return await solve_pypi_all(requests, self.uv, self.operation)


def asked(requirements: dict[str, object]) -> tuple[PypiRequirement, ...]:
    """Read a table of PyPI dependencies."""
    return tuple(
        each
        for name, value in requirements.items()
        for each in parse_requirement(name, value, keys=("pypi-dependencies", name))
    )
