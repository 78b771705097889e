"""Repodata: names what is there, as it is there."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_channel, make_package

from pixi_jupyter.channel.repodata import write_repodata
from pixi_jupyter.errors import ChannelBuildError, UnsatisfiableError
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from pathlib import Path

DAY = 24 * 3600 * 1000


def records(channel: Path, subdir: str = "noarch") -> dict[str, dict[str, Any]]:
    content = json.loads((channel / subdir / "repodata.json").read_text("utf-8"))
    assert content["info"] == {"subdir": subdir}
    return dict(content["packages.conda"])


def test_an_empty_channel_has_both_subdirs(tmp_path: Path) -> None:
    write_repodata(tmp_path / "channel")

    assert records(tmp_path / "channel") == {}
    assert records(tmp_path / "channel", host_subdir({})) == {}


def test_a_record_tells_hash_and_size_and_no_time_of_indexing(tmp_path: Path) -> None:
    path = make_package(tmp_path, "thing", depends=["other >=2"])

    write_repodata(tmp_path)

    record = records(tmp_path)[path.name]
    data = path.read_bytes()
    assert record["sha256"] == hashlib.sha256(data).hexdigest()
    assert record["md5"] == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert record["size"] == len(data)
    assert record["depends"] == ["other >=2"]
    assert "indexed_timestamp" not in record


def test_a_package_that_was_made_again_has_its_new_hash(tmp_path: Path) -> None:
    make_channel(tmp_path, [{"name": "thing", "files": {"share/x": "one"}}])
    before = records(tmp_path)["thing-1.0-0.conda"]

    make_channel(tmp_path, [{"name": "thing", "files": {"share/x": "two"}}])

    after = records(tmp_path)["thing-1.0-0.conda"]
    assert after["sha256"] != before["sha256"]


def test_a_package_that_is_gone_is_named_no_more(tmp_path: Path) -> None:
    path = make_package(tmp_path, "thing")
    write_repodata(tmp_path)
    path.unlink()

    write_repodata(tmp_path)

    assert records(tmp_path) == {}


def test_an_archive_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    make_channel(tmp_path, [{"name": "thing"}])
    file = tmp_path / "noarch/repodata.json"
    text = file.read_text("utf-8").replace('"build": "0"', '"build": "noted"')
    file.write_text(text, encoding="utf-8")

    write_repodata(tmp_path)

    assert records(tmp_path)["thing-1.0-0.conda"]["build"] == "noted"


@pytest.mark.parametrize("text", ["{", "[]", '{"packages.conda": 3}'])
def test_repodata_that_is_no_repodata_is_made_again(tmp_path: Path, text: str) -> None:
    make_channel(tmp_path, [{"name": "thing"}])
    (tmp_path / "noarch/repodata.json").write_text(text, encoding="utf-8")

    write_repodata(tmp_path)

    assert list(records(tmp_path)) == ["thing-1.0-0.conda"]


@pytest.mark.parametrize("keep", [0, 100, -100], ids=["empty", "start", "end cut"])
def test_an_archive_that_is_not_whole_is_named_in_the_error(
    tmp_path: Path, keep: int
) -> None:
    path = make_package(tmp_path, "thing")
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(ChannelBuildError) as caught:
        write_repodata(tmp_path)

    assert str(path) in caught.value.message


def test_a_cut_off_by_date_sees_when_a_package_was_made(tmp_path: Path) -> None:
    from pixi_jupyter.adapters.rattler import Session

    new = 1_700_000_000_000
    url = make_channel(
        tmp_path / "channel",
        [
            {"name": "thing", "version": "1.0", "timestamp": new - 9 * DAY},
            {"name": "thing", "version": "2.0", "timestamp": new},
        ],
    )

    def version(days: int) -> str:
        cutoff = dt.datetime.fromtimestamp((new - days * DAY) / 1000, dt.timezone.utc)
        session = Session(tmp_path / "cache")
        options = {"exclude_newer": cutoff}
        solve = session.solve([url], ["thing"], subdir="noarch", options=options)
        return str(asyncio.run(solve)[0].version)

    assert (version(-1), version(1)) == ("2.0", "1.0")
    with pytest.raises(UnsatisfiableError):
        version(10)
