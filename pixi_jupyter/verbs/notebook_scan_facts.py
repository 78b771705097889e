"""What was found in notebooks, put into a proposal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.exchange.environment_file import Imported, conda_dependency
from pixi_jupyter.exchange.requirements import pypi_dependency, read_requirements
from pixi_jupyter.notebook.scan_commands import shown
from pixi_jupyter.notebook.scan_rows import Wanted
from pixi_jupyter.notebook.scan_words import LANGUAGES
from pixi_jupyter.redaction import redacted
from pixi_jupyter.verbs.notebook_scan_files import (
    BESIDE,
    plain,
    take_file,
    take_imported,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.notebook.scan import Fact, NotebookScan
    from pixi_jupyter.notebook.scan_proposal import Proposal

_OLDEST = (3, 10)
"""Python that conda-forge still has for everything."""


def shown_path(file: Path, cwd: Path) -> str:
    """Give a path as a person in a folder writes it."""
    return str(file.relative_to(cwd) if file.is_relative_to(cwd) else file)


def fill(
    proposal: Proposal, files: Sequence[Path], scans: Sequence[NotebookScan], cwd: Path
) -> None:
    """Put everything that was found into a proposal."""
    done: set[Path] = set()
    for file, scan in zip(files, scans, strict=True):
        beside = [file.parent / name for name in BESIDE]
        for fact in scan.facts:
            if fact.asked.kind == "file" and fact.where != "comment":
                _take_named(proposal, file.parent, scan, fact.asked.text, fact.place)
            take_fact(proposal, fact)
        for path in beside:
            if path not in done:
                done.add(path)
                take_file(proposal, path, shown_path(path, cwd))
        for what, why in scan.doubts:
            proposal.doubt(redacted(what), why)
    _take_languages(proposal, scans)


def _take_named(
    proposal: Proposal, folder: Path, scan: NotebookScan, name: str, place: str
) -> None:
    """Take a file that a command names, if it lies beneath the notebook."""
    written = scan.written.get(Path(name).name)
    if written is not None and name.endswith(".txt"):
        warnings: list[str] = []
        try:
            found = Imported(pypi=read_requirements(written, warnings))
        except ValueError as error:
            proposal.doubt(name, f"{place}: {error}")
        else:
            take_imported(proposal, found, f"{name}, as {place} installs it")
        return
    path = (folder / name).resolve()
    is_beneath = path.is_relative_to(folder.resolve())
    if path.name in BESIDE and path.parent == folder.resolve():
        return  # read anyway
    if not is_beneath or not take_file(proposal, path, name):
        proposal.doubt(redacted(name), f"{place}: the file is not here")


def _take_languages(proposal: Proposal, scans: Sequence[NotebookScan]) -> None:
    pythons = sorted({each.python for each in scans if each.python})
    is_python = any(each.language == "python" for each in scans)
    if is_python and not proposal.has("conda", "python"):
        value, doubt = _python(pythons)
        place = next((each.name for each in scans if each.language == "python"), "")
        proposal.wanted(
            Wanted(
                kind="conda",
                name="python",
                value=value,
                why="the notebook's kernel",
                place=place or "language_info",
                doubt=doubt,
            )
        )
    for each in scans:
        if each.language == "python":
            continue
        for name in LANGUAGES.get(each.language, ()):
            proposal.wanted(
                Wanted(
                    kind="conda",
                    name=name,
                    value="*",
                    why=f"a kernel for {each.language}",
                    place=each.name or "kernelspec",
                )
            )
        if each.language != "r":
            what = each.name or "the notebook"
            proposal.doubt(
                what, f"its language is {each.language}, whose imports are not read"
            )


def _python(versions: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """Give the version of Python to ask for, and what is unsure about it."""
    if not versions:
        return "*", ""
    newest = versions[-1]
    ran = " and ".join(".".join(map(str, each)) for each in versions)
    if newest < _OLDEST:
        return "*", f"it ran with Python {ran}, which is not maintained any more"
    spec = f"{newest[0]}.{newest[1]}.*"
    return spec, f"they ran with Python {ran}" if len(versions) > 1 else ""


def take_fact(proposal: Proposal, fact: Fact) -> None:
    """Put one thing that a notebook needs into a proposal; files are for `take_file`."""
    asked = fact.asked
    if asked.kind == "module":
        proposal.module(fact)
    elif asked.kind == "r":
        proposal.r(fact)
    elif asked.kind == "system":
        proposal.system(fact)
    elif asked.kind in ("pypi", "conda"):
        _take_spec(proposal, fact)
    elif fact.where == "comment":
        return
    elif asked.kind == "channel":
        if asked.text not in ("conda-forge", "defaults", "main", "anaconda"):
            way = f"{{command}} workspace channel add {asked.text}"
            why = f"{asked.command} -c ({fact.place}): another channel than conda-forge"
            proposal.doubt(redacted(asked.text), why, redacted(way))
    elif asked.kind == "index":
        why = f"{asked.command} ({fact.place}): an index or a list of links"
        proposal.doubt(redacted(asked.text), why)
    elif asked.kind == "unclear":
        why = (
            f"{asked.command} ({fact.place}): a file, or a name that only a shell knows"
        )
        proposal.doubt(redacted(shown(asked.text)), why)


def _take_spec(proposal: Proposal, fact: Fact) -> None:
    asked, doubt = fact.asked, ""
    text = asked.text
    if redacted(text) != text and "://git@" not in text:  # git is nobody's name
        why = f"{asked.command} ({fact.place}): its address holds a secret; left out"
        proposal.doubt(redacted(shown(text)), why)
        return
    try:
        if asked.kind == "conda":
            name, value = conda_dependency(text)
            value, doubt = plain(value)
        else:
            text, doubt = _named(text)
            warnings: list[str] = []
            name, value = pypi_dependency(text, warnings)
            doubt = doubt or (warnings[0] if warnings else "")
    except (ValueError, InvalidSpecError):
        why = f"{asked.command} ({fact.place}): it is no name with a version"
        proposal.doubt(redacted(shown(asked.text)), why)
        return
    proposal.wanted(
        Wanted(
            kind=asked.kind,
            name=name,
            value=value,
            why=asked.command,
            place=fact.place,
            where=fact.where,
            doubt=redacted(doubt),
        )
    )


def _named(text: str) -> tuple[str, str]:
    """Give a requirement a name where it is a URL alone."""
    if "://" not in text or " @ " in text:
        return text, ""
    where, _, fragment = text.partition("#")
    egg = [x[4:] for x in fragment.split("&") if x.startswith("egg=")]
    last = where.rstrip("/").rpartition("/")[2]
    if where.startswith("git+"):
        name = last.partition("@")[0].removesuffix(".git")
    else:
        name = last.partition("-")[0]
    doubt = "" if egg else "its name is taken from the address"
    return f"{(egg or [name])[0]} @ {text}", doubt
