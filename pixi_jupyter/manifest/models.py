"""What a manifest says, as frozen values that know nothing of TOML.

Source of the rules: pixi 0.77.0, manifest reference (read 2026-11).
"""

from __future__ import annotations

from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.platforms import Platform

EMPTY: Mapping[str, object] = MappingProxyType({})

ManifestKind: TypeAlias = Literal["pixi", "pyproject", "script"]
ChannelPriority: TypeAlias = Literal["strict", "flexible", "disabled"]
SolveStrategy: TypeAlias = Literal["highest", "lowest", "lowest-direct"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrioritizedChannel:
    """A channel as the manifest names it."""

    name: str
    """Name, URL or path, as written."""
    priority: int = 0
    """Higher comes first; equal ones keep the order of the file."""
    exclude_newer: str | None = None
    """The cutoff of its packages, as written; None: the workspace's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaSpec:
    """What the manifest asks of one conda package."""

    version: str | None = None
    """Version spec; None and ``*`` mean any."""
    build: str | None = None
    build_number: str | None = None
    file_name: str | None = None
    channel: str | None = None
    subdir: str | None = None
    md5: str | None = None
    sha256: str | None = None
    license: str | None = None
    license_family: str | None = None
    extras: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    track_features: tuple[str, ...] = ()
    when: str | None = None
    """The condition, as the text of a match spec; None for always."""
    source: Mapping[str, object] | None = None
    """path, git or url table of a source or direct dependency, kept as written;
    solving with one is an error for now."""
    unsupported: tuple[str, ...] = ()
    """Keys that were read and kept, and that solving cannot honour yet."""
    keys: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """Path of the requirement in the file, from the top, its name last."""

    def match_spec(self, name: str) -> str:
        """Give the requirement as the text of a match spec.

        Parameters
        ----------
        name
            The package's name.
        """
        texts = {
            "version": None if self.version in (None, "*") else self.version,
            "build": self.build,
            "build_number": self.build_number,
            "fn": self.file_name,
            "channel": self.channel,
            "subdir": self.subdir,
            "md5": self.md5,
            "sha256": self.sha256,
            "license": self.license,
            "license_family": self.license_family,
            "track_features": " ".join(self.track_features),
            "when": self.when,
        }
        lists = {"extras": self.extras, "flags": self.flags}
        inside = [f"{key}={_quoted(text)}" for key, text in texts.items() if text]
        inside += [f"{key}=[{', '.join(row)}]" for key, row in lists.items() if row]
        if not inside:
            return f"{name} *"
        if texts["version"] and len(inside) == 1:
            return f"{name} {texts['version']}"
        return f"{name}[{', '.join(inside)}]"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """What is done when an environment is activated."""

    scripts: tuple[str, ...] = ()
    """Paths relative to the workspace root, in order."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables; values may refer to others (``$NAME``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRequirements:
    """What a pyproject.toml asks of one PyPI package outside of pixi's tables."""

    texts: tuple[str, ...]
    """PEP 508 requirements, as written."""
    table: object | None = None
    """What pixi's own table asks of the same package, as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One set of tables: of a feature, or of a feature on some platforms."""

    dependencies: Mapping[str, CondaSpec] = field(default_factory=dict)
    """Run, host and build tables in one (build over host over run, as pixi)."""
    constraints: Mapping[str, CondaSpec] = field(default_factory=dict)
    pypi_dependencies: Mapping[str, object] = field(default_factory=dict)
    """Requirement as written, by name; a `ProjectRequirements` where some or all of
    it is written in `[project]` or `[dependency-groups]` of a pyproject.toml."""
    dev: Mapping[str, CondaSpec] = field(default_factory=dict)
    """Packages whose dependencies are wanted and not themselves; each names a source."""
    tasks: Mapping[str, object] = field(default_factory=dict)
    """Task as written, by name."""
    activation: Activation = field(default_factory=Activation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A named part that environments are composed of."""

    name: str
    """``default`` for the tables at the top of the manifest; ``@NAME`` for
    what is written inside the environment NAME."""
    channels: tuple[PrioritizedChannel, ...] | None = None
    """None: the workspace's."""
    platforms: tuple[str, ...] | None = None
    """None: no restriction. Names or subdirs."""
    channel_priority: ChannelPriority | None = None
    solve_strategy: SolveStrategy | None = None
    system_requirements: Mapping[str, object] = field(default_factory=dict)
    """As written; composed into platforms."""
    pypi_options: Mapping[str, object] = field(default_factory=dict)
    default: Target = field(default_factory=Target)
    """Tables without a selector."""
    targets: tuple[tuple[str, Target], ...] = ()
    """(selector, tables) in the order of the file; a later match wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentDefinition:
    """One entry of the table `environments`."""

    name: str
    features: tuple[str, ...] = ()
    """As listed; ``default`` is there only where it is written."""
    solve_group: str | None = None
    no_default_feature: bool = False
    inline: Feature | None = None
    """Tables written inside the environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A whole manifest, read and validated."""

    path: Path
    """Absolute path of the file."""
    kind: ManifestKind
    name: str
    """Of the workspace; the folder's name where none is given."""
    version: str | None = None
    description: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    """authors, license, homepage …, as written."""
    channels: tuple[PrioritizedChannel, ...] = ()
    platforms: tuple[Platform, ...] = ()
    """In order of preference."""
    channel_priority: ChannelPriority = "strict"
    solve_strategy: SolveStrategy = "highest"
    exclude_newer: str | None = None
    package_cutoffs: Mapping[str, str] = field(default_factory=dict)
    """`[exclude-newer]`: cutoffs as written, by conda name."""
    pypi_cutoffs: Mapping[str, str] = field(default_factory=dict)
    """`[pypi-exclude-newer]`, by normalised PyPI name."""
    requires_pixi: str | None = None
    features: Mapping[str, Feature] = field(default_factory=dict)
    """By name; always has ``default``."""
    environments: Mapping[str, EnvironmentDefinition] = field(default_factory=dict)
    """By name; always has ``default``, first."""
    package: Mapping[str, object] | None = None
    """The table `[package]` as written, if there is one."""
    warnings: tuple[str, ...] = ()
    """Sentences about what is deprecated, unused or doubtful."""

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self.path.parent
