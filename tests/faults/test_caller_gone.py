"""An engine whose caller goes away while it changes an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.engine_caller import Caller
from support.faulty import Place
from support.installs import assert_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MANY = [
    {
        "name": f"many-{number}",
        "files": {f"share/{number}/{each}.txt": f"{each}\n" for each in range(80)},
        **({"depends": [f"many-{number - 1}"]} if number else {}),
    }
    for number in range(6)
]


@pytest.fixture
def start() -> Iterator[Callable[[], Caller]]:
    callers: list[Caller] = []

    def begin() -> Caller:
        callers.append(Caller("-m", "pixi_jupyter.engine"))
        return callers[-1]

    yield begin
    for caller in callers:
        caller.end()


@pytest.mark.parametrize("phase", ["solve", "fetch", "link"])
def test_what_it_leaves_is_whole_or_is_finished_by_the_next_install(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    phase: str,
    start: Callable[[], Caller],
) -> None:
    place = Place(tmp_path / "study", tmp_path / "channel", tmp_path / "cache", capsys)
    place.publish({"name": "base"}, {"name": "base", "version": "2.0"}, *MANY)
    place.depend(base="1.0")
    monkeypatch.chdir(place.root)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(place.cache))
    assert place("install").code == 0
    manifest, lock = place.root / "pixi.toml", place.root / "pixi.lock"
    before = manifest.read_bytes(), lock.read_bytes()
    params = {
        "words": ["add", "base==2.0", "many-5"],
        "manifest": None,
        "face": "%pixi",
        "cwd": str(place.root),
    }

    caller = start()
    caller.send(id=1, method="command", params=params)
    caller.event(phase)
    code, _, log = caller.rest()
    after = manifest.read_bytes(), lock.read_bytes()
    installed = place("install", "--locked")

    assert code == 0, log
    assert "Traceback" not in log
    assert (after[0] == before[0]) == (after[1] == before[1])
    assert installed.code == 0, installed.err
    assert_whole(place.prefix)
    many = (place.prefix / "share" / "5").is_dir()
    assert many == (after[0] != before[0])
    version = "2.0" if many else "1.0"
    assert place.read("share/base.txt") == f"base {version} 0\n"
