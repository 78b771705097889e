"""From requirements to packages, through ``uv pip compile``.

A package that conda fixed is told twice: as the only file there is (a stub wheel, so
that uv looks at no other and knows no dependencies of it) and as a version (so that
the text of a conflict names it).
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.toml import tomlkit
from pixi_jupyter.adapters.uv.failures import PROJECT, Context, failure
from pixi_jupyter.adapters.uv.options import UvOptions
from pixi_jupyter.adapters.uv.pylock import (
    Package,
    format_pylock,
    parse_pylock,
)
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.adapters.uv.process import Uv

_OUTPUT = "pylock.solved.toml"
_ANNOTATION = r"^([\w.-]+)==\S+.*\n(?: +#.*\n)*? +# from (\S+)$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """One question to uv: which packages, for one platform and one Python."""

    requirements: tuple[str, ...]
    """PEP 508."""
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Tables of ``tool.uv.sources``, by name."""
    named_indexes: Mapping[str, str] = field(default_factory=dict)
    """URLs of indexes that only `sources` use, by a name of ours."""
    fixed: Mapping[str, tuple[str, Path]] = field(default_factory=dict)
    """(version, stub wheel) of what conda brings, by name."""
    preferences: Mapping[str, str] = field(default_factory=dict)
    """Versions that are taken where they fit, by name."""
    overrides: tuple[str, ...] = ()
    """PEP 508; they take the place of every requirement on that name."""
    options: UvOptions = field(default_factory=UvOptions)
    resolution: str = "highest"
    exclude_newer: str | None = None
    """A moment, as RFC 3339."""
    exclude_newer_packages: Mapping[str, str] = field(default_factory=dict)
    python_version: str
    """All three numbers: uv takes 3.11 for 3.11.0."""
    python_platform: str | None
    """One of uv's names; None for this machine."""
    python: Path
    """The interpreter that builds what has to be built."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """For builds, such as those of an activated prefix."""
    environment: str = "default"
    platform: str = ""
    """For the text of a failure."""


async def resolve(uv: Uv, question: Resolve) -> tuple[Package, ...]:
    """Find packages; those that conda fixed are left out.

    Raises
    ------
    PypiResolutionError
        If there is no solution.
    DownloadError, OfflineError, IndexAccessError, PypiBuildError, ToolFailedError
    ToolNotFoundError

    Notes
    -----
    Reads indexes, and may build. Can be cancelled.
    """
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-uv-") as name:
        folder = Path(name)
        await asyncio.to_thread(_write, folder, question)
        words = [*_words(question), "--format", "pylock.toml", "-o", _OUTPUT]
        finished = await uv.run(words, cwd=folder, variables=_variables(question))
        if finished.exit_code:
            raise failure(finished, _context(uv, question, folder))
        text = (folder / _OUTPUT).read_text(encoding="utf-8")
    stubs = {str(stub) for _, stub in question.fixed.values()}
    return tuple(
        package
        for package in parse_pylock(text)
        if not (package.archive and package.archive.path in stubs)
    )


async def indexes(
    uv: Uv, question: Resolve, found: tuple[Package, ...]
) -> dict[str, str]:
    """Tell which index each package of an answer is from, by name.

    Notes
    -----
    pylock files do not say so. Asks uv once more, which answers from its cache.
    """
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-uv-") as name:
        folder = Path(name)
        await asyncio.to_thread(_write, folder, question, found)
        words = [*_words(question), "--format", "requirements.txt"]
        words += ["--no-annotate", "--emit-index-annotation", "-o", "solved.txt"]
        finished = await uv.run(words, cwd=folder, variables=_variables(question))
        if finished.exit_code:
            raise failure(finished, _context(uv, question, folder))
        text = (folder / "solved.txt").read_text(encoding="utf-8")
    pairs = re.findall(_ANNOTATION, text, re.MULTILINE)
    return dict(pairs)


async def default_index(uv: Uv) -> str:
    """Ask uv for the index that it takes when it is told none."""
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-uv-") as name:
        (Path(name) / "none.in").touch()
        words = ["pip", "compile", "none.in", "--emit-index-url", "--no-header"]
        # it would look for one on the path otherwise
        words += ["--python", sys.executable]
        finished = await uv.run([*words, "--offline", "-q"], cwd=Path(name))
    found = re.search(r"--(?:default-)?index(?:-url)? (\S+)", finished.stdout)
    if found is None:
        raise failure(finished, Context(what="ask uv for its index"))
    return found[1]


def _write(
    folder: Path, question: Resolve, found: tuple[Package, ...] | None = None
) -> None:
    """Write the files that a question consists of."""
    project = {
        "name": PROJECT,
        "version": "0",
        "dependencies": list(question.requirements),
    }
    uv: dict[str, Any] = {"sources": {k: dict(v) for k, v in question.sources.items()}}
    if question.named_indexes:
        uv["index"] = [
            {"name": name, "url": url, "explicit": True}
            for name, url in question.named_indexes.items()
        ]
    document = {"project": project, "tool": {"uv": uv}}
    text = tomlkit.dumps(document)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    stubs = [f"{name} @ {path.as_uri()}" for name, (_, path) in question.fixed.items()]
    pins = [f"{name}=={version}" for name, (version, _) in question.fixed.items()]
    for file_name, lines in (
        ("stubs.txt", stubs),
        ("pins.txt", pins),
        ("overrides.txt", question.overrides),
    ):
        (folder / file_name).write_text("".join(f"{x}\n" for x in lines), "utf-8")
    if found is not None:
        lines = [f"{each.name}=={each.version}" for each in found if each.version]
        (folder / "solved.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    elif question.preferences:
        # uv prefers what stands in the file that it is to write
        known = (Package(name=k, version=v) for k, v in question.preferences.items())
        (folder / _OUTPUT).write_text(format_pylock(known), encoding="utf-8")


def _words(question: Resolve) -> Iterator[str]:
    yield from ("pip", "compile", "pyproject.toml", "-q", "--no-header")
    yield from ("-c", "stubs.txt", "-c", "pins.txt")
    if question.overrides:
        yield from ("--overrides", "overrides.txt")
    yield from ("--python", str(question.python))
    yield from ("--python-version", question.python_version)
    if question.python_platform:
        yield from ("--python-platform", question.python_platform)
    if question.resolution != "highest":
        yield from ("--resolution", question.resolution)
    if question.exclude_newer:
        yield from ("--exclude-newer", question.exclude_newer)
    for name, moment in question.exclude_newer_packages.items():
        yield from ("--exclude-newer-package", f"{name}={moment}")
    yield from question.options.index_flags()
    yield from question.options.build_flags()
    yield from question.options.version_flags()


def _variables(question: Resolve) -> dict[str, str]:
    return {**question.variables, **question.options.variables()}


def _context(uv: Uv, question: Resolve, folder: Path) -> Context:
    return Context(
        what=f"resolve {question.environment} for {question.platform}",
        environment=question.environment,
        platform=question.platform,
        fixed={name: version for name, (version, _) in question.fixed.items()},
        stubs=tuple(path for _, path in question.fixed.values()),
        folders=(folder,),
        cache_dir=uv.cache_dir,
    )
