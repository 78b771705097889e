"""Locks made by a real solve, and the real data beside the project."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.rattler import LockedRecords, Session, channel_urls
from pixi_jupyter.events import Operation
from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPlatform,
    conda_package,
    format_lock,
    validate_lock,
)
from pixi_jupyter.lock.satisfy import Disagreement, disagreements
from pixi_jupyter.manifest.compose import Composition, SolveGroup, compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.solve.conda import SolveRequest, reachable, solve
from pixi_jupyter.workspace.pypi_rules import pypi_rules

if TYPE_CHECKING:
    from pixi_jupyter.platforms import Platform

DATA = Path(__file__).parents[3] / "shared" / "data"
"""Collected from public repositories; not everywhere."""


@dataclass(frozen=True)
class Locked:
    """A manifest, and a lock that was made for it."""

    folder: Path
    text: str
    lock: Lock
    records: LockedRecords

    def check(self, text: str | None = None, **options: Any) -> list[Disagreement]:
        """Compare the lock with its manifest, or with another one."""
        manifest = parse_manifest(text or self.text, self.folder / "pixi.toml")
        return list(
            disagreements(
                options.pop("lock", self.lock),
                options.pop("records", self.records),
                compose(manifest),
                lambda name: channel_urls([name], root=self.folder)[0],
                manifest_text=text or self.text,
                pypi=options.pop("pypi", pypi_rules()),
                **options,
            )
        )

    def texts(self, text: str | None = None, **options: Any) -> list[str]:
        """Compare, and give the words only."""
        return [each.text for each in self.check(text, **options)]

    def edited(self, *pairs: tuple[str, str]) -> str:
        """Give the manifest's text with pieces replaced."""
        text = self.text
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return text


def write_lock(lock: Lock, path: Path) -> None:
    """Write a lock that py-rattler can read."""
    text = format_lock(lock)
    validate_lock(text, path)
    path.write_text(text, encoding="utf-8")


def lock_manifest(text: str, folder: Path) -> Locked:
    """Solve a manifest."""
    composition = compose(parse_manifest(text, folder / "pixi.toml"))
    session = Session(cache_dir=folder / "cache")
    lock, records = asyncio.run(_solved(composition, session, folder))
    return Locked(folder, text, lock, records)


async def _solved(
    composition: Composition, session: Session, root: Path
) -> tuple[Lock, LockedRecords]:
    records: LockedRecords = {name: {} for name in composition.environments}
    for group in composition.solve_groups.values():
        for platform in group.platforms:
            request = _request(group, platform, root)
            found = await solve(request, session, Operation())
            for environment in group.members:
                if platform in environment.platforms:
                    wanted = environment.requirements(platform)
                    specs = [requirement.match_spec for requirement in wanted]
                    mine = reachable(found, specs)
                    records[environment.name][platform.name] = mine
    environments = {
        name: _environment(composition.group_of(name), rows, root)
        for name, rows in records.items()
    }
    platforms = tuple(
        LockedPlatform(each.name, each.subdir, tuple(map(str, each.virtual_packages)))
        for each in composition.platforms
    )
    return Lock(platforms=platforms, environments=environments), records


def _request(group: SolveGroup, platform: Platform, root: Path) -> SolveRequest:
    return SolveRequest(
        environment=group.name,
        platform=platform,
        channels=channel_urls(group.channels, root=root),
        specs=tuple(each.match_spec for each in group.requirements(platform)),
        constraints=tuple(each.match_spec for each in group.constraints(platform)),
    )


def _environment(
    group: SolveGroup, rows: dict[str, list[Any]], root: Path
) -> LockedEnvironment:
    return LockedEnvironment(
        channels=tuple({"url": url} for url in channel_urls(group.channels, root=root)),
        packages={name: tuple(map(conda_package, row)) for name, row in rows.items()},
    )
