"""Real locks and manifests of public repositories, where they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import zstandard
from rattler import LockFile
from support.locks import DATA

from pixi_jupyter.adapters.rattler import channel_urls, read_lock_records
from pixi_jupyter.lock.file import format_lock, parse_lock, read_lock
from pixi_jupyter.lock.satisfy import describe, disagreements
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 15_000
"""Bytes, packed or not: what is larger takes too long for every run."""
LOCKS = sorted(
    path
    for path in (DATA / "locks").rglob("*")
    if path.suffix != ".json" and path.is_file() and path.stat().st_size < LARGEST
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
    )

    assert describe(found) == []
