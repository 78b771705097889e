"""Commands that remove what can be made again."""

from __future__ import annotations

import sys
from typing import Any

import click

from pixi_jupyter.commands.syntax import options

_CACHES = {
    "conda": "Only packages of channels.",
    "pypi": "Only packages of PyPI.",
    "repodata": "Only what channels say they have.",
    "mapping": "Only names of conda packages on PyPI.",
    "exec": "Only environments of pixi exec.",
    "notices": "Only notices of channels.",
    "build-backends": "Only environments of build backends.",
    "build": "Only what source builds left.",
}


@click.group(cls=options.Group, invoke_without_command=True)
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only this environment (may be repeated).",
)
@click.option("--activation-cache", is_flag=True, help="Only what activation stored.")
@click.option("--build", is_flag=True, help="Only what source builds left.")
@click.option(
    "--workspaces-registry",
    is_flag=True,
    help="Only names of workspaces that are gone.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Remove nothing.")
@options.workspace
@options.as_json
@options.output
def clean(**values: Any) -> options.Invocation | None:  # noqa: ANN401
    """Remove environments and all that can be made again.

    Manifest, lock and configuration stay.
    """
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        return options.invocation("clean", values)
    only = ("environments", "activation_cache", "build", "workspaces_registry")
    if any(values[name] for name in only):
        msg = "clean cache has nothing to do with an environment"
        raise click.UsageError(msg, context)
    return None


def _caches(function: options.Decorated) -> options.Decorated:
    for name, text in reversed(_CACHES.items()):
        function = click.option(f"--{name}", is_flag=True, help=text)(function)
    return function


def _said_before() -> dict[str, Any]:
    """Give what stood before the word cache: a dry run is one wherever it is said."""
    before = click.get_current_context().parent
    given = before.params if before else {}
    return {key: given[key] for key in ("dry_run", "manifest") if given.get(key)}


@clean.command("cache")
@_caches
@click.option("-y", "--yes", is_flag=True, help="Agree that all caches go.")
@click.option("-n", "--dry-run", is_flag=True, help="Remove nothing.")
@click.option("--assume-yes", "yes", is_flag=True, hidden=True)
@options.as_json
@options.output
def clean_cache(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Remove what was downloaded, for all workspaces of this computer."""
    values |= _said_before()
    named = any(values[name.replace("-", "_")] for name in _CACHES)
    agreed = named or values["yes"] or values["dry_run"]
    if not agreed and not values["json"] and sys.stdin and sys.stdin.isatty():
        from pixi_jupyter.verbs.clean_cache import cache_folder

        question = f"Remove the whole cache in {cache_folder()}?"
        values["yes"] = click.confirm(question, abort=True, err=True)
    return options.invocation("clean_cache", values)
