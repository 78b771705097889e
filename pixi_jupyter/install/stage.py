"""A first install: made beside its place, and moved in whole.

The prefix itself exists before, with nothing in it but conda-meta and the lock, so
the children are moved. While they are, a journal says that the prefix holds half
of something; a prefix with such a journal is emptied and made anew.
"""

from __future__ import annotations

import os
import secrets
import shutil
from typing import TYPE_CHECKING, cast

from pixi_jupyter.install.journal import (
    JOURNAL_FILE,
    Journal,
    remove_journal,
    write_journal,
)
from pixi_jupyter.install.linker import run_abandonable
from pixi_jupyter.install.prefix import META
from pixi_jupyter.install.state import (
    HOLDER_FILE,
    INSTALLING,
    STATE_FILE,
    write_state,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rattler import InstallerReporter

    from pixi_jupyter.adapters.rattler import RepoDataRecord, Session
    from pixi_jupyter.install.reporter import InstallReporter


def staging_place(prefix: Path) -> Path:
    """Give a place beside `prefix` that no other process uses."""
    return prefix.with_name(f"{_stem(prefix)}{os.getpid()}-{secrets.token_hex(4)}")


def sweep_staging(prefix: Path) -> None:
    """Remove what first installs of `prefix` left behind, under its lock."""
    if not prefix.parent.is_dir():
        return
    for path in prefix.parent.iterdir():
        if path.name.startswith(_stem(prefix)):
            shutil.rmtree(path, ignore_errors=True)


def _stem(prefix: Path) -> str:
    return f".{prefix.name}.new-"


async def stage(
    prefix: Path,
    records: Sequence[RepoDataRecord],
    session: Session,
    *,
    reporter: InstallReporter,
    subdir: str | None = None,
    validate: bool = False,
) -> Path:
    """Install `records` beside `prefix`, fetching what is missing.

    Returns
    -------
    Path
        The staged prefix, for `move_in`.

    Raises
    ------
    DownloadError, LinkError
        The prefix is as it was; the process may not install any more.

    Notes
    -----
    A cancel returns at once and leaves the prefix as it was.
    """
    place = staging_place(prefix)

    def remove() -> None:
        shutil.rmtree(place, ignore_errors=True)

    await run_abandonable(
        session.install(
            records,
            place,
            subdir=subdir,
            final_prefix=prefix,
            reporter=cast("InstallerReporter", reporter),
            validate=validate,
        ),
        after=remove,
    )
    return place


def move_in(staged: Path, prefix: Path, *, what: str) -> None:
    """Move a staged prefix into the empty place that waits for it.

    The caller holds the lock, writes the state, and removes the journal.

    Raises
    ------
    OSError
        If a rename fails; the journal stays.
    """
    write_journal(prefix, Journal(what=what, fresh=True), durable=False)
    write_state(prefix, INSTALLING)
    for path in _children_meta_last(staged):
        path.replace(prefix / path.relative_to(staged))
    shutil.rmtree(staged, ignore_errors=True)


def _children_meta_last(staged: Path) -> Iterator[Path]:
    for path in list(staged.iterdir()):
        if path.name != META:
            yield path
    if (staged / META).is_dir():
        yield from list((staged / META).iterdir())


def empty_prefix(prefix: Path) -> None:
    """Take away the half of a first install; the journal goes last.

    Raises
    ------
    OSError
        If something cannot be removed.
    """
    write_state(prefix, INSTALLING)
    kept = {STATE_FILE, JOURNAL_FILE}
    for path in list(prefix.iterdir()):
        if path.name != META:
            _remove(path)
    for path in list((prefix / META).iterdir()):
        if path.name not in kept and not path.name.startswith(HOLDER_FILE):
            _remove(path)
    write_state(prefix, "")
    remove_journal(prefix)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
