"""The workspace that a verb works on: where its files are and what they say."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.config import Settings, read_settings
from pixi_jupyter.manifest.compose import Composition, compose
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.text import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.adapters.rattler import Session
    from pixi_jupyter.manifest.models import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """An open workspace; immutable, so an edit makes a new one."""

    text: str
    """The manifest's text, as it was when the workspace was opened."""
    manifest: Manifest
    composition: Composition
    settings: Settings
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self.manifest.root

    @property
    def lock_path(self) -> Path:
        """Where the lock file is, or will be."""
        return self.root / "pixi.lock"

    @property
    def pixi_dir(self) -> Path:
        """Where everything is kept that can be made again."""
        return self.root / ".pixi"

    def prefix(self, environment: str) -> Path:
        """Where `environment` is installed, whether it is there or not."""
        return self.pixi_dir / "envs" / environment

    def shown(self, path: Path) -> str:
        """Give `path` as a person in this workspace would write it."""
        try:
            return str(path.relative_to(self.root))
        except ValueError:
            return str(path)

    def channel_url(self, name: str) -> str:
        """Give the URL of a channel as the manifest names it."""
        from pixi_jupyter.adapters.rattler import channel_urls

        return channel_urls([name], root=self.root)[0]

    def session(self) -> Session:
        """Make a session that sees the channels as they are now."""
        from pixi_jupyter.adapters.rattler import Session

        return Session(
            cache_dir=self.settings.cache_dir,
            offline=self.settings.offline,
            concurrent_requests=self.settings.concurrent_downloads,
        )

    def edited(self, text: str) -> Workspace:
        """Give the workspace as it would be with another manifest text.

        Raises
        ------
        ManifestParseError
            If the text breaks a rule.
        """
        manifest = parse_manifest(text, self.manifest.path)
        return Workspace(
            text=text,
            manifest=manifest,
            composition=compose(manifest),
            settings=self.settings,
            environ=self.environ,
        )


def open_workspace(
    manifest_path: Path | None = None,
    *,
    offline: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> Workspace:
    """Find and read the workspace of a folder.

    Parameters
    ----------
    manifest_path
        The manifest or its folder; None looks in the current folder and above.
    offline
        No network for anything that this workspace does.
    environ
        Environment variables.

    Raises
    ------
    ManifestNotFoundError, ManifestParseError, RequiresPixiError
    """
    path = find_manifest(Path.cwd(), manifest_path, environ)
    text = read_text(path)
    manifest = parse_manifest(text, path)
    return Workspace(
        text=text,
        manifest=manifest,
        composition=compose(manifest),
        settings=read_settings(path.parent, offline=offline, environ=environ),
        environ=environ,
    )
