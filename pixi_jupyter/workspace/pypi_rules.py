"""How the check of a lock reads what a manifest asks of PyPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.lock.pypi_asked import PypiRules

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from packaging.tags import Tag

    from pixi_jupyter.lock.pypi_asked import Options, Wanted
    from pixi_jupyter.manifest.merge import Merged
    from pixi_jupyter.names import ChannelNames
    from pixi_jupyter.platforms import Platform


def pypi_rules(
    names: Mapping[str, ChannelNames] | None = None, *, default_index: str = ""
) -> PypiRules:
    """Give what the check needs to know.

    Parameters
    ----------
    names
        What the workspace says of conda packages that are projects of PyPI.
    default_index
        Where nothing names an index; empty where it is not known.
    """
    # nothing of it is loaded before there is a requirement
    return PypiRules(
        requirements=_requirements,
        parse=_parse,
        options=_options,
        markers=_markers,
        tags=_tags,
        names=names or {},
        default_index=default_index,
    )


def _requirements(merged: Merged, platform: Platform) -> Sequence[Wanted]:
    from pixi_jupyter.solve.pypi_requirements import read_requirements

    return read_requirements(merged, platform)


def _parse(name: str, value: object) -> Sequence[Wanted]:
    from pixi_jupyter.solve.pypi_requirements import parse_requirement

    return parse_requirement(name, value)


def _options(merged: Merged) -> Options:
    from pixi_jupyter.solve.pypi_options import merged_options

    return merged_options(merged)


def _markers(platform: Platform, python: str) -> Mapping[str, str]:
    from pixi_jupyter.solve.wheels import marker_environment

    return marker_environment(platform, python)


def _tags(platform: Platform, python: str) -> Container[Tag]:
    from pixi_jupyter.solve.wheels import tag_ranks

    return tag_ranks(platform, python)
