"""Archives: equal input gives equal bytes, and rattler reads them."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from pixi_jupyter.channel.archive import PLACEHOLDER, Entry, write_package
from pixi_jupyter.channel.repodata import write_repodata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

INDEX = {"name": "thing", "version": "1.0", "build": "0", "subdir": "noarch"}
LONG_PATH = "share/" + "a-long-name/" * 12 + "größe.txt"
ENTRIES = (
    Entry("bin/thing", f"#!{PLACEHOLDER}/bin/sh\n".encode(), 0o755, None, PLACEHOLDER),
    Entry("share/data.bin", b"\0" * 700),
    Entry("share/latest", mode=0o777, link="other"),
    Entry("share/other", mode=0o777, link="data.bin"),
    Entry(LONG_PATH, b"long"),
)


def info(path: Path, name: str) -> Any:
    with zipfile.ZipFile(path) as archive:
        packed = archive.read(f"info-{path.stem}.tar.zst")
    plain = zstandard.ZstdDecompressor().stream_reader(packed).read()
    with tarfile.open(fileobj=io.BytesIO(plain)) as members:
        stream = members.extractfile(f"info/{name}")
        assert stream
        return json.load(stream)


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    first = write_package(tmp_path / "one", INDEX, ENTRIES)
    second = write_package(tmp_path / "two", dict(reversed(INDEX.items())), ENTRIES)

    assert first.read_bytes() == second.read_bytes()


def test_a_link_has_the_hash_of_the_file_it_leads_to(tmp_path: Path) -> None:
    path = write_package(tmp_path, INDEX, ENTRIES)

    rows = {row["_path"]: row for row in info(path, "paths.json")["paths"]}
    assert rows["share/latest"]["path_type"] == "softlink"
    assert rows["share/latest"]["sha256"] == hashlib.sha256(b"\0" * 700).hexdigest()
    assert rows["share/latest"]["size_in_bytes"] == 700


def test_a_link_that_leads_in_a_circle_ends(tmp_path: Path) -> None:
    circle = [Entry("a", link="b"), Entry("b", link="a")]

    path = write_package(tmp_path, INDEX, circle)

    sizes = [row["size_in_bytes"] for row in info(path, "paths.json")["paths"]]
    assert sizes == [0, 0]


@pytest.mark.parametrize(("data", "mode"), [(b"text", "text"), (b"\0binary", "binary")])
def test_a_placeholder_is_replaced_as_its_file_demands(
    tmp_path: Path, data: bytes, mode: str
) -> None:
    entry = Entry("share/x", data, placeholder="text")

    path = write_package(tmp_path, INDEX, [entry])

    (row,) = info(path, "paths.json")["paths"]
    assert (row["prefix_placeholder"], row["file_mode"]) == ("text", mode)


def test_an_archive_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Iterator[Entry]:
        yield Entry("share/x", b"x")
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  raised by the generator above
        write_package(tmp_path, INDEX, broken())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_rattler_installs_what_is_written(
    tmp_path: Path, installer: Callable[..., Path]
) -> None:
    channel, prefix = tmp_path / "channel", tmp_path / "prefix"
    write_package(channel, {**INDEX, "noarch": "generic", "depends": []}, ENTRIES)
    write_repodata(channel)

    installer(channel.as_uri(), ["thing"], prefix, tmp_path / "cache")

    script = prefix / "bin/thing"
    assert script.read_text(encoding="utf-8") == f"#!{prefix}/bin/sh\n"
    assert script.stat().st_mode & 0o111
    assert (prefix / "share/latest").read_bytes() == b"\0" * 700
    assert (prefix / "share/latest").is_symlink()
    assert (prefix / LONG_PATH).read_bytes() == b"long"
