"""Channels that are built again: renewed in part, and always usable."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from support.channels import PYTHON, check, state

from pixi_jupyter.channel.build import (
    STAMP,
    ChannelReport,
    build_channel,
)
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.distributions import Site


def test_a_second_build_reuses_everything_and_changes_nothing(
    build: Callable[..., ChannelReport], channel: Path, site: Site
) -> None:
    site.add("thing")
    first = build("thing")
    before = state(channel)

    second = build("thing")

    assert [len(first.built), len(first.reused)] == [1, PYTHON]
    assert [len(second.built), len(second.reused)] == [0, 1 + PYTHON]
    assert state(channel) == before
    assert second.url == channel.as_uri() + "/"


def test_a_build_elsewhere_gives_equal_bytes(
    build: Callable[..., ChannelReport], channel: Path, site: Site, tmp_path: Path
) -> None:
    site.add("thing", outside={"bin/tool": f"#!{sys.executable}\n"})
    build("thing")
    before = state(channel)
    moved = tmp_path / "other place" / "channel"
    moved.parent.mkdir()
    shutil.copytree(channel, moved)
    for path in moved.glob("noarch/*"):
        path.unlink()
    (moved / STAMP).unlink()

    sites = [str(site.folder)]
    report = build_channel(moved, ["thing"], path=sites, operation=Operation())

    assert len(report.built) == 2  # python itself was found by its content
    assert state(moved) == before


def test_a_changed_source_gets_a_higher_build_and_the_old_one_stays(
    build: Callable[..., ChannelReport],
    channel: Path,
    site: Site,
) -> None:
    site.add("thing")
    (old,) = build("thing").built
    (site.folder / "thing.py").write_text("version = 'edited'\n", encoding="utf-8")

    (new,) = build("thing").built

    assert old.endswith("_0.conda")
    assert new.endswith("_1.conda")
    assert {old, new} <= state(channel).keys()
    assert check(channel) == 2 + PYTHON


def test_a_source_that_only_looks_newer_is_not_packed_again(
    build: Callable[..., ChannelReport], site: Site
) -> None:
    site.add("thing")
    build("thing")
    os.utime(site.folder / "thing.py", (1, 1))

    assert build("thing").built == ()


def test_an_archive_that_was_cut_is_made_again(
    build: Callable[..., ChannelReport], channel: Path, site: Site
) -> None:
    site.add("thing")
    (name,) = build("thing").built
    before = state(channel)
    (channel / name).write_bytes(before[name][:200])

    report = build("thing")

    assert report.built == (name,)
    assert state(channel) == before


def test_a_package_whose_source_is_gone_stays(
    build: Callable[..., ChannelReport], channel: Path, site: Site
) -> None:
    site.add("thing")
    site.add("other")
    before = build("thing", "other").built

    build("other")

    assert set(before) <= state(channel).keys()


@pytest.mark.parametrize("text", ["", "[]", '{"sources": {"thing": 3}}'])
def test_a_stamp_that_cannot_be_read_is_written_again(
    build: Callable[..., ChannelReport], channel: Path, site: Site, text: str
) -> None:
    site.add("thing")
    build("thing")
    before = (channel / STAMP).read_text("utf-8")
    (channel / STAMP).write_text(text, encoding="utf-8")

    report = build("thing")

    assert report.built == ()
    assert (channel / STAMP).read_text("utf-8") == before


def test_a_second_builder_waits_and_says_so(channel: Path, site: Site) -> None:
    site.add("thing")
    waiting = threading.Event()
    reports: list[ChannelReport] = []

    def report(event: Event) -> None:
        if event.phase == "waiting":
            waiting.set()

    def build() -> None:
        path = [str(site.folder)]
        reports.append(
            build_channel(channel, ["thing"], path=path, operation=Operation(report))
        )

    with FileLock(channel / ".pixi-jupyter-channel.lock"):
        thread = threading.Thread(target=build)
        thread.start()
        assert waiting.wait(30)
        assert reports == []
    thread.join(30)

    assert len(reports[0].built) == 1


KILLED = """
import os, sys
from pathlib import Path
from pixi_jupyter.channel import archive, build
from pixi_jupyter.events import Operation

left = int(sys.argv[3])

def report(event):
    global left
    if event.done:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)

build.build_channel(
    Path(sys.argv[1]), every=True, path=[sys.argv[2]], operation=Operation(report)
)
"""


@pytest.mark.parametrize("after", [0, 2, 5])
def test_a_builder_that_is_killed_leaves_a_channel_that_works(
    build: Callable[..., ChannelReport], channel: Path, site: Site, after: int
) -> None:
    site.add("first")
    build("first")
    for number in range(6):
        site.add(f"thing-{number}")
    (channel / "noarch" / ".x.conda.1.partial").write_bytes(b"of an earlier kill")

    arguments = [str(channel), str(site.folder), str(after)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)

    assert killed.returncode == -9
    assert check(channel) == 1 + PYTHON
    assert all(zipfile.is_zipfile(path) for path in channel.glob("*/*.conda"))
    assert len(build(every=True).reused) >= 1 + PYTHON
    assert check(channel) == 7 + PYTHON
    assert list(channel.glob("*/.*.partial")) == []


def test_rattler_takes_the_newest_build_of_a_version(
    build: Callable[..., ChannelReport],
    channel: Path,
    site: Site,
    installer: Callable[..., Path],
    tmp_path: Path,
) -> None:
    site.add("thing")
    build("thing")
    (site.folder / "thing.py").write_text("version = 'edited'\n", encoding="utf-8")
    url = build("thing").url

    prefix = installer(url, ["thing"], tmp_path / "prefix", tmp_path / "cache")

    (module,) = prefix.glob("lib/python3*/site-packages/thing.py")
    assert module.read_text("utf-8") == "version = 'edited'\n"
    assert (channel / host_subdir({})).is_dir()
