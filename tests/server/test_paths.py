from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import OutsideRootError
from pixi_jupyter.server.paths import (
    contents_path,
    inside,
    place_of,
    workspaces_below,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "a/..",
        "%2e%2e/x",
        "a%2F..%2F..",
        "\\\\host\\x",
        "a\x7f",
        "\ud800",
        "x" * 4097,
    ],
    ids=lambda path: ascii(path)[:16],
)
def test_what_any_system_reads_as_a_way_out_is_refused(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(OutsideRootError):
        inside(tmp_path, path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "new.ipynb", "a b/100%.ipynb", "...", "a..b", "~", "größe"],
    ids=ascii,
)
def test_what_is_only_unusual_is_not(tmp_path: Path, path: str) -> None:
    found = inside(tmp_path, path)

    assert contents_path(tmp_path, found) == path.strip("/")


def test_a_link_inside_is_followed_and_one_that_leads_out_is_refused(
    tmp_path: Path,
) -> None:
    root = tmp_path / "root"
    (root / "data").mkdir(parents=True)
    (root / "link").symlink_to(root / "data")
    (root / "out").symlink_to(tmp_path)

    assert inside(root, "link/x") == root.resolve() / "data" / "x"
    for path in ("out", "out/x", "link/../out"):
        with pytest.raises(OutsideRootError):
            inside(root, path)


def test_a_workspace_above_the_root_is_worked_in(tmp_path: Path) -> None:
    manifest = tmp_path / "pixi.toml"
    manifest.write_text("[workspace]\n")
    root = tmp_path / "notebooks"
    root.mkdir()

    place = place_of(root, "x.ipynb")

    assert (place.manifest, place.folder) == (manifest, root)
    assert place.key == str(manifest)


def test_workspaces_are_found_nearest_first_and_not_behind_links(
    tmp_path: Path,
) -> None:
    for folder in ("b/deep", "a", ".hidden", "node_modules/x"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "pixi.toml").touch()
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "pyproject.toml").write_text("[tool.pixi.workspace]\n")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "again").symlink_to(tmp_path / "a")

    found = [os.path.relpath(path, tmp_path) for path in workspaces_below(tmp_path)]

    assert found == ["a/pixi.toml", "c/pyproject.toml", "b/deep/pixi.toml"]
