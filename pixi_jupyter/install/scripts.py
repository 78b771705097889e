"""Scripts that packages want to run when they are installed or removed.

They can do anything the user can, so none runs unless it is allowed, by package.
Names, variables and messages are conda's (conda-build, "link scripts", read 2026-11);
what ``pre-link`` did was given up there, and is only told of here.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from pixi_jupyter.errors import LinkScriptError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import RepoDataRecord
    from pixi_jupyter.events import Operation

MESSAGES = ".messages.txt"
"""In the prefix; what a script wants to tell."""

PENDING = "pixi-jupyter-scripts"
"""In conda-meta: names of packages whose scripts have still to run."""

EVERY = "*"
"""Stands for all packages among those that are allowed."""

_SHOWN_LINES = 3


@dataclass(frozen=True, slots=True)
class LinkScripts:
    """Runs the scripts of one prefix, or tells of them."""

    prefix: Path
    operation: Operation
    allowed: Callable[[], frozenset[str]]
    """Names of packages, or `EVERY`; asked only when a package has a script."""

    async def before_unlink(self, records: Iterable[RepoDataRecord]) -> None:
        """Run ``pre-unlink`` of packages that are going to be removed.

        Notes
        -----
        A failure is told and stops nothing, as with conda: a package that cannot
        be removed would be worse.
        """
        for record in records:
            script = self._script(record, "pre-unlink")
            if script.is_file() and self._may_run(record, script, quietly=True):
                try:
                    await self._run(record, script)
                except LinkScriptError as error:
                    self.operation.warn(error.message)

    def remember(self, records: Iterable[RepoDataRecord]) -> None:
        """Note whose scripts have to run, before the change counts as finished.

        Those of ``pre-link`` are told of: they were for the time before.
        """
        records = tuple(records)
        for record in records:
            script = self._script(record, "pre-link")
            if script.is_file():
                self.operation.warn(
                    f"Package {record.name.normalized} has a script {script.name},"
                    f" which nothing runs any more: {_first_lines(script)}"
                )
        names = [
            each.name.normalized
            for each in records
            if self._script(each, "post-link").is_file()
        ]
        if names:
            self._pending.write_text("\n".join(names), encoding="utf-8")

    async def after_link(self, records: Iterable[RepoDataRecord]) -> None:
        """Run ``post-link`` of packages that were noted, here or in a dead process.

        Parameters
        ----------
        records
            All of the prefix.

        Raises
        ------
        LinkScriptError
            The files of the package are there; its script is not tried again
            unless the package is linked again.
        """
        try:
            names = set(self._pending.read_text(encoding="utf-8").split())
        except OSError:
            return
        try:
            for record in records:
                script = self._script(record, "post-link")
                if record.name.normalized not in names or not script.is_file():
                    continue
                if self._may_run(record, script):
                    self.operation.say("scripts", record.name.normalized)
                    await self._run(record, script)
                    self.operation.finish("scripts")
        finally:
            self._pending.unlink(missing_ok=True)

    @property
    def _pending(self) -> Path:
        return self.prefix / "conda-meta" / PENDING

    def _script(self, record: RepoDataRecord, when: str) -> Path:
        name = record.name.normalized
        if sys.platform == "win32":
            return self.prefix / "Scripts" / f".{name}-{when}.bat"
        return self.prefix / "bin" / f".{name}-{when}.sh"

    def _may_run(
        self, record: RepoDataRecord, script: Path, *, quietly: bool = False
    ) -> bool:
        name = record.name.normalized
        allowed = self.allowed()
        if name in allowed or EVERY in allowed:
            return True
        if not quietly:
            self.operation.warn(
                f"Package {name} wants to run {script.name}, which was not done:"
                f" {_first_lines(script)} (to allow it, add"
                f' link-scripts = ["{name}"] to [pixi-jupyter] in .pixi/config.toml,'
                f" then reinstall {name})"
            )
        return False

    async def _run(self, record: RepoDataRecord, script: Path) -> None:
        name = record.name.normalized
        windows = sys.platform == "win32"
        shell = ["cmd.exe", "/d", "/c"] if windows else ["/bin/bash"]
        programs = self.prefix / ("Scripts" if windows else "bin")
        environ = {
            **os.environ,
            "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")]),
            "PREFIX": str(self.prefix),
            "CONDA_PREFIX": str(self.prefix),
            "PKG_NAME": name,
            "PKG_VERSION": str(record.version),
            "PKG_BUILDNUM": str(record.build_number),
        }
        try:
            process = subprocess.Popen(  # noqa: S603, ASYNC220  what the user allowed
                [*shell, str(script)],
                cwd=self.prefix,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise LinkScriptError(
                name, script=script, exit_code=127, output=str(error)
            ) from error
        try:
            output, _ = await asyncio.to_thread(process.communicate)
        except asyncio.CancelledError:
            _end(process)
            raise
        self._pass_messages_on(name)
        if process.returncode:
            raise LinkScriptError(
                name, script=script, exit_code=process.returncode, output=output
            )

    def _pass_messages_on(self, name: str) -> None:
        path = self.prefix / MESSAGES
        with suppress(OSError):
            text = path.read_text(encoding="utf-8", errors="replace").strip()
            path.unlink()
            if text:
                self.operation.tell(f"{name}: {text}")


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _first_lines(script: Path) -> str:
    """Give what a script does, as far as its first lines say so."""
    try:
        text = script.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "it cannot be read"
    lines = [line.strip() for line in text.splitlines()]
    told = [line for line in lines if line and not line.startswith(("#", "@echo"))]
    more = " …" if len(told) > _SHOWN_LINES else ""
    return "; ".join(told[:_SHOWN_LINES]) + more
