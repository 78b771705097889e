"""What a lock says of a record, compared with what py-rattler writes."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import pytest
from rattler.lock import LockChannel, LockFile, LockPlatform

from pixi_jupyter.adapters.rattler import RepoDataRecord, records_from_mappings
from pixi_jupyter.lock.file import (
    Lock,
    LockedEnvironment,
    LockedPlatform,
    conda_package,
    format_lock,
)
from pixi_jupyter.lock.packages import lock_location

if TYPE_CHECKING:
    from pathlib import Path

CHANNEL = "https://conda.anaconda.org/conda-forge/"
PLAIN: dict[str, Any] = {
    "name": "demo",
    "version": "1.0",
    "build": "pyh0_3",
    "build_number": 3,
    "subdir": "noarch",
    "noarch": "python",
    "depends": ["python >=3.8", "__glibc >=2.17,<3.0.a0"],
    "url": f"{CHANNEL}noarch/demo-1.0-pyh0_3.conda",
    "fn": "demo-1.0-pyh0_3.conda",
    "channel": CHANNEL,
    "sha256": "00" * 32,
    "md5": "11" * 16,
    "size": 12,
}
FULL: dict[str, Any] = {
    "constrains": ["other >1", "*"],
    "license": "MIT",
    "license_family": "MIT",
    "purls": ["pkg:pypi/demo@1.0", "pkg:pypi/also"],
    "python_site_packages_path": "lib/python3.12/site-packages",
    "timestamp": 1700000000123,
    "indexed_timestamp": 1795167667214,
    "track_features": "one two",
    "features": "some",
    "flags": ["gpu", "blas:mkl"],
    "extra_depends": {"all": ["numpy >1", "*"]},
    "run_exports": {"weak": ["demo >=1"], "strong": ["other"]},
    "legacy_bz2_md5": "22" * 16,
    "legacy_bz2_size": 4,
    "attestations_sha256": "33" * 32,
}
LINUX = {"subdir": "linux-64", "url": f"{CHANNEL}linux-64/demo-1.0-pyh0_3.conda"}
FILE = {"url": "file:///some/folder/noarch/demo-1.0-pyh0_3.conda"}
CASES: dict[str, dict[str, Any]] = {
    "nothing that its URL does not tell": {},
    "everything": FULL,
    "whole seconds": {"timestamp": 1700000000000, "indexed_timestamp": 1700000001000},
    "noarch python": {"noarch": "python"},
    "noarch generic with a build of python's": {"noarch": "generic"},
    "no noarch": {"noarch": None},
    "a platform": {**LINUX, "noarch": None},
    "a platform and noarch": {**LINUX, "subdir": "noarch"},
    "another build number": {"build_number": 7},
    "another version": {"version": "1.00"},
    "another build": {"build": "other_2"},
    "another channel": {"channel": "https://mirror.example/conda-forge"},
    "a name in capitals": {"name": "Demo"},
    "purls known to be none": {"purls": []},
    "run exports known to be none": {"run_exports": {}},
    "a file": {**FILE, "channel": "file:///some/folder/"},
    "a file in a folder with a blank": {
        "url": "file:///some/f%20older/noarch/demo-1.0-pyh0_3.conda",
        "channel": "file:///some/f%20older",
    },
    "a licence that looks like a number": {"license": "0.5"},
    "a licence with a colon": {"license": "GPL: 3 # or later"},
    "a licence of two lines": {"license": "MIT\nand more"},
    "no hashes": {"sha256": None, "md5": None},
    "a hash that looks like a number": {"md5": "1234567e" + "0" * 24},
}


def theirs(records: list[RepoDataRecord], channel: str, path: Path) -> str:
    platform = LockPlatform("linux-64", virtual_packages=["__unix=0=0", "__glibc=2.28"])
    lock = LockFile([platform])
    lock.set_channels("default", [LockChannel(channel)])
    for record in records:
        lock.add_conda_package("default", platform, record)
    lock.to_path(path)
    return path.read_text(encoding="utf-8")


def ours(records: list[RepoDataRecord], channel: str) -> str:
    row = tuple(conda_package(record) for record in records)
    environment = LockedEnvironment(
        channels=({"url": channel},), packages={"linux-64": row}
    )
    platform = LockedPlatform("linux-64", "linux-64", ("__unix=0=0", "__glibc=2.28"))
    return format_lock(
        Lock(platforms=(platform,), environments={"default": environment})
    )


def record_of(changes: dict[str, Any]) -> RepoDataRecord:
    given = {**PLAIN, **changes}
    given = {key: value for key, value in given.items() if value is not None}
    return records_from_mappings([given])[0]


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_a_record_is_written_as_py_rattler_writes_it(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    records = [record_of(changes)]

    assert ours(records, CHANNEL) == theirs(records, CHANNEL, tmp_path / "their.lock")


def test_many_records_are_written_in_the_order_of_py_rattler(tmp_path: Path) -> None:
    names = ["zlib", "Alpha", "beta", "alpha-two", "_first", "alpha"]
    records = records_from_mappings(
        [
            {
                **PLAIN,
                "name": name.lower(),
                "url": f"{base}{sub}/{name.lower()}-1.0-pyh0_3.conda",
                "subdir": sub,
            }
            for name in names
            for base, sub in [(CHANNEL, "noarch"), ("https://b.example/c/", "linux-64")]
        ]
    )

    written = theirs(records, CHANNEL, tmp_path / "their.lock")

    assert ours(records, CHANNEL) == written
    assert ours(records[::-1], CHANNEL) == written


def test_a_row_without_packages_and_one_twice_are_written_as_once(
    tmp_path: Path,
) -> None:
    records = [record_of({})]

    assert ours(records * 2, CHANNEL) == theirs(records, CHANNEL, tmp_path / "x.lock")


@pytest.mark.parametrize(
    ("url", "location"),
    [
        (
            "https://a.example/noarch/x-1-0.conda",
            "https://a.example/noarch/x-1-0.conda",
        ),
        ("file:///a%20b/noarch/x-1-0.conda", "/a b/noarch/x-1-0.conda"),
        ("file:///C:/a/noarch/x-1-0.conda", "C:\\a\\noarch\\x-1-0.conda"),
    ],
)
def test_files_are_located_by_their_path(url: str, location: str) -> None:
    assert lock_location(url) == location


def test_real_records_are_written_as_py_rattler_writes_them(
    tmp_path: Path, real_records: list[RepoDataRecord]
) -> None:
    written = theirs(real_records, CHANNEL, tmp_path / "their.lock").splitlines()

    mine = ours(real_records, CHANNEL).splitlines()

    assert list(difflib.unified_diff(written, mine, lineterm="", n=1))[:20] == []
