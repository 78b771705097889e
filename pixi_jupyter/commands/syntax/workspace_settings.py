"""The commands about name, version, description, requires-pixi and preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pixi_jupyter.commands.syntax import options

if TYPE_CHECKING:
    from collections.abc import Callable

_PREVIEWS = click.Choice(["pixi-build"])


def _getter(key: str) -> click.Command:
    @click.command("get", help=f"Show the workspace's {key}.")
    @options.manifest
    @options.as_json
    @options.output
    def get(**values: Any) -> options.Invocation:  # noqa: ANN401
        return options.invocation("workspace_get", {"key": key, **values})

    return get


def _setter(key: str) -> click.Command:
    @click.command("set", help=f"Set the workspace's {key}.")
    @click.argument("value", metavar=key.upper().removeprefix("REQUIRES-"))
    @options.manifest
    @options.as_json
    @options.output
    def set_value(**values: Any) -> options.Invocation:  # noqa: ANN401
        return options.invocation("workspace_set", {"key": key, **values})

    return set_value


def _bumper(part: str) -> click.Command:
    @click.command(part, help=f"Raise the {part} part of the version.")
    @options.manifest
    @options.as_json
    @options.output
    def bump(**values: Any) -> options.Invocation:  # noqa: ANN401
        return options.invocation("workspace_version_bump", {"part": part, **values})

    return bump


def _family(key: str, text: str) -> click.Group:
    return options.Group(
        key, help=text, commands={"get": _getter(key), "set": _setter(key)}
    )


name = _family("name", "Show or set the workspace's name.")
version = _family("version", "Show, set or raise the workspace's version.")
for _part in ("major", "minor", "patch"):
    version.add_command(_bumper(_part))
description = _family("description", "Show or set what the workspace is for.")
requires_pixi = _family("requires-pixi", "Show or set the pixi that is needed.")


@requires_pixi.command("unset")
@options.manifest
@options.as_json
@options.output
def requires_pixi_unset(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Let any pixi do."""
    return options.invocation("workspace_unset", {"key": "requires-pixi", **values})


@requires_pixi.command("verify")
@options.manifest
@options.as_json
@options.output
def requires_pixi_verify(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Fail with exit code 4 where another pixi is needed."""
    return options.invocation("workspace_requires_pixi_verify", values)


@click.group(cls=options.Group)
def preview() -> None:
    """Turn preview features of pixi on and off."""


def _flags(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("names", nargs=-1, required=True, type=_PREVIEWS)(function)


@preview.command("add")
@_flags
@options.manifest
@options.as_json
@options.output
def preview_add(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Turn flags on."""
    return options.invocation("workspace_preview_add", values)


@preview.command("list")
@options.manifest
@options.as_json
@options.output
def preview_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the flags that are on."""
    return options.invocation("workspace_preview_list", values)


@preview.command("remove")
@_flags
@click.option("--force", is_flag=True, help="Also where the manifest needs them.")
@options.manifest
@options.as_json
@options.output
def preview_remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Turn flags off."""
    return options.invocation("workspace_preview_remove", values)
