"""Runs uv, and ends it with all that it started when nobody waits any more."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from pixi_jupyter.adapters.uv.binary import find_uv
from pixi_jupyter.adapters.web import Web
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

HONOURED = frozenset(
    (
        "UV_HTTP_TIMEOUT",
        "UV_REQUEST_TIMEOUT",
        "UV_HTTP_RETRIES",
        "UV_CONCURRENT_DOWNLOADS",
        "UV_CONCURRENT_BUILDS",
        "UV_CONCURRENT_INSTALLS",
    )
)
"""Of uv's own variables, those that pixi 0.77.0 obeys."""

_FOREIGN = (
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "PYTHONPATH",
    "__PYVENV_LAUNCHER__",
    "COLUMNS",
    "LINES",
)
"""They point at another Python than the one that is meant, or break lines that are
read here."""

_GRACE_SECONDS = 2.0
_NEW_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of one run."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Uv:
    """How uv is run, by everybody in one operation."""

    cache_dir: Path
    """Of wheels and pages; pixi's is ``uv-cache`` in its own cache."""
    offline: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    """Where uv looks for proxies, certificates, credentials and itself."""
    keyring: bool = False
    """Whether the program ``keyring`` is asked for passwords."""
    insecure_hosts: tuple[str, ...] = ()
    system_certificates: bool = False
    concurrent_downloads: int | None = None
    program: Path | None = None
    """None: the one that `find_uv` finds."""

    @cached_property
    def binary(self) -> Path:
        """The program."""
        return self.program or find_uv(self.environ)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Give the variables of a run: a cleaned copy, with `more` over it."""
        found = {
            name: value
            for name, value in (dict(self.environ) | dict(more)).items()
            if name in HONOURED or name in more or not name.startswith("UV_")
        }
        for name in _FOREIGN:
            found.pop(name, None)
        if "UV_HTTP_TIMEOUT" not in found and "UV_REQUEST_TIMEOUT" in found:
            found["UV_HTTP_TIMEOUT"] = found["UV_REQUEST_TIMEOUT"]
        if self.concurrent_downloads:
            downloads = str(self.concurrent_downloads)
            found.setdefault("UV_CONCURRENT_DOWNLOADS", downloads)
        if self.keyring:
            found["UV_KEYRING_PROVIDER"] = "subprocess"
        return found | {
            "NO_COLOR": "1",
            "UV_CACHE_DIR": str(self.cache_dir),
            "UV_NO_CONFIG": "1",
            "UV_NO_PROGRESS": "1",
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def flags(self) -> list[str]:
        """Give the words that every run gets."""
        found = ["--no-config", "--color", "never"]
        found += ["--offline"] if self.offline else []
        found += ["--system-certs"] if self.system_certificates else []
        for host in self.insecure_hosts:
            found += ["--allow-insecure-host", host]
        return found

    def web(self, sources: Iterable[str]) -> Web:
        """Give a client for small requests that is allowed what uv is allowed.

        Parameters
        ----------
        sources
            URLs of indexes, which may hold credentials.
        """
        return Web(
            sources,
            self.environ,
            offline=self.offline,
            keyring=self.keyring,
            insecure_hosts=self.insecure_hosts,
        )

    async def run(
        self,
        words: Sequence[str],
        *,
        cwd: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run uv to its end.

        Parameters
        ----------
        words
            After the flags that every run gets.
        variables
            For this run alone.

        Raises
        ------
        ToolNotFoundError

        Notes
        -----
        A cancel ends uv, and the builds that it began, before it goes on.
        """
        process = await asyncio.create_subprocess_exec(
            str(self.binary),
            *self.flags(),
            *words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=self.environment(variables or {}),
            start_new_session=sys.platform != "win32",
            creationflags=_NEW_GROUP,
        )
        try:
            out, err = await process.communicate()
        except BaseException:
            await asyncio.shield(_end(process))
            raise
        return Finished(process.returncode or 0, _text(out), _text(err))


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a process and its children; ask first."""
    if sys.platform == "win32":
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    else:
        _signal(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), _GRACE_SECONDS)
        # whoever did not listen, the builds among them
        _signal(process.pid, signal.SIGKILL)
    # reads the pipes to their end, unless somebody who left the group holds them
    with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
        await asyncio.wait_for(process.communicate(), _GRACE_SECONDS)


def _signal(group: int, number: int) -> None:
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def _text(data: bytes) -> str:
    return data.decode(errors="replace").replace("\r\n", "\n")
