"""Texts that `init` writes.

Form and order of keys: pixi 0.77.0, init (read 2026-11).
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from pixi_jupyter.manifest.edits import format_value
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GITIGNORE = """\
# pixi environments
.pixi/*
!.pixi/config.toml
"""
_GITATTRIBUTES = """\
# a lock file is made by a program; it is not merged or compared line by line
"""
_GITHUB = """\
pixi.lock merge=binary linguist-language=YAML linguist-generated=true -diff
"""
_GITLAB = """\
pixi.lock merge=binary gitlab-language=yaml gitlab-generated=true -diff
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a new manifest says besides channels and platforms."""

    author: tuple[str, str] | None = None
    """Name, and mail or nothing."""
    conda_pypi_map: Mapping[str, str] | Literal[False] | None = None
    """Place of the names by channel; False for no mapping at all."""
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    s3_options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """By bucket."""

    def sections(self, prefix: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Write the tables about indexes and buckets."""
        options: dict[str, object] = {}
        if self.index_url:
            options["index-url"] = self.index_url
        if self.extra_index_urls:
            options["extra-index-urls"] = list(self.extra_index_urls)
        found = [section((*prefix, "pypi-options"), options)] if options else []
        found += [
            section((*prefix, "workspace", "s3-options", bucket), said)
            for bucket, said in self.s3_options.items()
        ]
        return tuple(found)


NOTHING_MORE = Extras()


def new_manifest(
    name: str,
    channels: Iterable[str],
    platforms: Iterable[str],
    *,
    extras: Extras = NOTHING_MORE,
    version: str = "0.1.0",
) -> str:
    """Write a pixi.toml.

    Parameters
    ----------
    name
        Of the workspace.
    channels, platforms
        In order of priority.
    extras
        What else there is to say.
    version
        Of the workspace.

    Examples
    --------
    >>> print(new_manifest("tides", ["conda-forge"], ["linux-64"]))
    [workspace]
    channels = ["conda-forge"]
    name = "tides"
    platforms = ["linux-64"]
    version = "0.1.0"
    <BLANKLINE>
    [tasks]
    <BLANKLINE>
    [dependencies]
    <BLANKLINE>
    """
    workspace: dict[str, object] = {}
    if extras.author:
        person, mail = extras.author
        workspace["authors"] = [f"{person} <{mail}>" if mail else person]
    workspace |= {"channels": list(channels), "name": name}
    workspace |= {"platforms": list(platforms), "version": version}
    if extras.conda_pypi_map is not None:
        workspace["conda-pypi-map"] = extras.conda_pypi_map
    return "\n".join(
        (
            section(("workspace",), workspace),
            *extras.sections(),
            section(("tasks",), {}),
            section(("dependencies",), {}),
        )
    )


def section(keys: tuple[str, ...], values: Mapping[str, object]) -> str:
    """Write a table with its header."""
    lines = [f"{dotted((key,))} = {format_value(each)}" for key, each in values.items()]
    return "\n".join((f"[{dotted(keys)}]", *lines, ""))


def extend_gitignore(text: str) -> str:
    """Add what git should not keep, unless it is there."""
    return text if _has_line(text, ".pixi/*", ".pixi") else joined(text, _GITIGNORE)


def extend_gitattributes(text: str, scm: str = "github") -> str:
    """Add how git treats the lock file, unless it is there.

    Parameters
    ----------
    scm
        The server that shows it: github, codeberg or gitlab.
    """
    has = any(line.startswith("pixi.lock") for line in text.splitlines())
    more = _GITLAB if scm == "gitlab" else _GITHUB
    return text if has else joined(text, _GITATTRIBUTES + more)


def _has_line(text: str, *lines: str) -> bool:
    return any(line.strip().rstrip("/") in lines for line in text.splitlines())


def joined(text: str, more: str, newline: str = "\n") -> str:
    """Put a text behind another, with an empty line between them."""
    if not text.strip():
        return more
    return text.rstrip("\r\n") + 2 * newline + more
