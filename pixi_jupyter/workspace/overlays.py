"""``.pixi/overlays.lock``: what was solved on top of environments without ipykernel.

A lock file of the same format as pixi.lock. It is never part of that one, because
ipykernel is not the user's dependency (design, decision 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import LockParseError
from pixi_jupyter.install.locks import workspace_lock
from pixi_jupyter.install.overlay import Overlay, ensure_overlay
from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPlatform,
    conda_package,
    format_lock,
    read_lock,
)
from pixi_jupyter.workspace.transaction import Transaction

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.events import Operation
    from pixi_jupyter.platforms import Platform, VirtualPackage
    from pixi_jupyter.workspace.context import Workspace


class OverlayStore:
    """The overlays of one workspace and their solutions."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.path: Path = workspace.pixi_dir / "overlays.lock"
        self.folder: Path = workspace.pixi_dir / "overlays"

    def locked(self, environment: str, platform: str) -> list[RepoDataRecord] | None:
        """Give the solution that was kept, or None."""
        from pixi_jupyter.adapters.rattler import read_lock_records

        if not self.path.exists():
            return None
        try:
            records = read_lock_records(self.path)
        except LockParseError:
            return None  # it can be solved again
        return records.get(environment, {}).get(platform)

    async def ensure(
        self,
        environment: str,
        platform: Platform,
        operation: Operation,
        *,
        session: Session,
        virtual_packages: tuple[VirtualPackage, ...],
    ) -> Overlay:
        """Give the overlay of an installed environment; solve it once.

        Parameters
        ----------
        environment
            Installed, with Python and without ipykernel.
        platform
            What it was installed for.
        virtual_packages
            What the overlay may count on: those of this machine.

        Raises
        ------
        NoKernelError, OverlayError, InstallError, ChannelError, OfflineError
        """
        workspace = self._workspace
        group = workspace.composition.group_of(environment)
        channels = tuple(workspace.channel_url(name) for name in group.channels)
        overlay = await ensure_overlay(
            workspace.prefix(environment),
            folder=self.folder,
            channels=channels,
            platform=platform,
            session=session,
            operation=operation,
            locked=self.locked(environment, platform.name),
            virtual_packages=virtual_packages,
        )
        if overlay.solved:
            async with workspace_lock(workspace.home, operation, what="overlay"):
                self._keep(environment, platform, channels, overlay)
        return overlay

    def _keep(
        self,
        environment: str,
        platform: Platform,
        channels: tuple[str, ...],
        overlay: Overlay,
    ) -> None:
        try:
            old = read_lock(self.path) if self.path.exists() else None
        except LockParseError:
            old = None
        environments = dict(old.environments) if old else {}
        platforms = {each.name: each for each in old.platforms} if old else {}
        known = environments.get(environment)
        packages = dict(known.packages) if known else {}
        packages[platform.name] = tuple(map(conda_package, overlay.records))
        environments[environment] = LockedEnvironment(
            channels=tuple({"url": url} for url in channels), packages=packages
        )
        platforms[platform.name] = LockedPlatform(
            name=platform.name,
            subdir=platform.subdir,
            virtual_packages=tuple(map(str, platform.virtual_packages)),
        )
        lock = Lock(platforms=tuple(platforms.values()), environments=environments)
        transaction = Transaction()
        transaction.write(self.path, format_lock(lock))
        transaction.commit()
