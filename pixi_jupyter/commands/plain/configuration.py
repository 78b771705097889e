"""Settings and credentials, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.text import Line, Rendered, Span, count, line, table
from pixi_jupyter.redaction import redacted

if TYPE_CHECKING:
    from pixi_jupyter.verbs.auth import (
        AuthLoginResult,
        AuthLogoutResult,
        AuthStatusResult,
        AuthTokenResult,
    )
    from pixi_jupyter.verbs.completion import CompletionResult
    from pixi_jupyter.verbs.config_change import ConfigChangeResult
    from pixi_jupyter.verbs.config_edit import ConfigEditResult
    from pixi_jupyter.verbs.config_list import ConfigListResult
    from pixi_jupyter.verbs.import_file import ImportResult

NOTHING = "Nothing is set"


def settings_text(result: ConfigListResult) -> str:
    """Give settings as a file would say them, without the secrets of their URLs."""
    if not result.settings:
        return ""
    from pixi_jupyter.adapters.toml import tomlkit

    return redacted(tomlkit.dumps(result.settings).rstrip("\n"))


def config_list(result: ConfigListResult) -> Rendered:
    """Show settings as TOML."""
    text = settings_text(result)
    if not text:
        return Rendered(stderr=(line(NOTHING),))
    return Rendered(stdout=tuple(line(each) for each in text.split("\n")))


def change_line(result: ConfigChangeResult) -> Line:
    """Say which file was changed."""
    if not result.changed:
        state = "is not set" if result.value is None else "is set so already"
        return line(Span(result.key, "bold"), f" {state} in {result.path}")
    return line(Span("✔ ", "green"), f"Updated config at {result.path}")


def config_change(result: ConfigChangeResult) -> Rendered:
    """Show what became of a file."""
    return Rendered(stderr=(change_line(result),))


def config_edit(result: ConfigEditResult) -> Rendered:
    """Show which file may be edited."""
    return Rendered(
        stderr=(line("The settings are in ", Span(str(result.path), "bold")),)
    )


def import_line(result: ImportResult) -> Line:
    """Say what came where."""
    size = len(result.dependencies) + len(result.pypi)
    place = f"feature {result.feature} of " if result.feature else ""
    return line(
        Span("✔ ", "green"),
        f"Imported {count(size, 'package')} of {result.file} to {place}environment ",
        Span(result.environment, "bold"),
        f" in {result.manifest}",
    )


def import_file(result: ImportResult) -> Rendered:
    """Show what came where."""
    return Rendered(
        stderr=(import_line(result),),
        hint=f"{{command}} install -e {result.environment}",
    )


def completion(result: CompletionResult) -> Rendered:
    """Print a script, and nothing else."""
    return Rendered(stdout=tuple(map(line, result.script.splitlines())))


def auth_login(result: AuthLoginResult) -> Rendered:
    """Say where the secret is now."""
    host = Span(result.host.removeprefix("*."), "bold")
    where = f": {result.kind}, in {result.place}"
    return Rendered(stderr=(line(Span("✔ ", "green"), "Stored for ", host, where),))


def logout_line(result: AuthLogoutResult) -> Line:
    """Say what is gone."""
    if not result.removed:
        return line(f"Nothing is stored for {result.host or 'any host'}")
    hosts = dict.fromkeys(host.removeprefix("*.") for host, _ in result.removed)
    return line(Span("✔ ", "green"), "Removed what was stored for ", ", ".join(hosts))


def auth_logout(result: AuthLogoutResult) -> Rendered:
    """Show what is gone."""
    return Rendered(stderr=(logout_line(result),))


def status_rows(result: AuthStatusResult) -> list[list[str]]:
    """Give a row for each entry."""
    return [
        [each.host, each.kind, each.user, *([each.place] if result.details else [])]
        for each in result.entries
    ]


def auth_status(result: AuthStatusResult) -> Rendered:
    """List hosts, on stdout as pixi does."""
    if not result.entries:
        return Rendered(
            stdout=(line("No credentials are stored in a file"),),
            hint="{command} auth login HOST --token TOKEN",
        )
    head = ["Host", "Kind", "User", *(["Stored in"] if result.details else [])]
    return Rendered(stdout=tuple(table([head, *status_rows(result)], header=True)))


def auth_token(result: AuthTokenResult) -> Rendered:
    """Print a token, and nothing else."""
    return Rendered(stdout=(line(result.token),))
