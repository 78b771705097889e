"""Features and environments: checked tables to models.

Rules: pixi 0.77.0, features, targets and environments (read 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.models import (
    Activation,
    EnvironmentDefinition,
    Feature,
    PrioritizedChannel,
    Target,
)
from pixi_jupyter.manifest.selectors import parse_selector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source
    from pixi_jupyter.manifest.models import CondaSpec
    from pixi_jupyter.manifest.specs import SpecReader

_ENVIRONMENT_NAME = re.compile(r"[a-z0-9-]+")
_OLD_TABLES = ("host-dependencies", "build-dependencies")


class FeatureReader:
    """Reads features and environments.

    Parameters
    ----------
    source
        The manifest's text.
    specs
        Reads dependencies.
    builds_packages
        Whether the preview `pixi-build` is on, which forbids the old tables of host
        and build dependencies.
    warnings
        Where sentences about doubtful things are put.
    """

    def __init__(
        self,
        source: Source,
        specs: SpecReader,
        *,
        builds_packages: bool,
        warnings: list[str],
    ) -> None:
        self._source = source
        self._specs = specs
        self._builds_packages = builds_packages
        self._warnings = warnings

    def feature(self, name: str, table: Mapping[str, Any], keys: Keys) -> Feature:
        """Read the tables of one feature.

        Parameters
        ----------
        name
            Of the feature.
        table
            What it says; keys of other tables are left alone.
        keys
            Path of the table; empty for the default feature.

        Raises
        ------
        ManifestParseError, NotSupportedYetError
        """
        platforms = table.get("platforms")
        return Feature(
            name=name,
            channels=(
                self.channels(table["channels"], (*keys, "channels"))
                if "channels" in table
                else None
            ),
            platforms=None if platforms is None else tuple(platforms),
            channel_priority=table.get("channel-priority"),
            solve_strategy=table.get("solve-strategy"),
            system_requirements=table.get("system-requirements", {}),
            pypi_options=table.get("pypi-options", {}),
            default=self._target(table, keys),
            targets=self._targets(table.get("target", {}), (*keys, "target")),
        )

    def channels(
        self, entries: Sequence[str | Mapping[str, Any]], keys: Keys
    ) -> tuple[PrioritizedChannel, ...]:
        """Read a list of channels.

        Raises
        ------
        NotSupportedYetError
            For what only some channels can do: a cutoff of their own, S3.
        """
        found = []
        for number, entry in enumerate(entries):
            here = (*keys, number)
            table: Mapping[str, Any] = (
                {"channel": entry} if isinstance(entry, str) else entry
            )
            if "exclude-newer" in table:
                raise self._source.unsupported((*here, "exclude-newer"))
            name = str(table["channel"])
            if name.startswith("s3://"):
                raise self._source.unsupported(here)
            found.append(
                PrioritizedChannel(name=name, priority=table.get("priority", 0))
            )
        return tuple(found)

    def environments(
        self, tables: Mapping[str, Any], features: Mapping[str, Feature]
    ) -> dict[str, EnvironmentDefinition]:
        """Read the table `environments`.

        Returns
        -------
        dict
            By name; ``default`` comes first, whether it is written or not.

        Raises
        ------
        ManifestParseError, NotSupportedYetError
        """
        found = {"default": EnvironmentDefinition(name="default")}
        for name, value in tables.items():
            here = ("environments", name)
            if not _ENVIRONMENT_NAME.fullmatch(name):
                reason = "a-z, 0-9 and `-` make the name of an environment"
                fixed = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
                raise self._source.error(here, reason, hint=fixed, at="key")
            is_list = isinstance(value, list)
            table = {"features": value} if is_list else cast("dict[str, Any]", value)
            listed = here if is_list else (*here, "features")
            inside = {
                key: each
                for key, each in table.items()
                if key not in ("features", "solve-group", "no-default-feature")
            }
            found[name] = EnvironmentDefinition(
                name=name,
                features=self._listed(table.get("features", []), listed, features),
                solve_group=table.get("solve-group"),
                no_default_feature=table.get("no-default-feature", False),
                inline=self.feature(f"@{name}", inside, here) if inside else None,
            )
        return found

    def _listed(
        self, names: Sequence[str], keys: Keys, features: Mapping[str, Feature]
    ) -> tuple[str, ...]:
        for number, name in enumerate(names):
            here = (*keys, number)
            if name not in features:
                close = nearest(name, features)
                hint = f"did you mean `{close}`?" if close else f"[feature.{name}]"
                reason = f"there is no feature `{name}`"
                raise self._source.error(here, reason, hint=hint)
            if name in names[:number]:
                reason = f"feature `{name}` is there already; their order matters"
                raise self._source.error(here, reason)
        return tuple(names)

    def _target(self, table: Mapping[str, Any], keys: Keys) -> Target:
        if table.get("dev"):
            raise self._source.unsupported((*keys, "dev"))
        activation = table.get("activation", {})
        pypi = table.get("pypi-dependencies", {})
        self._check_pypi_names(pypi, (*keys, "pypi-dependencies"))
        self._check_tasks(table.get("tasks", {}), (*keys, "tasks"))
        return Target(
            dependencies=self._dependencies(table, keys),
            constraints=self._specs.read(
                table.get("constraints", {}), (*keys, "constraints"), constraints=True
            ),
            pypi_dependencies=pypi,
            tasks=table.get("tasks", {}),
            activation=Activation(
                scripts=tuple(activation.get("scripts", ())),
                env=activation.get("env", {}),
            ),
        )

    def _targets(
        self, table: Mapping[str, Any], keys: Keys
    ) -> tuple[tuple[str, Target], ...]:
        found = []
        for selector, inside in table.items():
            here = (*keys, selector)
            try:
                parse_selector(selector)
            except ValueError as error:
                raise self._source.error(here, str(error), at="key") from error
            found.append((selector, self._target(inside, here)))
        return tuple(found)

    def _dependencies(
        self, table: Mapping[str, Any], keys: Keys
    ) -> dict[str, CondaSpec]:
        """Read run, host and build tables; the later ones override by name."""
        found: dict[str, CondaSpec] = {}
        for key in ("dependencies", *_OLD_TABLES):
            if key not in table:
                continue
            here = (*keys, key)
            if key in _OLD_TABLES:
                self._warn_of_old(here)
            found.update(self._specs.read(table[key], here))
        return found

    def _warn_of_old(self, keys: Keys) -> None:
        if self._builds_packages:
            reason = f"with the preview `pixi-build` on, this is [package.{keys[-1]}]"
            raise self._source.error(keys, reason, at="key")
        place = self._source.place(keys)
        line = f" (line {place.line})" if place else ""
        self._warnings.append(
            f"`{keys[-1]}` is deprecated outside of a package; "
            f"write it as `dependencies`{line}"
        )

    def _check_pypi_names(self, table: Mapping[str, Any], keys: Keys) -> None:
        seen = set()
        for name in table:
            plain = re.sub(r"[-_.]+", "-", name).lower()
            if plain in seen:
                reason = f"`{plain}` is there already, spelled differently"
                raise self._source.error((*keys, name), reason, at="key")
            seen.add(plain)

    def _check_tasks(self, table: Mapping[str, Any], keys: Keys) -> None:
        for name, task in table.items():
            arguments = task.get("args", []) if isinstance(task, dict) else []
            for number, argument in enumerate(arguments):
                word = argument if isinstance(argument, str) else argument["arg"]
                if word == "pixi" or "-" in word:
                    reason = "a name other than `pixi`, without `-`, belongs here"
                    here = (*keys, name, "args", number)
                    raise self._source.error(here, reason)
