"""The stamp by which a prefix is known to be up to date."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import WriteError
from pixi_jupyter.install.fingerprint import is_current, read_stamp, write_stamp
from pixi_jupyter.install.journal import Journal, write_journal
from pixi_jupyter.install.state import INSTALLING, write_state

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pixi.toml").write_text("[workspace]\n")
    (tmp_path / "pixi.lock").write_text("version: 7\n")
    prefix = tmp_path / "env"
    (prefix / "conda-meta").mkdir(parents=True)
    write_state(prefix, "0123456789abcdef")
    write_stamp(
        prefix,
        manifest_digest=_digest(tmp_path / "pixi.toml"),
        lock_digest=_digest(tmp_path / "pixi.lock"),
        payload={"overlay": None, "env": {"A": "ä"}},
    )
    return tmp_path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _current(root: Path) -> bool:
    stamp = is_current(root / "env", root / "pixi.toml", root / "pixi.lock")
    return stamp is not None


def test_a_stamp_holds_while_nothing_changes(root: Path) -> None:
    stamp = is_current(root / "env", root / "pixi.toml", root / "pixi.lock")

    assert stamp is not None
    assert stamp.payload == {"overlay": None, "env": {"A": "ä"}}


def _rename(root: Path) -> None:
    (root / "env").rename(root / "other")
    (root / "env").symlink_to(root / "other")
    path = root / "env/conda-meta/pixi-jupyter"
    path.write_text(path.read_text().replace(str(root / "env"), str(root / "other")))


def _older(root: Path) -> None:
    path = root / "env/conda-meta/pixi-jupyter"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "version": "0.0.1"}))


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "pixi.toml").write_text("[project]\n"),
        lambda root: (root / "pixi.lock").write_text("version: 6\n"),
        lambda root: (root / "pixi.lock").unlink(),
        lambda root: write_state(root / "env", "fedcba9876543210"),
        lambda root: write_state(root / "env", INSTALLING),
        lambda root: write_state(root / "env", ""),
        lambda root: write_journal(root / "env", Journal(what="test")),
        lambda root: (root / "env/conda-meta/pixi-jupyter").write_text("{"),
        lambda root: (root / "env/conda-meta/pixi-jupyter").write_text('{"format": 2}'),
        _rename,
        _older,
    ],
    ids=[
        "manifest",
        "lock",
        "no lock",
        "pixi",
        "installing",
        "unknown",
        "journal",
        "garbage",
        "format",
        "moved",
        "version",
    ],
)
def test_a_stamp_does_not_hold_after_a_change(
    root: Path, change: Callable[[Path], object]
) -> None:
    assert _current(root)

    change(root)

    assert not _current(root)


def test_a_prefix_without_state_is_never_current(root: Path) -> None:
    write_state(root / "env", "")
    stamp = read_stamp(root / "env")
    assert stamp is not None
    write_stamp(
        root / "env",
        manifest_digest=stamp.manifest_digest,
        lock_digest=stamp.lock_digest,
        payload={},
    )

    assert not _current(root)


def test_a_prefix_that_is_not_there_has_no_stamp(tmp_path: Path) -> None:
    assert read_stamp(tmp_path / "nowhere") is None
    with pytest.raises(WriteError):
        write_stamp(
            tmp_path / "nowhere", manifest_digest="", lock_digest="", payload={}
        )


def test_the_question_needs_the_standard_library_alone() -> None:
    code = """
import sys
before = set(sys.modules)
from pixi_jupyter.install import fingerprint, marker, state
slow = {"asyncio", "rattler", "xxhash", "filelock", "pydantic", "tomlkit", "yaml"}
print(sorted(slow & set(sys.modules)))
"""
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {_ROOT!r})\n{code}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"


_ROOT = str(Path(__file__).parent.parent.parent)
