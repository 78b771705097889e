"""The files beside a notebook that say what it needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import ImportFileError
from pixi_jupyter.notebook.scan_rows import Wanted
from pixi_jupyter.redaction import redacted
from pixi_jupyter.verbs.import_file import read_import

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.exchange.environment_file import Imported
    from pixi_jupyter.notebook.scan_proposal import Proposal

BESIDE = ("requirements.txt", "environment.yml", "environment.yaml")
_MOST_ENTRIES = 5_000
_MOST_FILES = 100
_MOST_BYTES = 1_000_000


def modules_beside(folder: Path) -> frozenset[str]:
    """Give the modules that stand in a folder: files, and folders with Python."""
    found = set()
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number == _MOST_ENTRIES:
                    break
                name = entry.name.removesuffix(".py")
                if not name.isidentifier():
                    continue
                if name != entry.name or (entry.is_dir() and _has_python(entry.path)):
                    found.add(name)
    except OSError:
        return frozenset()
    return frozenset(found)


def _has_python(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(
                entry.name.endswith(".py")
                for _, entry in zip(range(_MOST_ENTRIES), entries, strict=False)
            )
    except OSError:
        return False


def texts_of(folder: Path, module: str) -> list[tuple[str, str]]:
    """Read the files of a module beside a notebook, as far as they can be read."""
    file, package = folder / f"{module}.py", folder / module
    paths = [file] if file.is_file() else sorted(package.glob("*.py"))
    found = []
    for path in paths[:_MOST_FILES]:
        try:
            text = read_file(path, most_bytes=_MOST_BYTES).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue
        found.append((path.relative_to(folder).as_posix(), text.replace("\0", " ")))
    return found


def plain(value: Any) -> tuple[Any, str]:  # noqa: ANN401  text or a table
    """Take out of a match spec what another set of channels cannot have."""
    if not isinstance(value, dict):
        return value, ""
    channel = value.get("channel", "")
    rest = {key: each for key, each in value.items() if key not in ("channel", "build")}
    is_known = channel in ("", "conda-forge")
    doubt = "" if is_known else f"asked for from {channel}"
    return (rest if set(rest) != {"version"} else rest["version"]), doubt


def take_file(proposal: Proposal, path: Path, shown_as: str) -> bool:
    """Put what a requirements.txt or environment.yml asks for into a proposal.

    Returns
    -------
    bool
        Whether there is such a file.
    """
    if not path.is_file():
        return False
    is_conda = path.suffix in (".yml", ".yaml")
    try:
        found = read_import(path, "conda-env" if is_conda else "pypi-txt")
    except ImportFileError as error:
        reason = error.details[0] if error.details else error.message
        proposal.doubt(shown_as, f"it cannot be read: {reason}")
        return True
    take_imported(proposal, found, shown_as)
    return True


def take_imported(proposal: Proposal, found: Imported, shown_as: str) -> None:
    """Put what a file asks for into a proposal."""
    for kind, table in (("conda", found.dependencies), ("pypi", found.pypi)):
        for name, given in table.items():
            value, doubt = plain(given) if kind == "conda" else (given, "")
            proposal.wanted(
                Wanted(
                    kind=kind,
                    name=name,
                    value=value,
                    why="asked for",
                    place=shown_as,
                    doubt=doubt,
                )
            )
    for channel in found.channels:
        if channel != "conda-forge" and not channel.startswith(
            "https://repo.anaconda.com/pkgs/"
        ):
            proposal.doubt(
                redacted(channel),
                f"{shown_as}: another channel than conda-forge",
                redacted(f"{{command}} workspace channel add {channel}"),
            )
    for warning in found.warnings:
        proposal.doubt(shown_as, redacted(warning))
