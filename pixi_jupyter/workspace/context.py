"""The workspace that a verb works on: where its files are and what they say."""

from __future__ import annotations

import os
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.config import Settings, read_settings
from pixi_jupyter.errors import LockNotFoundError, PrefixPlaceError
from pixi_jupyter.manifest.compose import Composition, compose
from pixi_jupyter.manifest.discovery import find_manifest, passed_over
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.script_place import home_of, is_script, lock_beside, lock_of
from pixi_jupyter.manifest.text import read_text
from pixi_jupyter.manifest.workspace_tables import check_files
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    elsewhere: Path | None = None
    """Of a script: the folder that stands in for its root where things are kept."""
    locks_beside: bool = False
    """Whether a script's lock goes beside it, also where it has none there yet."""

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self.manifest.root

    @property
    def home(self) -> Path:
        """The folder that has `pixi_dir`."""
        return self.elsewhere or self.root

    @property
    def lock_path(self) -> Path:
        """Where the lock file is, or will be."""
        return lock_of(self.manifest.path, self.home, beside=self.locks_beside)

    @property
    def pixi_dir(self) -> Path:
        """Where everything is kept that can be made again."""
        return self.home / ".pixi"

    def prefix(self, environment: str) -> Path:
        """Where `environment` is installed, whether it is there or not."""
        return self.envs / environment

    @property
    def envs(self) -> Path:
        """The folder of the prefixes: in the workspace, or where it is configured."""
        base = self.settings.detached
        if base is None or self.manifest.kind == "script":
            return self.pixi_dir / "envs"
        from pixi_jupyter.workspace.detached import detached_folder

        return detached_folder(base, self.root, self.manifest.name)

    def shown(self, path: Path) -> str:
        """Give `path` as a person in this workspace would write it."""
        if path.parent == self.pixi_dir and path == self.lock_path:
            return f"the lock of {self.manifest.path.name}"  # nobody opens that one
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
        environments = self.composition.environments.values()
        names = {name for each in environments for name in each.channels}
        return open_session(self._settings(), sorted(names), root=self.root)

    def _settings(self) -> Settings:
        """Lay what the manifest says of S3 buckets over the settings."""
        buckets = self.manifest.metadata.get("s3-options")
        if not isinstance(buckets, dict) or not buckets:
            return self.settings
        network = self.settings.network
        known = {**network.get("s3-options", {}), **buckets}
        return replace(self.settings, network={**network, "s3-options": known})

    def edited(self, text: str) -> Workspace:
        """Give the workspace as it would be with another manifest text.

        Raises
        ------
        ManifestParseError
            If the text breaks a rule.
        """
        channels = self.settings.default_channels
        manifest = parse_manifest(text, self.manifest.path, channels=channels)
        return replace(
            self, text=text, manifest=manifest, composition=compose(manifest)
        )

    def check_has_lock(self) -> None:
        """Refuse a script that has no lock beside it, where one is to be kept to.

        Raises
        ------
        LockNotFoundError
        """
        path = self.manifest.path
        if self.manifest.kind == "script" and not lock_beside(path).exists():
            raise LockNotFoundError(lock_beside(path))


def open_session(settings: Settings, channels: Iterable[str], *, root: Path) -> Session:
    """Make a session for channels as they were written.

    Parameters
    ----------
    channels
        Names, URLs or paths; what is secret in them is kept for the way to their
        servers.
    root
        Where relative paths start.
    """
    from pixi_jupyter.adapters.rattler import (
        Network,
        Session,
        channel_urls_as_given,
        secrets_of,
    )

    return Session(
        cache_dir=settings.cache_dir,
        offline=settings.offline,
        concurrent_requests=settings.concurrent_downloads,
        network=Network(
            settings=settings.network,
            secrets=secrets_of(channel_urls_as_given(channels, root=root)),
            retries=settings.http_retries,
        ),
    )


def _check_place(manifest: Path) -> None:
    """Refuse a path that neither a lock nor py-rattler can hold.

    Raises
    ------
    PrefixPlaceError
    """
    try:
        str(manifest).encode()
    except UnicodeEncodeError as error:
        raise PrefixPlaceError(
            manifest.parent,
            character="a byte that is not UTF-8",
            reason="packages and locks hold paths as text",
        ) from error


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
    ManifestNotFoundError, ManifestParseError, RequiresPixiError, PrefixPlaceError
    ScriptBlockNotFoundError
    """
    path = find_manifest(Path.cwd(), manifest_path, environ)
    _check_place(path)
    text = read_text(path)
    home = home_of(path, environ)
    settings = read_settings(home, offline=offline, environ=environ)
    manifest = parse_manifest(text, path, channels=settings.default_channels)
    check_files(manifest, text)
    # a file that the user named is the one that is meant
    is_named = manifest_path is not None and manifest_path.name == path.name
    if not is_named and not is_script(path):
        ignored = (
            f"{other.name} is not read, because {path.name} is in the same folder"
            for other in passed_over(path)
        )
        manifest = replace(manifest, warnings=(*manifest.warnings, *ignored))
    return Workspace(
        text=text,
        manifest=manifest,
        composition=compose(manifest),
        settings=settings,
        elsewhere=home if is_script(path) else None,
        environ=environ,
    )
