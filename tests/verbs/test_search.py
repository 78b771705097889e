"""A search describes one package, lists several, and gives records to programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_channel

from pixi_jupyter.events import Operation
from pixi_jupyter.verbs.search import SearchRequest, search

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer

    Pixi = Callable[..., Answer]

PACKAGES: list[dict[str, Any]] = [
    *(
        {"name": "numtools", "version": version, "build": build, "build_number": number}
        for version, build, number in (
            ("1.9", "h_0", 0),
            ("1.10", "h_0", 0),
            ("2.0", "h_1", 1),
            ("2.0", "h_0", 0),
        )
    ),
    {"name": "numtools", "version": "1.11", "subdir": "linux-64"},
    {"name": "a-numtools", "version": "1.0", "subdir": "linux-64"},
    {"name": "numtools-extra", "version": "1.0"},
    {"name": "base", "version": "1.0"},
]


@pytest.fixture
def find(
    tmp_path: Path, pixi: Pixi, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Pixi:
    """Search a channel from a folder that is no workspace."""
    del cache
    channel = str(make_channel(tmp_path / "mine", PACKAGES))
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.chdir(outside)
    return lambda *words: pixi("search", "-p", "linux-64", "-c", channel, *words)


def test_one_package_is_described_with_its_other_versions(find: Pixi) -> None:
    answer = find("NumTools")

    lines = answer.out.splitlines()
    assert lines[:2] == ["numtools-2.0-h_1 (+ 1 build)", "-" * 28]
    assert "Version             2.0" in lines
    assert "Timestamp           2023-11-14 22:13:20 UTC" in lines
    assert lines[-5:] == [
        "Other Versions (3):",
        "Version  Build",
        "1.11     0",
        "1.10     h_0",
        "1.9      h_0",
    ]
    assert answer.err == "Using channels: mine\n"


def test_a_part_of_a_name_finds_all_that_begin_with_it_first(find: Pixi) -> None:
    answer = find("numtool")

    names = [line for line in answer.out.splitlines() if line and line[0] != " "]
    assert names == [
        "numtools (5 versions)",
        "numtools-extra (1 version)",
        "a-numtools (1 version)",
    ]
    assert "  2.0 h_1 [noarch] mine\n  2.0 h_0 [noarch] mine\n  1.11" in answer.out


def test_limits_say_what_they_leave_out_and_minus_one_is_all(find: Pixi) -> None:
    short = find("numtool", "-l", "1", "-n", "1").out
    whole = find("numtools", "-l", "-1").out
    one = find("numtools", "--limit", "1").out

    assert "... and 4 more versions (use -l to show more)" in short
    assert short.endswith("... and 2 more packages (use -n to show more)\n")
    assert whole.endswith("1.9      h_0\n")
    assert one.endswith("1.11     0\n... and 2 more\n")


def test_programs_get_records_by_subdir_newest_first(find: Pixi) -> None:
    answer = find("numtools", "--json", "-l", "1")

    found = json.loads(answer.out)
    assert [
        (name, [(r["version"], r["build"]) for r in rows])
        for name, rows in found.items()
    ] == [
        ("linux-64", [("1.11", "0")]),
        (
            "noarch",
            [("2.0", "h_1"), ("2.0", "h_0"), ("1.10", "h_0"), ("1.9", "h_0")],
        ),
    ]
    record = found["linux-64"][0]
    assert record["fn"] == "numtools-1.11-0.conda"
    assert record["url"].startswith(record["channel"].rstrip("/"))
    assert answer.err == "Using channels: mine\n"


def test_a_glob_may_have_a_version(find: Pixi) -> None:
    found = json.loads(find("num* >=1.11", "--json").out)

    names = {(r["name"], r["version"]) for rows in found.values() for r in rows}
    assert names == {("numtools", "1.11"), ("numtools", "2.0")}


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_nothing_found_is_an_error(find: Pixi, more: tuple[str, ...]) -> None:
    answer = find("zebra", *more)

    assert answer.code == 1
    assert "zebra" in answer.err


async def test_who_searches_while_typing_gets_few_packages_and_each_version_once(
    tmp_path: Path,
) -> None:
    channel = make_channel(
        tmp_path / "channel",
        [
            {"name": "xarray", "version": "1.0"},
            {"name": "array", "version": "1.0", "build": "h1_0"},
            {"name": "array", "version": "1.0", "build": "h2_1", "build_number": 1},
            {"name": "array", "version": "2.0"},
            {"name": "arrayfire", "version": "3.0"},
        ],
    )
    request = SearchRequest(package="*array*", channels=(channel,), most=2)

    found = await search(request, Operation())

    rows = [row for rows in found.to_json().values() for row in rows]
    told = [(row["name"], row["version"]) for row in rows]
    assert told == [("array", "2.0"), ("array", "1.0"), ("arrayfire", "3.0")]
    assert "depends" not in rows[0]
