"""A workspace that is put back to one of its states as often as a test kills."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.registry import VERBS, load
from pixi_jupyter.events import Operation
from support.installs import ROOT, assert_whole, files_of
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = """\
# what we need
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64", "win-64"]

[dependencies]
base = "*"  # the ground
keep = "*"
"""


def _package(name: str, version: str, **more: Any) -> dict[str, Any]:
    files = {
        f"share/{name}/{version}/{number}.txt": f"{name} {version} {number}\n"
        for number in range(20)
    }
    # of equal size in each version: only a hash tells them apart
    files[f"share/{name}/same.txt"] = f"{name} {version}\n"
    files[f"share/{name}/prefix.txt"] = f"here: {'/opt/placeholder' * 15}\n"
    placeholder = "/opt/placeholder" * 15
    return {
        "name": name,
        "version": version,
        "files": files,
        "placeholder": placeholder,
        **more,
    }


FIRST = [_package("base", "1.0"), _package("keep", "1.0")]
LATER = [
    _package("base", "2.0"),
    _package("app", "1.0", depends=["base >=2", "data"]),
    _package("data", "1.0"),
]


@dataclass(frozen=True)
class Scenario:
    """A verb, and the state it starts from."""

    verb: str
    request: Mapping[str, Any] = field(default_factory=dict)
    state: str = "old"
    """``old``, ``new`` (after `add app`), ``bare`` (new, not installed) or ``behind``
    (manifest and lock new, prefix old)."""


SCENARIOS = {
    "first-install": Scenario("install", state="bare"),
    "install": Scenario("install", state="behind"),
    "add": Scenario("add", {"specs": ["app"]}),
    "remove": Scenario("remove", {"names": ["app"]}, state="new"),
}
if "reinstall" in VERBS:
    SCENARIOS["reinstall"] = Scenario("reinstall", state="new")


def run_verb(verb: str, **request: Any) -> Any:
    """Run a verb in this process, as a face would."""
    function, request_class = load(verb)

    async def run() -> Any:
        return await function(request_class.from_wire(request), Operation())

    return asyncio.run(run())


class Victim:
    """The workspace, its states, and what must be in it at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "study"
        self.cache = folder / "cache"
        channel = make_channel(folder / "channel", FIRST)
        self.root.mkdir()
        text = MANIFEST.format(channel=channel)
        (self.root / "pixi.toml").write_text(text, encoding="utf-8")
        run_verb("install", manifest=str(self.root))
        self._keep("old")
        make_channel(folder / "channel", LATER)
        run_verb("add", manifest=str(self.root), specs=["app"])
        self._keep("new")
        shutil.rmtree(self.root / ".pixi")
        self._keep("bare")
        shutil.copytree(folder / "old" / "study/.pixi", self.root / ".pixi")
        self._keep("behind")
        run_verb("install", manifest=str(self.root))
        run_verb("remove", manifest=str(self.root), names=["app"])
        self._keep("removed")
        self.ends = {self._files(name): name for name in ("old", "new", "removed")}

    @property
    def prefix(self) -> Path:
        return self.root / ".pixi" / "envs" / "default"

    def _keep(self, name: str) -> None:
        shutil.copytree(self.root, self.folder / name / "study", symlinks=True)
        cached = "old" if name == "behind" else name
        if cached == name:
            shutil.copytree(self.cache, self.folder / name / "cache", symlinks=True)

    def _files(self, name: str) -> tuple[bytes, bytes]:
        folder = self.folder / name / "study"
        return (folder / "pixi.toml").read_bytes(), (folder / "pixi.lock").read_bytes()

    def back_to(self, name: str) -> None:
        """Put workspace and cache into one of the states; fetches are to be done."""
        for path in (self.root, self.cache):
            shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.folder / name / "study", self.root, symlinks=True)
        cache = "old" if name in {"behind", "bare"} else name
        shutil.copytree(self.folder / cache / "cache", self.cache, symlinks=True)

    def run(self, scenario: Scenario, **kill_at: int) -> dict[str, int] | None:
        """Run a verb that kills itself; gives its counts where it did not."""
        self.back_to(scenario.state)
        request = {"manifest": str(self.root), **scenario.request}
        order = {"verb": scenario.verb, "request": request, **kill_at}
        done = subprocess.run(
            [sys.executable, "-m", "support.verb_child", json.dumps(order)],
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
                "RATTLER_CACHE_DIR": str(self.cache),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        if done.returncode == 0:
            counts: dict[str, int] = json.loads(done.stdout)
            return counts
        assert done.returncode == -signal.SIGKILL, done.stderr
        return None

    def heal(self) -> None:
        """Run a plain install, and see that everything is as it should be."""
        run_verb("install", manifest=str(self.root))
        assert_whole(self.prefix)
        now = tuple(
            (self.root / f"pixi.{end}").read_bytes() for end in ("toml", "lock")
        )
        name = self.ends[now]  # type: ignore[index]  # two of them
        there = self.folder / name / "study/.pixi/envs/default"
        assert files_of(self.prefix) == files_of(there)
        others = _metas(self.prefix) ^ _metas(there)
        assert not others, others
        again = run_verb("install", manifest=str(self.root))
        assert not again.installed[0].changed


def _metas(prefix: Path) -> set[str]:
    return {path.name for path in (prefix / "conda-meta").iterdir()}
