"""Packages in the cache whose files somebody edited.

Files of a prefix are hard links into the cache, so that an editor who writes in
place changes the cache too, and every prefix that is linked from it later. Files
are unpacked with the times of their archive (py-rattler 0.28.0): one that is
younger than its unpacking was written to afterwards. Looking at times costs one
`lstat` for a file, a tenth of what linking it costs; hashes would cost more than
linking does.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pixi_jupyter.install.cached import package_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord


def edited_packages(
    records: Iterable[RepoDataRecord], packages_dir: Path
) -> tuple[RepoDataRecord, ...]:
    """Find those of `records` whose cached files were written to.

    Parameters
    ----------
    packages_dir
        Where unpacked packages lie.

    Notes
    -----
    An edit that kept the time of its file is not seen; `verify` compares hashes.
    """
    return tuple(
        each for each in records if _is_edited(package_folder(packages_dir, each))
    )


def _is_edited(folder: Path) -> bool:
    try:
        unpacked = folder.with_name(f"{folder.name}.lock").stat().st_mtime_ns
        return _has_younger(str(folder), unpacked)
    except OSError:
        # whether it is there at all is for others to say
        return False


def _has_younger(folder: str, moment: int) -> bool:
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.stat(follow_symlinks=False).st_mtime_ns > moment:
                    return True
    return False
