"""Commands about notebooks that carry their environment, each read when called."""

from __future__ import annotations

import click

from pixi_jupyter.commands.syntax import options


@click.group(
    cls=options.Group,
    commands=options.Lazy(
        {
            "embed": "notebook_carrying:embed",
            "extract": "notebook_carrying:extract",
            "install": "notebook_carrying:install",
            "scan": "notebook_scan:scan",
            "trust": "notebook_trust:trust",
            "untrust": "notebook_trust:untrust",
            "verify": "notebook_verify:verify",
        }
    ),
)
def notebook() -> None:
    """Share notebooks together with their environments."""
