"""Environments: what the features that make one up say together.

The features of an environment are its own tables, then those it lists, then the
default one (pixi 0.77.0, composition of environments, read 2026-11); how they are
merged stands in `merge`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import EnvironmentNotFoundError
from pixi_jupyter.manifest.hosts import best_platform
from pixi_jupyter.manifest.merge import Merged, Requirement, overlaid, targets_of
from pixi_jupyter.manifest.models import Activation
from pixi_jupyter.manifest.platform_composition import environment_platforms, supports
from pixi_jupyter.manifest.rules import features_of
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pixi_jupyter.manifest.models import EnvironmentDefinition, Feature, Manifest
    from pixi_jupyter.platforms import Platform

__all__ = [
    "Composition",
    "Environment",
    "Requirement",
    "SolveGroup",
    "best_platform",
    "compose",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(Merged):
    """What one environment consists of."""

    solve_group: str | None = None
    """As written; None where it is solved alone."""

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features, in order; ``@NAME`` for its own tables."""
        return tuple(feature.name for feature in self.parts)

    def activation(self, platform: Platform) -> Activation:
        """Give scripts and variables that activate it on a platform."""
        scripts: list[str] = []
        env: dict[str, str] = {}
        for feature in self.parts_on(platform):
            targets = [target.activation for target in targets_of(feature, platform)]
            given = [target.scripts for target in targets if target.scripts]
            scripts += given[-1] if given else ()
            mine = overlaid(target.env for target in targets)
            env |= {key: value for key, value in mine.items() if key not in env}
        return Activation(scripts=tuple(scripts), env=env)

    def tasks(self, platform: Platform) -> Mapping[str, object]:
        """Give the tasks as written, by name; the first feature that has one wins."""
        found: dict[str, object] = {}
        for feature in self.parts_on(platform):
            mine = overlaid(target.tasks for target in targets_of(feature, platform))
            found |= {name: task for name, task in mine.items() if name not in found}
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveGroup(Merged):
    """Environments that are solved together."""

    members: tuple[Environment, ...]

    @property
    def environments(self) -> tuple[str, ...]:
        """Names of its environments, in the order of the manifest."""
        return tuple(environment.name for environment in self.members)

    def parts_on(self, platform: Platform) -> Iterator[Feature]:
        """List features of those environments that are made for the platform."""
        mine = [each for each in self.members if platform in each.platforms]
        for feature in _united(each.parts for each in mine):
            if supports(feature, platform):
                yield feature


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """All environments of a workspace."""

    manifest: Manifest
    environments: Mapping[str, Environment]
    """By name, ``default`` first."""
    solve_groups: Mapping[str, SolveGroup]
    """Every environment is in one; one that is solved alone has a group under a
    name that no manifest can give."""
    platforms: tuple[Platform, ...]
    """Of all environments, in the workspace's order."""

    def environment(self, name: str) -> Environment:
        """Give an environment by name.

        Raises
        ------
        EnvironmentNotFoundError
        """
        if name not in self.environments:
            raise EnvironmentNotFoundError(
                name, available=self.environments, manifest=self.manifest.path.name
            )
        return self.environments[name]

    def group_of(self, environment_name: str) -> SolveGroup:
        """Give the group that an environment is solved in.

        Raises
        ------
        EnvironmentNotFoundError
        """
        environment = self.environment(environment_name)
        return self.solve_groups[_group_key(environment)]


def compose(manifest: Manifest) -> Composition:
    """Work out all environments of a manifest.

    Parameters
    ----------
    manifest
        A manifest that was read.

    Notes
    -----
    Pure. What features cannot agree on is said when it is asked for.
    """
    environments = {
        name: _environment(manifest, definition)
        for name, definition in manifest.environments.items()
    }
    groups: dict[str, list[Environment]] = {}
    for environment in environments.values():
        groups.setdefault(_group_key(environment), []).append(environment)
    return Composition(
        manifest=manifest,
        environments=environments,
        solve_groups={
            key: _group(manifest, tuple(members)) for key, members in groups.items()
        },
        platforms=_ordered(manifest, environments.values()),
    )


def _environment(manifest: Manifest, definition: EnvironmentDefinition) -> Environment:
    features = features_of(manifest, definition)
    return Environment(
        name=definition.name,
        manifest=manifest,
        parts=features,
        platforms=environment_platforms(manifest.platforms, features),
        solve_group=definition.solve_group,
    )


def _group(manifest: Manifest, members: tuple[Environment, ...]) -> SolveGroup:
    return SolveGroup(
        name=members[0].solve_group or members[0].name,
        manifest=manifest,
        parts=_united(each.parts for each in members),
        platforms=_ordered(manifest, members),
        members=members,
    )


def _group_key(environment: Environment) -> str:
    # no group that a person writes has a line break in its name
    return environment.solve_group or f"\n{environment.name}"


def _united(rows: Iterable[tuple[Feature, ...]]) -> tuple[Feature, ...]:
    found = {feature.name: feature for row in rows for feature in row}
    return tuple(found.values())


def _ordered(
    manifest: Manifest, environments: Iterable[Environment]
) -> tuple[Platform, ...]:
    """Unite the platforms of environments in the order of the workspace."""
    found = dict.fromkeys(
        platform for environment in environments for platform in environment.platforms
    )
    names = [platform.name for platform in manifest.platforms]
    subdirs = [platform.subdir for platform in manifest.platforms]

    def rank(platform: Platform) -> tuple[int, int]:
        if platform.name in names:
            return names.index(platform.name), 0
        if platform.subdir in subdirs:
            return subdirs.index(platform.subdir), 1
        return len(names), 2

    return tuple(sorted(found, key=rank))
