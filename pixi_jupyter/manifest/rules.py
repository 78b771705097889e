"""Rules that need the whole manifest, and doubts that are no errors.

Rules: pixi 0.77.0, validation and warnings (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.platform_composition import (
    environment_platforms,
    required_packages,
)
from pixi_jupyter.manifest.platform_entries import platform_name_fault
from pixi_jupyter.manifest.selectors import parse_selector
from pixi_jupyter.manifest.versions import is_version
from pixi_jupyter.platforms import SUBDIRS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source
    from pixi_jupyter.manifest.models import EnvironmentDefinition, Feature, Manifest

_SINGLE_OPTIONS = {
    "index-url",
    "index-strategy",
    "prerelease-mode",
    "skip-wheel-filename-check",
}
_LIBCS = ("__glibc", "__musl", "__eglibc")


def features_of(
    manifest: Manifest, environment: EnvironmentDefinition
) -> tuple[Feature, ...]:
    """List the features of an environment: its own tables first, default last."""
    names = list(environment.features)
    if not environment.no_default_feature and "default" not in names:
        names.append("default")
    inline = (environment.inline,) if environment.inline else ()
    return (*inline, *(manifest.features[name] for name in names))


def check(manifest: Manifest, source: Source) -> None:
    """Check what one table alone does not show; what is wrong is kept in `source`."""
    # a platform that could not be read would be missed everywhere
    is_known = not any(".platforms" in fault.key for fault in source.faults)
    for feature, keys in _all_features(manifest):
        if is_known:
            _check_platforms(manifest, feature, source, keys)
        with source.keep:
            _check_requirements(manifest, feature, source, keys)
    for environment in manifest.environments.values():
        with source.keep:
            _check_agreement(manifest, environment, source)
        with source.keep:
            _check_options(manifest, environment, source)


def doubts(manifest: Manifest, source: Source, tables: Mapping[str, Any]) -> list[str]:
    """Say what is deprecated, unused or without effect.

    Parameters
    ----------
    manifest
        A manifest that is in order.
    source
        Its text.
    tables
        Pixi's own tables; a feature that comes from `[project]` may go unused.
    """
    found = []
    used = {
        name
        for environment in manifest.environments.values()
        for name in environment.features
    }
    for name in tables.get("feature", {}):
        if name not in used:
            where = _line(source, ("feature", name))
            found.append(f"feature `{name}` is in no environment{where}")
    old = [
        _line(source, (*keys, "system-requirements"))
        for feature, keys in _all_features(manifest)
        if feature.system_requirements
    ]
    if old:
        reason = "`system-requirements` is deprecated; `platforms` can say the same"
        found.append(f"{reason}{old[0]}")
    found += _old_keys(manifest, source)
    return [*found, *_idle_selectors(manifest, source), *_empty(manifest)]


def _line(source: Source, keys: Keys) -> str:
    place = source.place(keys)
    return f" (line {place.line})" if place else ""


def _all_features(manifest: Manifest) -> Iterator[tuple[Feature, Keys]]:
    for name, feature in manifest.features.items():
        yield feature, () if name == "default" else ("feature", name)
    for name, environment in manifest.environments.items():
        if environment.inline:
            yield environment.inline, ("environments", name)


def _check_platforms(
    manifest: Manifest, feature: Feature, source: Source, keys: Keys
) -> None:
    declared = {platform.name for platform in manifest.platforms}
    declared |= {platform.subdir for platform in manifest.platforms}
    is_plain = all(platform.is_plain for platform in manifest.platforms)
    for number, name in enumerate(feature.platforms or ()):
        if name in declared or (is_plain and name in SUBDIRS):
            continue
        known = sorted(declared | SUBDIRS if is_plain else declared)
        close = nearest(name, known)
        reason = platform_name_fault(name) or (
            f"`{name}` is not one of the workspace's platforms"
        )
        hint = f'did you mean "{close}"?' if close else f"there are {sorted(declared)}"
        source.faults.append(
            source.error((*keys, "platforms", number), reason, hint=hint)
        )


def _check_requirements(
    manifest: Manifest, feature: Feature, source: Source, keys: Keys
) -> None:
    if not feature.system_requirements:
        return
    here = (*keys, "system-requirements")
    if not all(platform.is_plain for platform in manifest.platforms):
        reason = "with tables in `platforms`, these have to say it: remove this table"
        raise source.error(here, reason, at="key")
    for package in required_packages(feature.system_requirements):
        if not is_version(package.version):
            reason = f"`{package.version}` is no version"
            raise source.error(here, reason)


def _check_agreement(
    manifest: Manifest, environment: EnvironmentDefinition, source: Source
) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for feature in features_of(manifest, environment):
        table = feature.system_requirements
        given = [
            ("libc", package.name.removeprefix("__"))
            for package in required_packages(table)
            if package.name in _LIBCS
        ]
        if "archspec" in table:
            given.append(("archspec", str(table["archspec"])))
        for key, value in given:
            other, by = seen.setdefault(key, (value, feature.name))
            if other != value:
                reason = (
                    f"features `{by}` and `{feature.name}` ask for different "
                    f"{key}: {other}, {value}"
                )
                keys = ("environments", environment.name)
                raise source.error(keys, reason, at="key")


def _old_keys(manifest: Manifest, source: Source) -> Iterator[str]:
    for feature, keys in _all_features(manifest):
        tables = [(keys, feature.default)]
        tables += [((*keys, "target", text), each) for text, each in feature.targets]
        for above, target in tables:
            for name, task in target.tasks.items():
                if isinstance(task, dict) and "depends_on" in task:
                    where = _line(source, (*above, "tasks", name, "depends_on"))
                    yield f"`depends_on` is deprecated; its name is `depends-on`{where}"


def _check_options(
    manifest: Manifest, environment: EnvironmentDefinition, source: Source
) -> None:
    seen: dict[str, tuple[object, str]] = {}
    for feature in features_of(manifest, environment):
        for key in _SINGLE_OPTIONS & feature.pypi_options.keys():
            value = feature.pypi_options[key]
            other, by = seen.setdefault(key, (value, feature.name))
            if other != value:
                reason = (
                    f"features `{by}` and `{feature.name}` ask for different "
                    f"{key}: {other}, {value}"
                )
                keys = ("environments", environment.name)
                raise source.error(keys, reason, at="key")


def _idle_selectors(manifest: Manifest, source: Source) -> Iterator[str]:
    known = set(manifest.platforms)
    for environment in manifest.environments.values():
        known |= set(
            environment_platforms(
                manifest.platforms, features_of(manifest, environment)
            )
        )
    for feature, keys in _all_features(manifest):
        for text, _ in feature.targets:
            if not any(parse_selector(text).matches(each) for each in known):
                where = _line(source, (*keys, "target", text))
                yield f"target `{text}` matches no platform of the workspace{where}"


def _empty(manifest: Manifest) -> Iterator[str]:
    for name, environment in manifest.environments.items():
        features = features_of(manifest, environment)
        if manifest.platforms and not environment_platforms(
            manifest.platforms, features
        ):
            yield f"environment `{name}` has no platform that all its features have"
