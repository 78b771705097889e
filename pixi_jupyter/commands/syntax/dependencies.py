"""Commands that change which packages a workspace asks for."""

from __future__ import annotations

from typing import Any

import click

from pixi_jupyter.commands.syntax import options


@click.command()
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--editable", is_flag=True, help="By reference to a folder; --pypi.")
@click.option("--index", metavar="URL", help="The index that has it; --pypi.")
@click.option("-g", "--git", metavar="URL", help="The repository that it is in.")
@click.option("--branch", metavar="NAME", help="Of the repository.")
@click.option("--tag", metavar="NAME", help="Of the repository.")
@click.option("--rev", metavar="REVISION", help="Of the repository.")
@click.option("--subdirectory", metavar="PATH", help="Of the repository.")
@options.script
@options.table
@options.locking
@options.as_json
@options.output
def add(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Add packages to the workspace.

    SPEC is a name or a match spec: numpy, 'numpy >=2', conda-forge::numpy. A name
    alone is pinned to what was solved. With --pypi it is a requirement: 'httpx[http2]',
    'mine @ ./mine'.
    """
    return options.invocation("add", values)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@options.script
@options.table
@options.locking
@options.as_json
@options.output
def remove(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Remove packages from the workspace."""
    return options.invocation("remove", values)


@click.command()
@click.argument("packages", nargs=-1, metavar="[PACKAGE]...")
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only in this environment (may be repeated).",
)
@click.option(
    "-p",
    "--platform",
    "platforms",
    multiple=True,
    metavar="PLATFORM",
    help="Only for this platform (may be repeated).",
)
@click.option("-n", "--dry-run", is_flag=True, help="Write nothing.")
@click.option("--no-install", is_flag=True, help="Install nothing; it never does.")
@options.script
@options.workspace
@options.as_json
@options.output
def update(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Take newer versions into pixi.lock.

    They stay within what the manifest allows. Without a PACKAGE, all that is locked
    may move. Nothing is installed.
    """
    return options.invocation("update", values)


@click.command()
@click.argument("packages", nargs=-1, metavar="[PACKAGE]...")
@click.option(
    "--exclude",
    multiple=True,
    metavar="NAME",
    help="Leave this one as it is (may be repeated).",
)
@click.option(
    "-e", "--environment", metavar="NAME", help="Only what is inside this environment."
)
@click.option("-f", "--feature", metavar="NAME", help="Only this feature.")
@click.option("-n", "--dry-run", is_flag=True, help="Write and install nothing.")
@click.option("--no-install", is_flag=True, help="Lock, do not install.")
@options.locking
@options.as_json
@options.output
def upgrade(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Raise the versions that the manifest asks for.

    They become the newest that fit together. Without a PACKAGE, all dependencies of
    all features are raised.
    """
    return options.invocation("upgrade", values)


@click.command()
@click.argument("package")
@click.option(
    "-c",
    "--channel",
    "channels",
    multiple=True,
    metavar="CHANNEL",
    help="Look here (may be repeated).",
)
@click.option("-p", "--platform", metavar="SUBDIR", help="Another platform's packages.")
@click.option(
    "-l",
    "--limit",
    type=int,
    metavar="N",
    help="Versions of a package that are shown; -1: all.  [default: 5]",
)
@click.option(
    "-n",
    "--limit-packages",
    type=int,
    metavar="N",
    help="Packages that are shown; -1: all.  [default: 5]",
)
@options.workspace
@options.as_json
@options.output
def search(**values: Any) -> options.Invocation:  # noqa: ANN401
    """Look for a package in the channels.

    PACKAGE is a name, a part of one, a glob or a match spec: numpy, '*numpy*',
    'numpy >=2'. One package is described, several are listed.
    """
    return options.invocation("search", values)
