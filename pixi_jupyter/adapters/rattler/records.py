"""Records of packages: as mappings, and as they lie in a prefix."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rattler import Channel, PackageName, PrefixRecord, RepoDataRecord, exceptions
from rattler.repo_data import SparseRepoData

from pixi_jupyter.adapters.rattler.failures import mapped
from pixi_jupyter.errors import InvalidSpecError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def record_mapping(record: RepoDataRecord | PrefixRecord) -> dict[str, Any]:
    """Give a record as the mapping that repodata has, with url, fn and channel.

    Hashes are hexadecimal text, the timestamp is in milliseconds.
    """
    found: dict[str, Any] = json.loads(record.to_json())
    return found


def record_from_mapping(data: Mapping[str, Any]) -> RepoDataRecord:
    """Make a record from `record_mapping`'s form, lossless."""
    return records_from_mappings([data])[0]


def records_from_mappings(
    mappings: Sequence[Mapping[str, Any]],
) -> list[RepoDataRecord]:
    """Make records from `record_mapping`'s form, lossless, in the same order.

    Raises
    ------
    InvalidSpecError
        If one is no record.

    Notes
    -----
    py-rattler reads whole records from files only, so this writes one repodata
    file, in which a record's place in `mappings` stands in its file name.
    """
    what = "a record"
    try:
        with mapped(what):
            return _read_records(mappings)
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise InvalidSpecError(what, reason=str(error)) from error


def _read_records(mappings: Sequence[Mapping[str, Any]]) -> list[RepoDataRecord]:
    found: dict[str, RepoDataRecord] = {}
    listed = {
        f"{str(data['name']).lower()}-{number}-0.conda": dict(data)
        for number, data in enumerate(mappings)
    }
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-") as folder:
        path = Path(folder) / "repodata.json"
        path.write_text(json.dumps({"packages.conda": listed}), encoding="utf-8")
        with SparseRepoData(Channel(folder), "noarch", path) as read:
            for name in {str(data["name"]).lower() for data in mappings}:
                for record in read.load_records(PackageName(name)):
                    found[record.file_name] = record
    return [
        RepoDataRecord(
            found[file_name],
            data.get("fn") or str(data["url"]).rsplit("/", 1)[-1],
            str(data["url"]),
            data.get("channel") or str(data["url"]).rsplit("/", 2)[0],
        )
        for file_name, data in listed.items()
    ]


def installed_records(
    prefix: Path, *, unreadable: list[Path] | None = None
) -> list[PrefixRecord]:
    """Read all records of ``conda-meta``; an empty list where there is none.

    Parameters
    ----------
    prefix
        Where to look.
    unreadable
        Receives the records that cannot be read; without it they are an error.
    """
    found = []
    for path in sorted((prefix / "conda-meta").glob("*.json")):
        if not path.is_file():
            continue
        with mapped(str(prefix)):
            try:
                found.append(PrefixRecord.from_path(path))
            except (exceptions.IoError, exceptions.ConversionError, OSError):
                if unreadable is None:
                    raise
                unreadable.append(path)
    return found
