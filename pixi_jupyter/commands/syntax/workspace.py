"""Commands about a workspace's own manifest; each family is read when it is called."""

from __future__ import annotations

import click

from pixi_jupyter.commands.syntax import options


@click.group(
    cls=options.Group,
    commands=options.Lazy(
        {
            "channel": "workspace_channels:channel",
            "platform": "workspace_platforms:platform",
            "environment": "workspace_environments:environment",
            "feature": "workspace_environments:feature",
            "activation": "workspace_activation:activation",
            "name": "workspace_settings:name",
            "version": "workspace_settings:version",
            "description": "workspace_settings:description",
            "requires-pixi": "workspace_settings:requires_pixi",
            "preview": "workspace_settings:preview",
            "register": "workspace_register:register",
            "export": "workspace_export:export",
        }
    ),
)
def workspace() -> None:
    """Change channels, platforms, environments and so on."""
