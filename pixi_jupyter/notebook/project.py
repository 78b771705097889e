"""The tables of a pyproject.toml or of a script, as a pixi.toml has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.manifest.models import ProjectRequirements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.manifest.models import Feature, Manifest


def as_tables(
    tables: Mapping[str, Any], manifest: Manifest, notes: list[str]
) -> dict[str, Any]:
    """Lay what `[project]` asks for into pixi's own tables.

    Parameters
    ----------
    tables
        Of ``[tool.pixi]``.
    manifest
        What the whole file says.
    notes
        Where sentences are put about what a pixi.toml cannot say.
    """
    found = dict(tables)
    features = dict(found.get("feature", {}))
    for name, feature in manifest.features.items():
        if name == "default":
            found |= _with_requirements(found, feature, notes)
        elif (mine := _with_requirements(features.get(name, {}), feature, notes)) != {}:
            features[name] = mine
    if features:
        found["feature"] = features
    return found


def _with_requirements(
    table: Mapping[str, Any], feature: Feature, notes: list[str]
) -> dict[str, Any]:
    found = dict(table)
    conda = dict(found.get("dependencies", {}))
    for name, spec in feature.default.dependencies.items():
        if spec.keys[:1] == ("project",) and name not in conda:
            conda[name] = spec.version or "*"
    pypi = dict(found.get("pypi-dependencies", {}))
    for name, asked in feature.default.pypi_dependencies.items():
        if isinstance(asked, ProjectRequirements):
            pypi[name] = _joined(name, asked, notes)
    if conda:
        found["dependencies"] = conda
    if pypi:
        found["pypi-dependencies"] = pypi
    return found


def _joined(name: str, asked: ProjectRequirements, notes: list[str]) -> Any:  # noqa: ANN401  any TOML value
    """Make one value of all that is asked of a package."""
    values: list[Any] = [_value(text, notes) for text in asked.texts]
    if asked.table is not None:
        values.append(asked.table)
    tables = [v if isinstance(v, dict) else {"version": str(v)} for v in values]
    versions = [t["version"] for t in tables if t.get("version", "*") != "*"]
    extras = sorted({extra for table in tables for extra in table.get("extras", ())})
    whole: dict[str, Any] = {}
    for table in tables:
        whole |= {k: v for k, v in table.items() if k not in ("version", "extras")}
    if not whole or versions:
        whole["version"] = ",".join(dict.fromkeys(versions)) or "*"
    if extras:
        whole["extras"] = extras
    if whole.keys() & {"path", "git", "url"} and versions:
        notes.append(f"{name}: {whole.pop('version')} is left out beside its source")
    return whole["version"] if whole.keys() == {"version"} else whole


def _value(text: str, notes: list[str]) -> Any:  # noqa: ANN401  any TOML value
    """Give a requirement, which was read before, as a manifest says it."""
    from packaging.requirements import Requirement

    requirement = Requirement(text)
    if requirement.marker:
        # a manifest has no place for it
        notes.append(f"{text} is carried without its condition")
    value: dict[str, Any] = {"version": str(requirement.specifier) or "*"}
    if requirement.url:
        url = requirement.url
        value = {"url": url}
        if url.startswith("git+"):
            before, at, rev = url.removeprefix("git+").rpartition("@")
            # an @ before the host is a user's
            is_rev = bool(at) and "/" in before.partition("://")[2]
            value = {"git": before, "rev": rev} if is_rev else {"git": url[4:]}
        elif url.startswith("file:"):
            value = {"path": url}
    if requirement.extras:
        value["extras"] = sorted(requirement.extras)
    return value if value.keys() - {"version"} else value["version"]
