"""The options that stand over the configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

PINNING = ("semver", "no-pin", "exact-version", "major", "minor", "latest-up")
"""What may be written for a package that is added without a version."""

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

SETTINGS = {
    "no_config": ("no-config",),
    "config_file": ("config-file",),
    "auth_file": ("authentication-override-file",),
    "concurrent_downloads": ("concurrency", "downloads"),
    "concurrent_solves": ("concurrency", "solves"),
    "pinning_strategy": ("pinning-strategy",),
    "tls_no_verify": ("tls-no-verify",),
    "tls_root_certs": ("tls-root-certs",),
}
"""Parameters that stand over the configuration, and the key of each."""


def settings_said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the options about the configuration in its own form."""
    found: dict[str, Any] = {}
    for name, keys in SETTINGS.items():
        if not values.get(name):
            continue
        table = found
        for key in keys[:-1]:
            table = table.setdefault(key, {})
        table[keys[-1]] = values[name]
    return found


def settings(function: Decorated) -> Decorated:
    """Add the options that stand over the configuration."""
    for option in (
        click.option(
            "--no-config", is_flag=True, help="Only the workspace's settings."
        ),
        click.option(
            "--config-file",
            type=click.Path(path_type=Path),
            help="The only settings besides the workspace's.",
        ),
        click.option(
            "--auth-file",
            type=click.Path(path_type=Path),
            help="Where the credentials are.",
        ),
        click.option(
            "--concurrent-downloads",
            type=click.IntRange(min=1),
            metavar="N",
            help="At most so many downloads at once.",
        ),
        click.option(
            "--concurrent-solves",
            type=click.IntRange(min=1),
            metavar="N",
            help="At most so many solves at once.",
        ),
        click.option(
            "--pinning-strategy",
            type=click.Choice(PINNING),
            help="What is written for a package without a version.",
        ),
        click.option("--tls-no-verify", is_flag=True, help="Trust any server."),
        click.option(
            "--tls-root-certs",
            type=click.Choice(["webpki", "system"]),
            help="Whose certificates are trusted.",
        ),
    ):
        function = option(function)
    return function
