"""pixi's own marker files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.adapters.rattler import installed_records
from pixi_jupyter.errors import WriteError
from pixi_jupyter.install.marker import (
    Marker,
    moved_from,
    read_marker,
    write_marker,
    write_pixi_files,
)
from pixi_jupyter.platforms import Platform, VirtualPackage

if TYPE_CHECKING:
    from pathlib import Path


def _write(prefix: Path, platform: Platform | None = None) -> None:
    write_marker(
        prefix,
        manifest=prefix / "pixi.toml",
        environment="test",
        lock_hash="0123456789abcdef",
        platform=platform,
    )


def test_the_marker_has_pixis_fields_in_pixis_order(tmp_path: Path) -> None:
    platform = Platform(
        "gpu",
        "linux-64",
        (VirtualPackage("__cuda", "12"), VirtualPackage("__glibc", "2.17")),
    )

    _write(tmp_path, platform)

    text = (tmp_path / "conda-meta" / "pixi").read_text()
    assert text.startswith('{\n  "manifest_path": ')
    assert list(json.loads(text).items()) == [
        ("manifest_path", str(tmp_path / "pixi.toml")),
        ("environment_name", "test"),
        ("pixi_version", "0.77.0"),
        ("environment_lock_file_hash", "0123456789abcdef"),
        (
            "resolved_platform",
            {
                "subdir": "linux-64",
                "virtual_packages": [
                    "__unix=0=0",
                    "__linux=4.18",
                    "__glibc=2.17",
                    "__archspec=0=x86_64",
                    "__cuda=12",
                ],
            },
        ),
        ("minimum_supported_platform", None),
    ]


def test_a_marker_comes_back(tmp_path: Path) -> None:
    _write(tmp_path)

    assert read_marker(tmp_path) == Marker(
        manifest_path=str(tmp_path / "pixi.toml"),
        environment_name="test",
        environment_lock_file_hash="0123456789abcdef",
    )
    assert installed_records(tmp_path) == []


def test_a_marker_of_an_older_pixi_is_read(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "pixi").write_text(
        json.dumps(
            {
                "manifest_path": "/w/pixi.toml",
                "environment_name": "default",
                "pixi_version": "0.40.0",
                "environment_lock_file_hash": "1",
            }
        )
    )

    found = read_marker(tmp_path)

    assert found is not None
    assert (found.pixi_version, found.resolved_platform) == ("0.40.0", None)


@pytest.mark.parametrize("content", [None, "", "[]", "{}", "nonsense"])
def test_a_marker_that_cannot_be_read_is_none(
    tmp_path: Path, content: str | None
) -> None:
    (tmp_path / "conda-meta").mkdir()
    if content is not None:
        (tmp_path / "conda-meta" / "pixi").write_text(content)

    assert read_marker(tmp_path) is None


def test_a_prefix_knows_whether_it_was_moved(tmp_path: Path) -> None:
    _write(tmp_path / "a")
    assert moved_from(tmp_path / "a") is None

    (tmp_path / "a").rename(tmp_path / "b")

    assert moved_from(tmp_path / "b") == str(tmp_path / "a" / "conda-meta")
    assert moved_from(tmp_path / "nowhere") is None


def test_history_is_there_for_conda(tmp_path: Path) -> None:
    _write(tmp_path)

    assert (tmp_path / "conda-meta" / "history").read_text().count("\n") <= 1


def test_ignore_files_are_written_once(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")

    write_pixi_files(tmp_path)

    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert (
        tmp_path / ".condapackageignore"
    ).read_text() == ".pixi\n!.pixi/config.toml\n"


def test_a_new_pixi_folder_hides_itself_from_git(tmp_path: Path) -> None:
    write_pixi_files(tmp_path / ".pixi")

    assert (tmp_path / ".pixi" / ".gitignore").read_text() == "*\n!config.toml\n"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").write_text("a file")

    with pytest.raises(WriteError, match="conda-meta"):
        _write(tmp_path)
