"""Installs of tiny packages, and what a prefix must look like after them."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import zstandard

from pixi_jupyter.adapters.rattler import RepoDataRecord, Session, records_from_mappings
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.install.conda import install_prefix
from pixi_jupyter.install.verify import verify_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pixi_jupyter.install.outcome import InstallOutcome

Publish: TypeAlias = "Callable[..., str]"
"""Puts packages, each the arguments of `make_package`, into a channel."""

ROOT = Path(__file__).parent.parent.parent
SUBDIR = "linux-64"

UNOWNED = frozenset(("CACHEDIR.TAG",))
"""What py-rattler puts into a prefix that belongs to no package."""


@dataclass
class Install:
    """One prefix, one cache, one channel, and everything that was said."""

    folder: Path
    channel: str = ""
    offline: bool = False
    events: list[Event] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def prefix(self) -> Path:
        """Where the environment is."""
        return self.folder / ".pixi" / "envs" / "default"

    @property
    def cache(self) -> Path:
        """Where packages are."""
        return self.folder / "cache"

    @property
    def operation(self) -> Operation:
        """An operation whose events are kept."""
        return Operation(self.hear)

    def hear(self, event: Event) -> None:
        """Keep an event, and wake who waits for one."""
        self.events.append(event)
        if self.loop:
            self.loop.call_soon_threadsafe(self.told.set)

    async def until(self, phase: str) -> None:
        """Wait until a phase is spoken of."""
        self.loop = asyncio.get_running_loop()
        while phase not in self.phases():
            await self.told.wait()
            self.told.clear()

    @property
    def session(self) -> Session:
        """A session that sees the channel as it is now."""
        return Session(self.cache, offline=self.offline)

    async def solve(self, *specs: str) -> list[RepoDataRecord]:
        """Find the records of `specs` in the channel."""
        return await Session(self.cache).solve([self.channel], specs, subdir=SUBDIR)

    async def install(self, *specs: str, verify: bool = False) -> InstallOutcome:
        """Solve and install."""
        return await self.put(await self.solve(*specs), verify=verify)

    async def put(
        self, records: Sequence[RepoDataRecord], *, verify: bool = False
    ) -> InstallOutcome:
        """Install just these records."""
        return await install_prefix(
            self.prefix,
            records,
            session=self.session,
            operation=self.operation,
            subdir=SUBDIR,
            verify=verify,
        )

    def phases(self) -> list[str]:
        """List the phases that were spoken of, each once, in order."""
        return list(dict.fromkeys(event.phase for event in self.events if event.phase))

    def start(
        self, specs: Sequence[str], *, during: str = "", kill_at: int = 0
    ) -> subprocess.Popen[str]:
        """Start the same install in a process of its own.

        Parameters
        ----------
        specs
            What to install.
        during, kill_at
            ``fetch``, ``stage`` or ``link``, and the number of the progress
            callback at which the process kills itself; 0 for never.
        """
        order = {
            "folder": str(self.folder),
            "channel": self.channel,
            "specs": list(specs),
            "during": during,
            "kill_at": kill_at,
        }
        script = str(Path(__file__).with_name("install_child.py"))
        return subprocess.Popen(
            [sys.executable, script, json.dumps(order)],
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def killed(self, specs: Sequence[str], *, during: str, kill_at: int) -> bool:
        """Run an install that kills itself; tell whether it got that far."""
        child = self.start(specs, during=during, kill_at=kill_at)
        output, errors = child.communicate(timeout=60)
        if child.returncode == 0:
            return False
        assert child.returncode == -signal.SIGKILL, (output, errors)
        return True


def result_of(child: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a process that `Install.start` gave, and give what it printed."""
    output, errors = child.communicate(timeout=60)
    assert child.returncode == 0, errors
    result: dict[str, Any] = json.loads(output)
    return result


def paths_of(prefix: Path) -> set[str]:
    """List the files of a prefix but those of conda-meta."""
    return {
        path.relative_to(prefix).as_posix()
        for path in prefix.rglob("*")
        if path.is_file() and "conda-meta" not in path.relative_to(prefix).parts
    }


def files_of(prefix: Path) -> dict[str, bytes]:
    """Give the content of all files of a prefix but those of conda-meta."""
    return {path: (prefix / path).read_bytes() for path in sorted(paths_of(prefix))}


def assert_whole(prefix: Path) -> None:
    """Check every file by hash, and that no file or folder is left over."""
    assert verify_prefix(prefix, hashes=True) == {}
    owned: set[str] = set()
    for record in (prefix / "conda-meta").glob("*.json"):
        owned.update(json.loads(record.read_text())["files"])
    assert paths_of(prefix) - owned - UNOWNED == set()
    folders = {
        path
        for path in prefix.rglob("*")
        if path.is_dir() and path.name != "conda-meta"
    }
    assert [path for path in folders if not any(path.iterdir())] == []
    assert [p.name for p in prefix.parent.iterdir() if p.name.startswith(".")] == []
    leftovers = {"pixi-jupyter-journal", ".pixi-jupyter-holder"}
    assert leftovers.isdisjoint(p.name for p in (prefix / "conda-meta").iterdir())


def make_record(name: str, version: str = "1.0", **fields: Any) -> RepoDataRecord:
    """Make a record that belongs to no channel."""
    data: dict[str, Any] = {
        "name": name,
        "version": version,
        "build": "0",
        "build_number": 0,
        "subdir": "noarch",
        "depends": [],
        "sha256": "11" * 32,
        "url": f"https://channel.example/noarch/{name}-{version}-0.conda",
        "channel": "https://channel.example/",
        **fields,
    }
    return records_from_mappings([data])[0]


def misdescribe(archive: Path) -> None:
    """Make a package tell wrong sizes of its files, as some real ones do."""
    with zipfile.ZipFile(archive) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    info = next(name for name in members if name.startswith("info-"))
    data = zstandard.ZstdDecompressor().decompressobj().decompress(members[info])
    with tarfile.open(fileobj=io.BytesIO(data)) as old:
        files = {m.name: old.extractfile(m) for m in old.getmembers() if m.isfile()}
        contents = {name: file.read() for name, file in files.items() if file}
    paths = json.loads(contents["info/paths.json"])
    for entry in paths["paths"]:
        entry["size_in_bytes"] += 1
    contents["info/paths.json"] = json.dumps(paths).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as new:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    members[info] = zstandard.ZstdCompressor().compress(buffer.getvalue())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
