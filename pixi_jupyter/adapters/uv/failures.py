"""uv's words for a failure, turned into our errors.

uv has no codes for what went wrong: the kind is read from its text (0.13.9, each
kind provoked once, 2026-11). A text of no known kind becomes a `ToolFailedError`
that shows it as it is.
"""

from __future__ import annotations

import logging
import re
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pixi_jupyter.errors import (
    DiskFullError,
    DownloadError,
    HashMismatchError,
    IndexAccessError,
    NotWritableError,
    OfflineError,
    PixiJupyterError,
    PypiBuildError,
    PypiInstallError,
    PypiResolutionError,
    ToolFailedError,
    ToolNotFoundError,
)
from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pixi_jupyter.adapters.uv.process import Finished

logger = logging.getLogger(__name__)

PROJECT = "pixi-jupyter-manifest"
"""Stands for the workspace in the questions to uv."""

_MOST_LINES = 12
_WIDEST = 400
_URL = re.compile(r"(?:https?|file|git\+\w+)://[^\s`'\")]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a run was about: for the words of its failure."""

    what: str
    """Completes "uv could not"."""
    environment: str = "default"
    platform: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Versions of conda packages, by their name on PyPI."""
    stubs: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    """Of ours, which mean nothing to a person."""
    prefix: Path | None = None
    cache_dir: Path = Path()

    def clean(self, text: str) -> str:
        """Take out what is ours: stub wheels, folders, the name of the project."""
        for stub in self.stubs:
            name, version = stub.name.split("-")[:2]
            shown = f"conda's {name.replace('_', '-')} {version}"
            text = text.replace(stub.as_uri(), shown).replace(str(stub), shown)
        for folder in self.folders:
            text = text.replace(f"{folder.as_uri()}/", "").replace(f"{folder}/", "")
            text = text.replace(str(folder), "uv's folder")
        if self.cache_dir != Path():
            text = text.replace(str(self.cache_dir), "CACHE")
        text = text.replace(f"{PROJECT} depends on", "the manifest asks for")
        text = text.replace(f"{PROJECT} (pyproject.toml)", "the manifest")
        return redacted(text.replace(PROJECT, "the manifest"))


@dataclass(frozen=True, slots=True)
class _Text:
    """What uv said, in parts."""

    body: str
    """Without ``error:`` and ``cause:``."""
    hints: tuple[str, ...]

    @property
    def url(self) -> str:
        """The last URL that is spoken of: causes come after what they cause."""
        found = _URL.findall(self.body)
        return found[-1].rstrip(".,") if found else ""

    @property
    def package(self) -> str:
        """The first package that is spoken of, as ``name version``."""
        found = re.search(r"`([\w.-]+)(?:==([^\s`]+))?[^`]*`", self.body)
        return " ".join(filter(None, found.groups())) if found else "a package"

    @property
    def reason(self) -> str:
        """Body and hints, not too long."""
        return _shortened("\n".join((self.body, *(f"({x})" for x in self.hints))))


def failure(finished: Finished, context: Context) -> PixiJupyterError:
    """Give the error that a run of uv ended with."""
    raw = context.clean(finished.stderr.strip() or finished.stdout.strip())
    logger.debug("uv ended with %s:\n%s", finished.exit_code, raw)
    text = _parts(raw)
    for pattern, make in _KINDS:
        if pattern.search(raw):
            return make(text, context)
    return ToolFailedError(
        "uv",
        what=context.what,
        exit_code=finished.exit_code,
        report=_shortened(raw),
    )


def _parts(raw: str) -> _Text:
    lines, hints = [], []
    for line in raw.split("\n"):
        if re.match(r"\s*(?:Using Python |warning: )", line):
            continue
        if found := re.match(r"hint: (.+)", line):
            hints.append(found[1])
        else:
            lines.append(re.sub(r"^\s*(?:error|cause): |^ {9}", "", line).rstrip())
    return _Text(re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip(), tuple(hints))


def _shortened(text: str) -> str:
    lines = [line[:_WIDEST] for line in text.strip().split("\n")]
    if len(lines) <= _MOST_LINES:
        return "\n".join(lines)
    half = _MOST_LINES // 2
    left = len(lines) - 2 * half
    return "\n".join((*lines[:half], f"… {left} lines more …", *lines[-half:]))


def _resolution(text: _Text, context: Context) -> PixiJupyterError:
    body = text.body.removeprefix("No solution found when resolving dependencies\n")
    named = [name for name in context.fixed if _speaks_of(body, name)]
    return PypiResolutionError(
        context.environment,
        platform=context.platform,
        report=_shortened(body),
        hints=[_lowered(hint) for hint in text.hints],
        pinned=named,
    )


def _speaks_of(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", text))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _access(text: _Text, context: Context) -> PixiJupyterError:
    del context
    whole = "\n".join((text.body, *text.hints))
    found = _URL.findall("\n".join(text.hints)) or _URL.findall(text.body)
    url = found[-1] if found else "an index"
    status = 403 if "403 Forbidden" in whole else 401
    host = urlsplit(url).hostname or "HOST"
    return IndexAccessError(url, host=host, status=status)


def _offline(text: _Text, context: Context) -> PixiJupyterError:
    named = text.package if "`" in text.body else ""
    what = named or f"what {context.environment} asks of PyPI"
    return OfflineError(what, reason=text.reason)


def _mismatch(text: _Text, context: Context) -> PixiJupyterError:
    del context
    found = re.findall(r"^\s*((?:sha|md5|blake)\w*:[0-9a-f]+)", text.body, re.MULTILINE)
    expected, computed = (*found, "unknown", "unknown")[:2]
    named = re.search(r"Hash mismatch for [^`]*`([^`]+)`", text.body)
    package = named[1] if named else text.package
    return HashMismatchError(
        package.replace("==", " "), expected=expected, computed=computed
    )


def _download(text: _Text, context: Context) -> PixiJupyterError:
    return DownloadError(
        text.url or text.package,
        reason=text.reason,
        hints=(
            f"{{command}} {'install' if context.prefix else 'lock'}   tries again",
            "{command} … --offline   works from what is cached",
        ),
    )


def _build(text: _Text, context: Context) -> PixiJupyterError:
    del context
    return PypiBuildError(text.package, reason=text.reason)


def _git(text: _Text, context: Context) -> PixiJupyterError:
    del context
    return ToolNotFoundError(
        "git",
        places=("PATH",),
        install=f"install git: {text.package} comes from a repository",
    )


def _full(text: _Text, context: Context) -> PixiJupyterError:
    return DiskFullError(context.cache_dir, is_cache=True, reason=text.reason)


def _denied(text: _Text, context: Context) -> PixiJupyterError:
    in_prefix = context.prefix is not None and str(context.prefix) in text.body
    folder = context.prefix if in_prefix else context.cache_dir
    return NotWritableError(
        folder or context.cache_dir, reason=text.reason, is_cache=not in_prefix
    )


def _place(text: _Text, context: Context) -> PixiJupyterError:
    if context.prefix is None:
        return _resolution(text, context)
    return PypiInstallError(context.prefix, reason=text.reason)


def _kinds(
    table: Mapping[str, Callable[[_Text, Context], PixiJupyterError]],
) -> Sequence[tuple[re.Pattern[str], Callable[[_Text, Context], PixiJupyterError]]]:
    return [(re.compile(words), make) for words, make in table.items()]


_KINDS = _kinds(
    {
        # the narrow ones first: a text holds the words of its causes too
        r"No space left on device|disk quota exceeded": _full,
        r"Permission denied|Read-only file system": _denied,
        r"[Nn]etwork (?:connectivity )?(?:is|was) disabled": _offline,
        r"Hash mismatch for": _mismatch,
        r"\b(?:401 Unauthorized|403 Forbidden)\b": _access,
        r"Git executable not found": _git,
        r"Git operation failed|failed to clone into": _download,
        r"HTTP status (?:client|server) error|error sending request": _download,
        r"Request failed after|Failed to fetch:|error decoding response": _download,
        r"Unsupported `Content-Type`|Failed to write to the distribution cache": _download,
        r"Failed to (?:extract|read|unzip)|Invalid zip file": _download,
        r"No solution found when resolving dependencies": _resolution,
        r"Requirements contain conflicting URLs": _resolution,
        r"Failed to (?:build|resolve requirements from|prepare)": _build,
        r"Failed to download and build|build backend returned": _build,
        r"marked as `--no-build`|[Bb]uilding (?:source|from source)\b.*disabled": _build,
        r"Distribution not found at|does not appear to be a Python project": _place,
        r"doesn't have a source distribution or wheel": _place,
        r"does not match package (?:version|name)|has an invalid version": _place,
        r"Cannot uninstall package|Failed to uninstall|`RECORD` file": _place,
        r"No interpreter found|No virtual environment or system Python": _place,
        r"Failed to (?:inspect|query) Python|Failed to read site-packages": _place,
        r"Failed to (?:install|rename|link|copy|remove)|externally managed": _place,
        r"Failed to parse|Couldn't parse|Expected .* found|[Ii]nvalid metadata": _place,
        r"Failed to download": _download,
    }
)
