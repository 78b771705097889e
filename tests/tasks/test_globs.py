from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.tasks.globs import matching_files

if TYPE_CHECKING:
    from pathlib import Path

FILES = (
    "a.py",
    "pixi.toml",
    "src/a.py",
    "src/b.txt",
    "src/deep/c.py",
    "src/deep/pixi.toml",
    "src/.hidden/d.py",
    "data/x/1.csv",
    "data/y.bin",
    ".github/ci.yml",
    ".env",
    ".pixi/envs/default/lib/z.py",
    "#odd.py",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "w" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "beside.txt").write_text("")
    return tmp_path / "w"


def found(root: Path, *globs: str) -> list[str]:
    return [os.path.relpath(path, root) for path in matching_files(root, globs)]


@pytest.mark.parametrize(
    ("globs", "files"),
    [
        (["*.py"], ["#odd.py", "a.py", "src/a.py", "src/deep/c.py"]),
        (["/*.py"], ["#odd.py", "a.py"]),
        (["src/*.py"], ["src/a.py"]),
        (["src/**/*.py"], ["src/a.py", "src/deep/c.py"]),
        (["src/*.{py,txt}"], ["src/a.py", "src/b.txt"]),
        (["pixi.toml"], ["pixi.toml"]),
        (["**/pixi.toml"], ["pixi.toml", "src/deep/pixi.toml"]),
        (["data"], ["data/x/1.csv", "data/y.bin"]),
        (["data/"], ["data/x/1.csv", "data/y.bin"]),
        (["./data/y.bin"], ["data/y.bin"]),
        (["src", "!*.txt", "!src/deep"], ["src/a.py"]),
        (["!src/deep", "src"], ["src/a.py", "src/b.txt"]),
        (["src/**", "!**/pixi.toml"], ["src/a.py", "src/b.txt", "src/deep/c.py"]),
        ([".github/*"], [".github/ci.yml"]),
        ([".env"], [".env"]),
        (["src/.hidden/**"], ["src/.hidden/d.py"]),
        (["../*.txt"], ["../beside.txt"]),
        (["#odd.py"], ["#odd.py"]),
        (["nothing/**"], []),
        ([], []),
    ],
    ids=lambda value: ",".join(value) or "none",
)
def test_globs_name_files(root: Path, globs: list[str], files: list[str]) -> None:
    assert found(root, *globs) == files


def test_what_lies_in_pixi_is_only_found_by_its_name(root: Path) -> None:
    assert not [name for name in found(root, "**", ".e*") if name.startswith(".pixi")]
    assert found(root, ".pixi/envs/**/*.py") == [".pixi/envs/default/lib/z.py"]


def test_links_lead_in_no_circle_and_broken_ones_are_no_files(root: Path) -> None:
    (root / "src/loop").symlink_to(root / "src", target_is_directory=True)
    (root / "src/broken.py").symlink_to(root / "missing.py")
    (root / "src/link.py").symlink_to(root / "a.py")

    assert found(root, "src/**/*.py") == ["src/a.py", "src/deep/c.py", "src/link.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_no_file(root: Path) -> None:
    os.mkfifo(root / "src/pipe.py")

    assert "src/pipe.py" not in found(root, "src/*")
