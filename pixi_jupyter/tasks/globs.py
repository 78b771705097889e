"""Files that globs of a task name.

Rules: pixi 0.77.0, inputs and outputs of tasks (read 2026-11): as in a .gitignore,
relative to the workspace's folder; ``!`` leaves out, wherever it stands; a folder
means all below it; a plain name is one at the top; hidden files are found only by a
pattern that names something hidden. No .gitignore of the workspace is asked.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pathspec import GitIgnoreSpec

_META = re.compile(r"[*?\[{]")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_OURS = ".pixi"
_MOST_ALTERNATIVES = 1000


def matching_files(root: Path, globs: Sequence[str]) -> tuple[Path, ...]:
    """List the files that globs name, sorted.

    Parameters
    ----------
    root
        The workspace's folder.
    globs
        Patterns; those that begin with ``../`` reach above the folder.

    Notes
    -----
    Follows no links to folders, so that none can lead in a circle. What cannot be
    read is passed over.
    """
    wanted = [pattern for glob in globs for pattern in _alternatives(glob)]
    included = [each for each in wanted if not each.startswith("!")]
    excluded = [each[1:] for each in wanted if each.startswith("!")]
    found: set[Path] = set()
    for level in {_level(each) for each in included}:
        top = _above(root, level)
        mine = [_anchored(each) for each in included if _level(each) == level]
        found.update(_walk(top, mine))
    for level in {_level(each) for each in excluded}:
        top = _above(root, level)
        spec = _spec([_anchored(each) for each in excluded if _level(each) == level])
        found = {path for path in found if not _has(spec, top, path)}
    return tuple(sorted(found))


def _has(spec: GitIgnoreSpec, top: Path, path: Path) -> bool:
    relative = os.path.relpath(path, top).replace(os.sep, "/")
    return spec.match_file(re.sub(r"^(\.\./)+", "", relative))


def _alternatives(glob: str) -> Iterator[str]:
    """Write braces out, which a .gitignore does not have."""
    pending, given = [glob], 0
    while pending and given < _MOST_ALTERNATIVES:
        text = pending.pop()
        braces = _BRACES.search(text)
        if braces is None:
            given += 1
            yield text.replace("\\", "/") if os.sep == "\\" else text
            continue
        before, after = text[: braces.start()], text[braces.end() :]
        pending += [before + each + after for each in reversed(braces[1].split(","))]


def _level(pattern: str) -> int:
    """Count how many folders up a pattern begins."""
    count = 0
    while pattern.startswith("../"):
        pattern, count = pattern[3:], count + 1
    return count


def _above(root: Path, level: int) -> Path:
    top = Path(os.path.normpath(root))
    for _ in range(level):
        top = top.parent
    return top


def _anchored(pattern: str) -> str:
    """Write a pattern as it stands in a .gitignore at the top."""
    is_below = not pattern.startswith("../")
    pattern = re.sub(r"^(\.\./)+|^\./", "", pattern)
    if pattern.startswith("/") or pattern in {"", "."}:
        return pattern if pattern.startswith("/") else "/**"
    is_plain = "/" not in pattern.rstrip("/") and _META.search(pattern) is None
    return f"/{pattern}" if is_plain or not is_below else pattern


def _spec(patterns: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    # what begins with a number sign is a pattern here, and no comment
    lines = [f"\\{each}" if each.startswith("#") else each for each in patterns]
    return GitIgnoreSpec.from_lines(lines)


def _walk(top: Path, patterns: Sequence[str]) -> Iterator[Path]:
    """Walk the folders where a pattern can find something."""
    with_hidden = [each for each in patterns if _names_hidden(each)]
    spec = _spec(patterns)
    hidden = _spec(with_hidden)
    for base in _bases(patterns):
        start = top / base if base else top
        if start.is_file():
            yield start
            continue
        for path, is_hidden in _files(start, base, with_hidden=bool(with_hidden)):
            if (hidden if is_hidden else spec).match_file(path):
                yield top / path


def _names_hidden(pattern: str) -> bool:
    return any(part.startswith(".") and part != "." for part in pattern.split("/"))


def _bases(patterns: Iterable[str]) -> list[str]:
    """Give the folders below which everything lies, none inside of another."""
    found: list[str] = []
    for pattern in patterns:
        parts = pattern.strip("/").split("/")
        if "/" not in pattern.rstrip("/"):
            parts = [""]  # at any depth
        plain: list[str] = []
        for part in parts:
            if _META.search(part) or "\\" in part:
                break
            plain.append(part)
        found.append("/".join(plain))
    found.sort()
    return [
        base
        for number, base in enumerate(found)
        if base not in found[:number]
        and not any(
            base != other and (not other or base.startswith(f"{other}/"))
            for other in found
        )
    ]


def _files(start: Path, base: str, *, with_hidden: bool) -> Iterator[tuple[str, bool]]:
    """Give the files below a folder, and whether something on the way is hidden."""
    pending = [(str(start), base, _names_hidden(base))]
    while pending:
        folder, relative, is_hidden = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            path = f"{relative}/{entry.name}" if relative else entry.name
            hides = is_hidden or entry.name.startswith(".")
            if hides and (not with_hidden or path == _OURS):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, path, hides))
                elif entry.is_file():
                    yield path, hides
            except OSError:
                continue
