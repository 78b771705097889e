"""What has to be known to activate a prefix, without reading the manifest again.

A plan is made when an environment is installed and is kept in its stamp file,
so that a kernel can start by it alone.
"""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationPlan:
    """One environment of one workspace, as far as its activation goes."""

    prefix: Path
    """The installed directory."""
    root: Path
    """The workspace's folder; scripts run there."""
    manifest: Path
    """The workspace's manifest."""
    name: str
    """The workspace's name."""
    version: str | None = None
    """The workspace's version."""
    environment: str = "default"
    """The environment's name."""
    platforms: tuple[str, ...] = ()
    """Names of the platforms that the environment is made for."""
    scripts: tuple[str, ...] = ()
    """Of the manifest, relative to `root`, in order."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables of the manifest; the shell expands those that hold a ``$``."""

    @property
    def title(self) -> str:
        """What a prompt shows: the workspace, and the environment if not default."""
        if self.environment == "default":
            return self.name
        return f"{self.name}:{self.environment}"

    def to_wire(self) -> dict[str, object]:
        """Give the JSON form."""
        return {
            "prefix": str(self.prefix),
            "root": str(self.root),
            "manifest": str(self.manifest),
            "name": self.name,
            "version": self.version,
            "environment": self.environment,
            "platforms": list(self.platforms),
            "scripts": list(self.scripts),
            "env": dict(self.env),
        }

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> ActivationPlan:
        """Make a plan from its JSON form.

        Raises
        ------
        KeyError, TypeError
            If `data` is not what `to_wire` gives.
        """
        return cls(
            prefix=Path(data["prefix"]),
            root=Path(data["root"]),
            manifest=Path(data["manifest"]),
            name=data["name"],
            version=data["version"],
            environment=data["environment"],
            platforms=tuple(data["platforms"]),
            scripts=tuple(data["scripts"]),
            env=dict(data["env"]),
        )
