"""Real locks and manifests of public repositories, where they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
import zstandard
from rattler import LockFile
from support.locks import DATA

from pixi_jupyter.adapters.rattler import channel_urls, read_lock_records
from pixi_jupyter.errors import LockParseError
from pixi_jupyter.lock.emit import canonical
from pixi_jupyter.lock.file import (
    Lock,
    format_lock,
    parse_lock,
    read_lock,
    validate_lock,
)
from pixi_jupyter.lock.platforms import with_aliases
from pixi_jupyter.lock.satisfy import describe, disagreements
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import read_manifest
from pixi_jupyter.workspace.pypi_rules import pypi_rules

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import LockedRecords

LARGEST = 15_000
"""Bytes, packed or not: what is larger takes too long for every run."""
LOCKS = sorted(
    path
    for path in (DATA / "locks").rglob("*")
    if path.suffix != ".json" and path.is_file() and path.stat().st_size < LARGEST
)
ALL = sorted(
    path
    for path in (DATA / "locks").rglob("*")
    if path.is_file() and path.suffix in {".lock", ".zst", ".yml"}
)
PAIRS = sorted((DATA / "pairs" / "satisfiability").glob("*"))

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no real data here")


def text_of(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    return data.decode()


def without_index(text: str) -> str:
    # py-rattler adds the index where it is the environment's; the data's is renamed
    return re.sub(r"\n  index: https://pypi\.example/simple(?=\n)", "", text)


def is_as_pixi_writes_it(text: str) -> bool:
    """Leave out what was written by hand: odd platform names, numbers for hashes."""
    names = re.findall(r"^- name: (\S+)\n  subdir:", text, re.MULTILINE)
    return not re.search(r"sha256: '0{64}'\n", text) and all(
        re.fullmatch(r"p\d+", name) for name in names
    )


def test_real_locks_are_written_as_py_rattler_writes_them(tmp_path: Path) -> None:
    source, theirs = tmp_path / "source.lock", tmp_path / "theirs.lock"
    compared, different = 0, []
    for path in LOCKS[::2]:
        text = text_of(path)
        if "lock_parse_fails" in path.name or "invalid" in path.name:
            continue
        source.write_text(text)
        LockFile.from_path(source).to_path(theirs)
        expected = theirs.read_text()
        if not is_as_pixi_writes_it(expected):
            continue
        compared += 1
        if without_index(format_lock(parse_lock(text, source))) != without_index(
            expected
        ):
            different.append(path.name)

    assert different == []
    assert compared > 30


@pytest.mark.slow
def test_every_lock_that_py_rattler_accepts_is_written_as_v7_and_read_back_equal(
    tmp_path: Path,
) -> None:
    source = tmp_path / "pixi.lock"
    versions: Counter[int] = Counter()
    for path in ALL:
        # zeros for a hash, without quotes, were written by hand: YAML's number 0
        text = re.sub(r": (0{32,})\n", r": '\1'\n", text_of(path))
        source.write_text(text)
        try:
            theirs = read_lock_records(source)
        except LockParseError:
            versions[0] += 1
            continue
        lock = read_lock(source)
        written = format_lock(lock)

        again = parse_lock(written, source)

        versions[lock.version] += 1
        assert rows(again) == rows(with_aliases(lock)), path
        assert format_lock(again) == written, path
        assert counts(validate_lock(written, source)) == counts(theirs), path
    assert versions.keys() >= {1, 2, 3, 4, 5, 6, 7}
    assert versions[0] < 20


def rows(lock: Lock) -> dict[tuple[str, str], list[tuple[str, str, dict[str, object]]]]:
    return {
        (name, platform): [
            (
                each.kind,
                each.location,
                {k: v for k, v in each.fields.items() if v != []},
            )
            for each in canonical(row)
        ]
        for name, environment in lock.environments.items()
        for platform, row in environment.packages.items()
    }


def counts(records: LockedRecords) -> dict[str, list[int]]:
    return {
        name: sorted(len(row) for row in rows.values() if row)
        for name, rows in records.items()
    }


@pytest.mark.parametrize("folder", PAIRS, ids=lambda folder: folder.name)
def test_a_manifest_and_a_lock_that_agree_for_pixi_agree_for_us(folder: Path) -> None:
    manifest = folder / "pixi.toml"
    if not manifest.exists():
        manifest = folder / "pyproject.toml"
    path = folder / "pixi.lock"

    found = disagreements(
        read_lock(path),
        read_lock_records(path),
        compose(read_manifest(manifest)),
        lambda name: channel_urls([name], root=folder)[0],
        pypi=pypi_rules(default_index="https://pypi.example/simple"),
    )

    assert describe(found) == []


def beside() -> list[tuple[Path, Path, bool]]:
    """List manifests and locks of one commit that lay in one folder."""
    if not DATA.is_dir():
        return []
    index = {
        kind: json.loads((DATA / kind / "INDEX.json").read_text(encoding="utf-8"))
        for kind in ("manifests", "locks")
    }
    manifests = {
        (each["repo"], each["commit"], PurePosixPath(each["path"]).parent): each
        for each in index["manifests"]
        if "path" in each
    }
    found = []
    for each in index["locks"]:
        if "path" in each and each["bytes"] < 20 * LARGEST:
            folder = PurePosixPath(each["path"]).parent
            if other := manifests.get((each["repo"], each["commit"], folder)):
                paths = (
                    DATA / "manifests" / other["file"],
                    DATA / "locks" / each["file"],
                )
                found.append((*paths, "non-satisfiability" not in each["path"]))
    return found


@pytest.mark.parametrize(
    ("manifest", "lock", "agrees"),
    beside(),
    ids=[str(lock.relative_to(DATA / "locks")) for _, lock, _ in beside()],
)
def test_real_pairs_are_judged_as_their_owners_do(
    manifest: Path,
    lock: Path,
    agrees: bool,  # noqa: FBT001  a case
    tmp_path: Path,
) -> None:
    name = "pyproject.toml" if "pyproject" in manifest.name else "pixi.toml"
    own, path = tmp_path / name, tmp_path / "pixi.lock"
    own.write_bytes(manifest.read_bytes())
    path.write_text(text_of(lock), encoding="utf-8")
    if "[workspace]" not in own.read_text() and "project]" not in own.read_text():
        pytest.skip("a package, and no workspace around it")

    found = disagreements(
        read_lock(path),
        read_lock_records(path),
        compose(read_manifest(own)),
        lambda channel: channel_urls([channel], root=tmp_path)[0],
        pypi=pypi_rules(default_index="https://pypi.example/simple"),
    )

    assert (describe(found) == []) is agrees
