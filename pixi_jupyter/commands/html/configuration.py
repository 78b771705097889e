"""Settings and credentials, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet
from pixi_jupyter.commands.plain import configuration as plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

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


def config_list(result: ConfigListResult, command: str) -> str:
    """Give settings as TOML, and the files they are from."""
    text = plain.settings_text(result)
    if not text:
        hint = code(f"{command} config set default-channels '[…]'")
        return elements.box(elements.paragraph(f"{plain.NOTHING}; {hint}"))
    return elements.box(
        elements.preformatted(text),
        elements.footer([escape(path) for path in result.sources]),
    )


def config_change(result: ConfigChangeResult, command: str) -> str:
    """Say which file was changed."""
    del command
    return elements.box(elements.paragraph(elements.spans(plain.change_line(result))))


def config_edit(result: ConfigEditResult, command: str) -> str:
    """Say which file may be edited."""
    change = code(f"{command} config set KEY VALUE")
    return elements.box(
        elements.paragraph(f"The settings are in {bold(result.path)}; {change}")
    )


def import_file(result: ImportResult, command: str) -> str:
    """Say what came where, and what is next."""
    next_step = code(f"{command} install -e {result.environment}")
    return elements.box(
        elements.paragraph(elements.spans(plain.import_line(result))),
        elements.paragraph(next_step),
    )


def completion(result: CompletionResult, command: str) -> str:
    """Give a script, and say how a terminal comes by it."""
    del command
    use = code(f'eval "$(pixi-jupyter completion --shell {result.shell})"')
    words = f"Completes words in {escape(result.shell)}; a terminal asks itself: {use}"
    return elements.box(elements.paragraph(words), elements.preformatted(result.script))


def auth_login(result: AuthLoginResult, command: str) -> str:
    """Say where the secret is, and that it does not belong into a notebook."""
    del command
    host = bold(result.host.removeprefix("*."))
    return elements.box(
        elements.paragraph(
            f"{elements.tick()}Stored for {host}: {escape(result.kind)},"
            f" in {escape(result.place)}"
        ),
        elements.note("the secret still stands in this cell; take it out"),
    )


def auth_logout(result: AuthLogoutResult, command: str) -> str:
    """Say what is gone."""
    del command
    return elements.box(elements.paragraph(elements.spans(plain.logout_line(result))))


def auth_status(result: AuthStatusResult, command: str) -> str:
    """List hosts."""
    if not result.entries:
        hint = code(f"{command} auth login HOST --token TOKEN")
        return elements.box(
            elements.paragraph(f"No credentials are stored in a file; {hint}")
        )
    head = ["Host", "Kind", "User", *(["Stored in"] if result.details else [])]
    rows = [
        [bold(host), *(quiet(escape(each)) for each in rest)]
        for host, *rest in plain.status_rows(result)
    ]
    return elements.box(elements.table(head, rows))


def auth_token(result: AuthTokenResult, command: str) -> str:
    """Give a token, for that was asked for."""
    del command
    return elements.box(elements.paragraph(code(result.token)))


RENDERERS: dict[str, Callable[[Any, str], str]] = {
    "auth_login": auth_login,
    "auth_logout": auth_logout,
    "auth_status": auth_status,
    "auth_token": auth_token,
    "completion": completion,
    "config_change": config_change,
    "config_edit": config_edit,
    "config_list": config_list,
    "import_file": import_file,
}
