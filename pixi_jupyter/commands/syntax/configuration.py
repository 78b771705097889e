"""Commands about settings and credentials."""

from __future__ import annotations

import sys
from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.group(cls=options.Group)
def config() -> None:
    """Show and change settings, which are pixi's."""


def _scope(function: options.Decorated) -> options.Decorated:
    function = options.manifest(function)
    for option in (
        click.option("-s", "--system", is_flag=True, help="This computer's file."),
        click.option(
            "-g", "--global", "global_", is_flag=True, help="This person's file."
        ),
        click.option("-l", "--local", is_flag=True, help="This workspace's file."),
    ):
        function = option(function)
    return function


def _invocation(verb: str, values: dict[str, Any]) -> options.Invocation:
    flags = {"local": "local", "global_": "global", "system": "system"}
    chosen = [scope for flag, scope in flags.items() if values.pop(flag)]
    if len(chosen) > 1:
        msg = f"--{' and --'.join(chosen)} exclude each other"
        raise click.UsageError(msg)
    scope = chosen[0] if chosen else None
    return options.invocation(verb, {**values, "scope": scope})


@config.command("list")
@click.argument("key", required=False)
@_scope
@options.as_json
@options.output
def config_list(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List what is set, from all files that count here.

    KEY is one setting, such as default-channels, or a table of them.
    """
    return _invocation("config_list", values)


@config.command("set")
@click.argument("key")
@click.argument("value", required=False)
@_scope
@options.as_json
@options.output
def config_set(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Set one setting; without VALUE it is unset.

    Lists and tables are written as JSON: '["conda-forge"]'.
    """
    return _invocation("config_change", {**values, "action": "set"})


@config.command("unset")
@click.argument("key")
@_scope
@options.as_json
@options.output
def config_unset(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take one setting out of a file."""
    return _invocation("config_change", {**values, "action": "unset"})


@config.command("append")
@click.argument("key")
@click.argument("value")
@_scope
@options.as_json
@options.output
def config_append(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add a value at the end of a list."""
    return _invocation("config_change", {**values, "action": "append"})


@config.command("prepend")
@click.argument("key")
@click.argument("value")
@_scope
@options.as_json
@options.output
def config_prepend(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add a value at the beginning of a list."""
    return _invocation("config_change", {**values, "action": "prepend"})


@config.command("edit")
@click.argument("editor", required=False)
@_scope
@options.output
def config_edit(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Edit a file in EDITOR, $EDITOR, or nano."""
    return _invocation("config_edit", values)


@click.group(cls=options.Group)
def auth() -> None:
    """Store and remove credentials for channels."""


@auth.command("login")
@click.argument("host")
@click.option("--token", metavar="TOKEN", help="A token that is sent as a bearer.")
@click.option("--conda-token", metavar="TOKEN", help="A token within the URL.")
@click.option("--username", metavar="NAME", help="A name, with --password.")
@click.option("--password", metavar="TEXT", help="Asked for if not given.")
@click.option("--s3-access-key-id", metavar="ID", help="For s3:// channels.")
@click.option("--s3-secret-access-key", metavar="KEY", help="For s3:// channels.")
@click.option("--s3-session-token", metavar="TOKEN", help="For s3:// channels.")
@click.option("--oauth", is_flag=True, help="Through a browser (not yet).")
@options.manifest
@options.as_json
@options.output
def auth_login(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Store credentials for a host.

    HOST is a name, a URL, or s3://BUCKET.
    """
    is_asked = sys.stdin is not None and sys.stdin.isatty()
    if values["username"] and not values["password"] and is_asked:
        values["password"] = click.prompt("Password", hide_input=True, err=True)
    return options.invocation("auth_login", values)


@auth.command("logout")
@click.argument("host", required=False)
@click.option("--all", is_flag=True, help="Of all hosts.")
@options.manifest
@options.as_json
@options.output
def auth_logout(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Remove the credentials of a host from every store."""
    return options.invocation("auth_logout", values)


@auth.command("status")
@click.option("--details", is_flag=True, help="Say where they are stored.")
@options.manifest
@options.as_json
@options.output
def auth_status(**values: Any) -> options.Invocation:  # noqa: ANN401
    """List the hosts with credentials, without the secrets."""
    return options.invocation("auth_status", values)


@auth.command("token")
@click.argument("host")
@options.manifest
@options.as_json
@options.output
def auth_token(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Print the token that is stored for HOST."""
    return options.invocation("auth_token", values)


@click.command()
@click.option("-s", "--shell", metavar="SHELL", help="bash, zsh, fish, …")
@options.as_json
@options.output
def completion(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Print the script that completes commands in a shell.

    Use it with: eval "$(pixi-jupyter completion --shell bash)"
    """
    return options.invocation("completion", values)
