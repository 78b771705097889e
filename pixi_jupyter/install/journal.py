"""What a change was going to do, so that the next process can finish it.

The journal is written before the first file is touched and removed after the last
one; found at start, the change it tells of is rolled forward, and only then comes
what is wanted now. Going straight to what is wanted would leave files behind that
no record owns (reference, spine, 2).
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord

JOURNAL_FILE = "pixi-jupyter-journal"
"""In conda-meta. Not ``*.json``: py-rattler would take it for a package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """One change of one prefix."""

    what: str
    """What was done, for a person to read."""
    records: tuple[Mapping[str, Any], ...] | None = ()
    """All that the prefix was to hold, in the form of `record_mapping`; None where
    the journal cannot be read."""
    touched: tuple[str, ...] = ()
    """Names of the packages that were not left alone."""
    folders: tuple[str, ...] = ()
    """Where the packages that go had their files: a kill between the last file and
    its folder leaves an empty folder that no record knows."""
    fresh: bool = False
    """The prefix was empty before: whatever it holds is half of this change."""
    pid: int = field(default_factory=os.getpid)
    started: float = field(default_factory=time.time)
    """Seconds since the epoch."""

    @classmethod
    def toward(
        cls,
        records: Iterable[RepoDataRecord],
        *,
        what: str,
        touched: Iterable[str],
        folders: Iterable[str],
    ) -> Journal:
        """Make the journal of a change that ends with `records`."""
        from pixi_jupyter.adapters.rattler import record_mapping

        return cls(
            what=what,
            records=tuple(map(record_mapping, records)),
            touched=tuple(touched),
            folders=tuple(folders),
        )

    def target(self) -> list[RepoDataRecord] | None:
        """Give the records that the prefix was to hold; None where unknown."""
        from pixi_jupyter.adapters.rattler import records_from_mappings

        if self.records is None:
            return None
        try:
            return records_from_mappings(self.records)
        except InvalidSpecError:
            return None  # somebody edited it


def journal_path(prefix: Path) -> Path:
    """Where the journal of a prefix is while it is changed."""
    return prefix / "conda-meta" / JOURNAL_FILE


def write_journal(prefix: Path, journal: Journal, *, durable: bool = True) -> None:
    """Write the journal, in one piece.

    Parameters
    ----------
    prefix
        Whose lock the caller holds.
    journal
        What is going to be done.
    durable
        So that not even a power cut loses it. Waits for the disk, which may have
        much to write at that moment; a journal without records needs it less.

    Raises
    ------
    OSError
        If it cannot be written; the prefix must not be touched then.
    """
    path = journal_path(prefix)
    # the next one who holds the lock clears what a killed process left of it
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(asdict(journal), file)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        _sync_folder(path.parent)


def read_journal(prefix: Path) -> Journal | None:
    """Read the journal that a change left behind; None if there is none.

    A journal that cannot be read is one without `records`.
    """
    try:
        data = json.loads(journal_path(prefix).read_bytes())
        return Journal(
            what=str(data["what"]),
            records=tuple(data["records"]),
            touched=tuple(map(str, data["touched"])),
            folders=tuple(map(str, data["folders"])),
            fresh=data["fresh"] is True,
            pid=int(data["pid"]),
            started=float(data["started"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Journal(what="a change", records=None)


def remove_journal(prefix: Path) -> None:
    """Say that the change came to its end."""
    journal_path(prefix).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
