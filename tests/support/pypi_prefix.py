"""A prefix with a Python that runs, and what conda and others put into it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.uv import UvOptions
from pixi_jupyter.install.prefix import python_of
from pixi_jupyter.install.pypi import PypiOutcome, PypiTarget, install_pypi
from pixi_jupyter.install.pypi_dists import InstalledDist, read_dists
from pixi_jupyter.solve.pypi_options import PypiOptions
from support.pypi import Pypi, conda_record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pixi_jupyter.solve.pypi_record import PypiRecord

VERSION = ".".join(map(str, sys.version_info[:3]))
PYTHON = conda_record("python", VERSION, depends=[])


@dataclass
class PypiPrefix:
    """One prefix, and what is installed into it."""

    pypi: Pypi
    options: PypiOptions = field(default_factory=PypiOptions)
    more: dict[str, Any] = field(default_factory=dict)
    """Further fields of `PypiTarget`."""

    @property
    def path(self) -> Path:
        """The prefix."""
        return self.pypi.root / ".pixi" / "envs" / "default"

    @property
    def site(self) -> Path:
        """Its folder of packages."""
        return self.path / self.target(()).site

    def make(self) -> PypiPrefix:
        """Put a Python there; conda's own would take longer."""
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", self.path], check=True
        )
        (self.path / "conda-meta").mkdir()
        self.options = PypiOptions(uv=UvOptions(index_url=self.pypi.index.simple_url))
        return self

    def target(self, records: Iterable[PypiRecord]) -> PypiTarget:
        """Say what is wanted."""
        given = PypiTarget(
            prefix=self.path,
            python=PYTHON,
            records=tuple(records),
            root=self.pypi.root,
            options=self.options,
        )
        return replace(given, **self.more)

    async def install(self, records: Iterable[PypiRecord]) -> PypiOutcome:
        """Install just these."""
        return await install_pypi(
            self.target(records), self.pypi.uv, self.pypi.operation
        )

    async def lock(
        self, requirements: dict[str, object], **more: Any
    ) -> list[PypiRecord]:
        """Find the records of a table of PyPI dependencies."""
        more.setdefault("uv", {})
        found = await self.pypi.solve(requirements, python_record=PYTHON, **more)
        return list(found.values())

    def add_dist(
        self,
        name: str,
        version: str = "1.0",
        *,
        installer: str = "conda",
        files: Iterable[str] = (),
        record: bool = True,
    ) -> Path:
        """Put a distribution there by hand; of conda with its record."""
        info = self.site / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        paths = [*files, f"{info.name}/METADATA", f"{info.name}/RECORD"]
        paths += [f"{info.name}/INSTALLER"]
        for path in files:
            (self.site / path).parent.mkdir(parents=True, exist_ok=True)
            (self.site / path).write_text(f"from {installer}\n")
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        (info / "INSTALLER").write_text(f"{installer}\n")
        if record:
            (info / "RECORD").write_text("".join(f"{path},,\n" for path in paths))
        if installer == "conda":
            self.add_conda(
                name, version, [f"{self.target(()).site}/{x}" for x in paths]
            )
        return info

    def add_conda(self, name: str, version: str, paths: Iterable[str]) -> None:
        """Write the record of a conda package that owns these paths."""
        data = {
            "name": name,
            "version": version,
            "paths_data": {"paths": [{"_path": path} for path in paths]},
        }
        path = self.path / "conda-meta" / f"{name}-{version}-0.json"
        path.write_text(json.dumps(data))

    def dists(self) -> dict[str, InstalledDist]:
        """Give what is there, by name."""
        return {dist.name: dist for dist in read_dists(self.site)}

    def run(self, code: str) -> str:
        """Run some Python in it; give what it prints."""
        done = subprocess.run(
            [python_of(self.path), "-c", code],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def state(self) -> dict[str, bytes]:
        """Give all files of packages by path."""
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file()
            and "__pycache__" not in path.parts
            and path.name not in (".lock", ".pixi-environment-fingerprint")
        }
