"""Features and environments: checked tables to models.

Rules: pixi 0.77.0, features, targets and environments (read 2026-11).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.cutoff import check_cutoff
from pixi_jupyter.manifest.models import (
    Activation,
    EnvironmentDefinition,
    Feature,
    PrioritizedChannel,
    Target,
)
from pixi_jupyter.manifest.pypi_tables import check_pypi, check_pypi_options
from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.manifest.task_tables import check_tasks

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

        What is wrong is kept in the source.
        """
        platforms = table.get("platforms")
        options = table.get("pypi-options", {})
        check_pypi_options(options, self._source, (*keys, "pypi-options"))
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
            pypi_options=options,
            default=self._target(table, keys),
            targets=self._targets(table.get("target", {}), (*keys, "target")),
        )

    def channels(
        self, entries: Sequence[str | Mapping[str, Any]], keys: Keys
    ) -> tuple[PrioritizedChannel, ...]:
        """Read a list of channels.

        What is wrong is kept in the source, as everywhere in this class.
        """
        found = []
        for number, entry in enumerate(entries):
            if isinstance(entry, str):
                found.append(PrioritizedChannel(name=entry))
                continue
            newer = entry.get("exclude-newer")
            if newer is not None:
                check_cutoff(newer, self._source, (*keys, number, "exclude-newer"))
            found.append(
                PrioritizedChannel(
                    name=str(entry["channel"]),
                    priority=entry.get("priority", 0),
                    exclude_newer=newer,
                )
            )
        for number, channel in enumerate(found):
            self._check_channel(channel.name, (*keys, number))
        return tuple(found)

    def _check_channel(self, name: str, here: Keys) -> None:
        scheme, separator, rest = name.partition("://")
        if (separator and not (scheme and rest.strip("/"))) or name != name.strip():
            reason = f"`{name}` is no channel: a name, a URL or a path belongs here"
            with self._source.keep:
                raise self._source.error(here, reason)

    def environments(
        self, tables: Mapping[str, Any], features: Mapping[str, Feature]
    ) -> dict[str, EnvironmentDefinition]:
        """Read the table `environments`.

        Returns
        -------
        dict
            By name; ``default`` comes first, whether it is written or not.
        """
        found = {"default": EnvironmentDefinition(name="default")}
        for name, value in tables.items():
            here = ("environments", name)
            with self._source.keep:
                self._check_environment_name(name, here)
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

    def _check_environment_name(self, name: str, here: Keys) -> None:
        if not _ENVIRONMENT_NAME.fullmatch(name):
            reason = "a-z, 0-9 and `-` make the name of an environment"
            fixed = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            raise self._source.error(here, reason, hint=fixed, at="key")

    def _listed(
        self, names: Sequence[str], keys: Keys, features: Mapping[str, Feature]
    ) -> tuple[str, ...]:
        for number, name in enumerate(names):
            here = (*keys, number)
            with self._source.keep:
                if name not in features:
                    close = nearest(name, features)
                    hint = f"did you mean `{close}`?" if close else f"[feature.{name}]"
                    reason = f"there is no feature `{name}`"
                    raise self._source.error(here, reason, hint=hint)
                if name in names[:number]:
                    reason = f"feature `{name}` is there already; their order matters"
                    raise self._source.error(here, reason)
        return tuple(dict.fromkeys(name for name in names if name in features))

    def _target(self, table: Mapping[str, Any], keys: Keys) -> Target:
        activation = table.get("activation", {})
        pypi = table.get("pypi-dependencies", {})
        check_pypi(pypi, self._source, (*keys, "pypi-dependencies"))
        check_tasks(table.get("tasks", {}), self._source, (*keys, "tasks"))
        return Target(
            dependencies=self._dependencies(table, keys),
            constraints=self._specs.read(
                table.get("constraints", {}), (*keys, "constraints"), kind="constraints"
            ),
            pypi_dependencies=pypi,
            dev=self._specs.read(table.get("dev", {}), (*keys, "dev"), kind="dev"),
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
            target = self._target(inside, here)
            try:
                parse_selector(selector)
            except ValueError as error:
                fault = self._source.error(here, str(error), at="key")
                self._source.faults.append(fault)
                continue
            found.append((selector, target))
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
                with self._source.keep:
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
