"""What several features say together: the rules of merging.

Rules: pixi 0.77.0, composition of environments (read 2026-11). Across features
requirements add up and the first feature wins where only one can; inside a feature a
`target` further down replaces what stands above it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pixi_jupyter.errors import FeatureConflictError
from pixi_jupyter.manifest.cutoff import Cutoffs, parse_cutoff
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.manifest.platform_composition import supports
from pixi_jupyter.manifest.pyproject import normalised
from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from pixi_jupyter.manifest.models import (
        ChannelPriority,
        CondaSpec,
        Feature,
        Manifest,
        PrioritizedChannel,
        SolveStrategy,
        Target,
    )
    from pixi_jupyter.platforms import Platform

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing that a feature asks for."""

    name: str
    """Of the package, in lower case."""
    spec: CondaSpec
    feature: str
    """That asks; ``@NAME`` for tables inside the environment NAME."""

    @property
    def table(self) -> str:
        """Dotted path of the table that says so, as in the file."""
        return dotted(self.spec.keys[:-1])

    @property
    def match_spec(self) -> str:
        """The requirement as the text of a match spec."""
        return self.spec.match_spec(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What features say together."""

    name: str
    manifest: Manifest
    parts: tuple[Feature, ...]
    """The features, in order."""
    platforms: tuple[Platform, ...]
    """That it is made for, in the workspace's order."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels as written, highest priority first."""
        return tuple(dict.fromkeys(channel.name for channel in self._channels()))

    def _channels(self) -> list[PrioritizedChannel]:
        found = [
            channel
            for feature in self.parts
            for channel in (
                self.manifest.channels if feature.channels is None else feature.channels
            )
        ]
        found.sort(key=lambda channel: -channel.priority)
        return found

    @property
    def channel_priority(self) -> ChannelPriority:
        """How strictly the first channel wins.

        Raises
        ------
        FeatureConflictError
            If two features ask for different ones.
        """
        says: dict[str, ChannelPriority] = {
            feature.name: feature.channel_priority
            for feature in self.parts
            if feature.channel_priority
        }
        if len(set(says.values())) > 1:
            raise FeatureConflictError(
                self.name,
                key="channel-priority",
                features=tuple(says),
                values=tuple(says.values()),
                manifest=self.manifest.path.name,
            )
        return next(iter(says.values()), "strict")

    @property
    def solve_strategy(self) -> SolveStrategy:
        """Whether to take high or low versions; the first feature that says wins."""
        for feature in self.parts:
            if feature.solve_strategy:
                return feature.solve_strategy
        return "highest"

    def requirements(self, platform: Platform) -> tuple[Requirement, ...]:
        """List what is asked for on a platform, in the order of the features.

        One package may be there several times: all of it has to hold.
        """
        return tuple(
            Requirement(name=name, spec=spec, feature=feature.name)
            for feature in self.parts_on(platform)
            for name, spec in overlaid(
                target.dependencies for target in targets_of(feature, platform)
            ).items()
        )

    def constraints(self, platform: Platform) -> tuple[Requirement, ...]:
        """List what has to hold for packages that come in anyway."""
        return tuple(
            Requirement(name=name, spec=spec, feature=feature.name)
            for feature in self.parts_on(platform)
            for name, spec in overlaid(
                target.constraints for target in targets_of(feature, platform)
            ).items()
        )

    def dev(self, platform: Platform) -> tuple[Requirement, ...]:
        """List the source packages whose dependencies are wanted."""
        return tuple(
            Requirement(name=name, spec=spec, feature=feature.name)
            for feature in self.parts_on(platform)
            for name, spec in overlaid(
                target.dev for target in targets_of(feature, platform)
            ).items()
        )

    def cutoffs(self, now: datetime | None = None) -> Cutoffs:
        """Give the moments after which packages do not exist.

        Parameters
        ----------
        now
            Aware; what durations count back from (None: now).
        """
        manifest = self.manifest
        channels: dict[str, str] = {}
        for channel in self._channels():
            if channel.exclude_newer is not None:
                channels.setdefault(channel.name, channel.exclude_newer)

        def read(texts: Mapping[str, str]) -> dict[str, datetime]:
            return {name: parse_cutoff(text, now=now) for name, text in texts.items()}

        newer = manifest.exclude_newer
        return Cutoffs(
            default=parse_cutoff(newer, now=now) if newer else None,
            channels=read(channels),
            packages=read(manifest.package_cutoffs),
            pypi=read(manifest.pypi_cutoffs),
        )

    def pypi_requirements(self, platform: Platform) -> Mapping[str, tuple[object, ...]]:
        """Collect the PyPI requirements: by normalised name, what each feature says."""
        found: dict[str, tuple[object, ...]] = {}
        for feature in self.parts_on(platform):
            for name, value in overlaid(
                {normalised(name): value for name, value in table.items()}
                for table in (
                    target.pypi_dependencies for target in targets_of(feature, platform)
                )
            ).items():
                found[name] = (*found.get(name, ()), value)
        return found

    def parts_on(self, platform: Platform) -> Iterator[Feature]:
        """List the features that take part on a platform."""
        for feature in self.parts:
            if supports(feature, platform):
                yield feature


def targets_of(feature: Feature, platform: Platform) -> list[Target]:
    """List the tables of a feature that hold on a platform; later ones win."""
    matching = (
        target
        for selector, target in feature.targets
        if parse_selector(selector).matches(platform)
    )
    return [feature.default, *matching]


def overlaid(tables: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """Lay tables over each other, the last one on top."""
    found: dict[str, Value] = {}
    for table in tables:
        found.update(table)
    return found
