"""Which tasks need not run, because nothing that they depend on has changed.

Rules: pixi 0.77.0, the cache of tasks (read 2026-11). The files lie in pixi's folder
under names of our own: pixi's hold hashes that only its own compiler makes. A task's
variables and its folder enter here too.
"""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from pixi_jupyter.tasks.globs import matching_files
from pixi_jupyter.tasks.template import render
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pixi_jupyter.tasks.models import Node

FOLDER = "task-cache-v0"
_CHUNK = 1 << 20
_FEW = 32
_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What enters the cache besides files."""

    script: str
    """The text for the shell."""
    exports: str
    """What stands in front of it."""
    environment: str
    """From `environment_hash`."""


def environment_hash(
    *,
    platform: str,
    scripts: Sequence[str],
    variables: Mapping[str, str],
    packages: Iterable[str],
) -> str:
    """Give a text that changes with an environment.

    Parameters
    ----------
    platform
        Its name.
    scripts, variables
        What activates it, from the manifest.
    packages
        Where the locked packages are.
    """
    return _digest(
        platform, *scripts, "", *(f"{k}={v}" for k, v in sorted(variables.items()))
    ) + _digest(*sorted(packages))


class TaskCache:
    """Remembers with what a task has succeeded.

    Parameters
    ----------
    folder
        `FOLDER` in the workspace's `.pixi`.
    root
        The workspace's folder, which globs are relative to.
    """

    def __init__(self, folder: Path, *, root: Path) -> None:
        self._folder, self._root = folder, root

    def is_fresh(
        self, node: Node, context: Mapping[str, object], command: Command
    ) -> bool:
        """Tell whether a task has succeeded with all that is there now.

        Raises
        ------
        TemplateError

        Notes
        -----
        Reads every input and output. What cannot be read of the cache is a miss.
        """
        globs = _globs(node, context)
        if globs is None:
            return False
        path = self._path(node, globs)
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return False
        if not isinstance(stored, dict) or not isinstance(stored.get("hash"), str):
            return False
        present, _ = self._present(node, globs, command)
        return present is not None and bool(stored["hash"] == present)

    def store(
        self, node: Node, context: Mapping[str, object], command: Command
    ) -> tuple[str, ...]:
        """Remember that a task has succeeded.

        Returns
        -------
        tuple of str
            Sentences about globs that name no file; nothing is remembered then.

        Raises
        ------
        TemplateError

        Notes
        -----
        A cache that cannot be written stays as it was.
        """
        globs = _globs(node, context)
        if globs is None:
            return ()
        present, warnings = self._present(node, globs, command)
        path = self._path(node, globs)
        with suppress(OSError):
            if present is None or warnings:
                path.unlink(missing_ok=True)
            else:
                _write(path, json.dumps({"hash": present}))
        return warnings

    def _path(self, node: Node, globs: _Globs) -> Path:
        slug = re.sub(r"[^A-Za-z0-9_.-]+", "_", f"{node.environment}-{node.name}")[:80]
        key = _digest(
            node.environment,
            node.name,
            *(f"{name}={value}" for name, value in node.arguments.items()),
            "\0inputs",
            *(globs.inputs or ()),
            "\0outputs",
            *(globs.outputs or ()),
        )
        return self._folder / f"{slug}-{key}.pixi-jupyter.json"

    def _present(
        self, node: Node, globs: _Globs, command: Command
    ) -> tuple[str | None, tuple[str, ...]]:
        """Hash what is there now; None where nothing is."""
        rows: list[str] = []
        warnings: list[str] = []
        is_any = False
        for kind, patterns in (("inputs", globs.inputs), ("outputs", globs.outputs)):
            rows.append(f"\0{kind}" if patterns is None else f"\0{kind}:")
            if patterns is None:
                continue
            hashes = _hashes(matching_files(self._root, patterns))
            rows += [
                f"{os.path.relpath(path, self._root)}\0{digest}"
                for path, digest in hashes
            ]
            is_any |= bool(hashes)
            if not hashes:
                shown = ", ".join(patterns)
                warnings.append(
                    f"No files match the {kind} of task {node.name}: {shown};"
                    " it is not cached"
                )
        if not is_any:
            return None, tuple(warnings)
        cwd = node.task.cwd if node.task else None
        return (
            _digest(
                command.script, command.exports, command.environment, str(cwd), *rows
            ),
            tuple(warnings),
        )


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Globs:
    """A task's inputs and outputs, rendered."""

    inputs: tuple[str, ...] | None
    outputs: tuple[str, ...] | None


def _globs(node: Node, context: Mapping[str, object]) -> _Globs | None:
    """Render the globs of a task; None where it has none."""
    task = node.task
    if task is None or (task.inputs is None and task.outputs is None):
        return None

    def rendered(texts: tuple[str, ...] | None, key: str) -> tuple[str, ...] | None:
        if texts is None:
            return None
        made = (
            render(text, task=task.name, where=key, context=context) for text in texts
        )
        return tuple(text for text in made if text)

    return _Globs(
        inputs=rendered(task.inputs, "inputs"),
        outputs=rendered(task.outputs, "outputs"),
    )


def _hashes(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Hash files; those that have vanished meanwhile are left out."""
    if len(paths) <= _FEW:
        digests = list(map(_content, paths))
    else:
        with ThreadPoolExecutor(_THREADS) as threads:
            digests = list(threads.map(_content, paths, chunksize=_FEW))
    return [
        (path, digest)
        for path, digest in zip(paths, digests, strict=True)
        if digest is not None
    ]


def _content(path: Path) -> str | None:
    from xxhash import xxh3_128

    digest = xxh3_128()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def _digest(*texts: str) -> str:
    from xxhash import xxh3_128

    digest = xxh3_128()
    for text in texts:
        part = text.encode("utf-8", "surrogatepass")
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
