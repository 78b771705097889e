"""From uv's answer to the PyPI part of one row of a lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.rattler.requirements import canonical_requirements
from pixi_jupyter.solve.pypi_record import PypiRecord, location_of
from pixi_jupyter.solve.wheels import best_wheel, tag_ranks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.adapters.uv import File, Package, Resolve
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.solve.archives import Metadata
    from pixi_jupyter.solve.pypi_requirements import PypiRequirement


@dataclass(frozen=True, slots=True)
class Row:
    """Packages with the file of each that will be installed."""

    chosen: Mapping[str, tuple[Package, File | None]]
    """By normalised name."""
    places: Mapping[str, PypiRequirement]
    """The requirements that name a place, by name."""

    def records(
        self, metadata: Mapping[str, Metadata], origins: Mapping[str, str], root: Path
    ) -> tuple[PypiRecord, ...]:
        """Give what a lock says of each package, sorted by name."""
        names = sorted(self.chosen)
        rows = canonical_requirements([metadata[x].requires_dist for x in names])
        return tuple(
            self._record(name, metadata[name], requires, origins.get(name, ""), root)
            for name, requires in zip(names, rows, strict=True)
        )

    def _record(
        self,
        name: str,
        metadata: Metadata,
        requires: Iterable[str],
        origin: str,
        root: Path,
    ) -> PypiRecord:
        package, file = self.chosen[name]
        location = location_of(package, file, self.places.get(name), root)
        version = package.version or metadata.version
        if package.directory is not None:
            version = metadata.version
        return PypiRecord(
            location=location,
            name=name,
            version=version,
            sha256=file.sha256 if file else "",
            md5=file.md5 if file else "",
            index=origin if "://" in location else "",
            requires_dist=tuple(requires),
            requires_python=metadata.requires_python,
        )


def make_row(
    packages: Iterable[Package],
    asked: Sequence[PypiRequirement],
    platform: Platform,
    question: Resolve,
) -> Row:
    """Choose the file of each package, as uv will when it installs."""
    ranks = tag_ranks(platform, question.python_version)
    chosen: dict[str, tuple[Package, File | None]] = {}
    for package in packages:
        file = package.archive or best_wheel(package.wheels, ranks) or package.sdist
        if file is None and package.wheels:
            file = package.wheels[0]
        chosen[package.name] = (package, file)
    return Row(chosen, {each.name: each for each in asked if each.source})
