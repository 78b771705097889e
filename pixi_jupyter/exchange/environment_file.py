"""Conda's environment.yml, read.

What of it counts, and what is refused: pixi 0.77.0, `import` and `init --import`
(read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.yaml import YamlError, parse_yaml
from pixi_jupyter.exchange.requirements import pypi_dependency
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEFAULTS = tuple(
    f"https://repo.anaconda.com/pkgs/{name}" for name in ("main", "r", "msys2")
)
"""What `defaults` stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file asks for, as a manifest would say it."""

    name: str = ""
    channels: tuple[str, ...] = ()
    dependencies: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    pypi: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    """What does not come along."""


def read_environment_file(text: str) -> Imported:
    """Read an environment.yml.

    Raises
    ------
    ValueError
        Why it is none, or what in it cannot be said in a manifest.
    InvalidSpecError
        If a dependency is no match spec.
    """
    try:
        data = parse_yaml(text)
    except YamlError as error:
        msg = f"it is no YAML: {str(error).splitlines()[0]}"
        raise ValueError(msg) from error
    if not isinstance(data, dict) or not isinstance(data.get("dependencies"), list):
        msg = "it has no list of dependencies"
        raise ValueError(msg)  # noqa: TRY004  it is the file that is wrong
    warnings: list[str] = []
    channels = _channels(data.get("channels") or [])
    dependencies: dict[str, Any] = {}
    pypi: dict[str, Any] = {}
    for each in data["dependencies"]:
        if isinstance(each, dict) and set(each) == {"pip"}:
            for line in each["pip"] or []:
                name, value = pypi_dependency(str(line), warnings)
                pypi[name] = value
        elif "sel(" in str(each):
            shown = next(iter(each)) if isinstance(each, dict) else each
            warnings.append(f"{shown} is for some platforms only, and left out")
        elif not isinstance(each, str):
            msg = f"{each} is no dependency"
            raise ValueError(msg)
        else:
            name, value = conda_dependency(each)
            dependencies[name] = value
            if isinstance(value, dict) and (channel := value.get("channel")):
                channels += [] if channel in channels else [channel]
    return Imported(
        name=str(data.get("name") or ""),
        channels=tuple(channels),
        dependencies=dependencies,
        pypi=pypi,
        variables=_variables(data.get("variables")),
        warnings=tuple(warnings),
    )


def conda_dependency(text: str) -> tuple[str, str | dict[str, str]]:
    """Give name and value of a match spec, as a manifest says it.

    Raises
    ------
    InvalidSpecError
    """
    from pixi_jupyter.adapters.rattler import match_spec

    spec = match_spec(text)
    package = spec.name.as_package_name()
    channel = text.rpartition("::")[0].strip()
    version = str(spec.version) if spec.version is not None else "*"
    more = {
        "build": str(spec.build) if spec.build is not None else "",
        "build-number": str(spec.build_number or ""),
        "channel": channel or (spec.channel.name if spec.channel else "") or "",
    }
    more = {key: value for key, value in more.items() if value}
    name = package.source if package else text
    return name, {"version": version, **more} if more else version


def _channels(names: Iterable[object]) -> list[str]:
    found: list[str] = []
    for name in map(str, names):
        if name != "nodefaults":
            found += _DEFAULTS if name == "defaults" else (name,)
    return list(dict.fromkeys(found))


def _variables(table: object) -> dict[str, str]:
    if not isinstance(table, Mapping):
        return {}
    return {str(key): "" if each is None else str(each) for key, each in table.items()}
