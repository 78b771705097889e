"""Verification of files against conda-meta."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.installs import SUBDIR

from pixi_jupyter.install.verify import verify_prefix

if TYPE_CHECKING:
    from pathlib import Path

    from support.installs import Install, Publish

PLACEHOLDER = "/opt/placeholder_placeholder_placeholder_placeholder_placeholder"


@pytest.fixture
async def prefix(install: Install, publish: Publish) -> Path:
    python = {
        "name": "python",
        "version": "3.11.0",
        "subdir": SUBDIR,
        "files": {"bin/python3.11": "", "bin/python": ""},
    }
    patched = {
        "name": "patched",
        "files": {"etc/patched.conf": f"{PLACEHOLDER}/etc\n"},
        "placeholder": PLACEHOLDER,
    }
    plain = {
        "name": "plain",
        "files": {"share/plain.txt": "plain\n", "share/other.txt": "other\n"},
        "links": {"share/link.txt": "plain.txt", "share/dangling": "nowhere"},
    }
    scripts = {
        "name": "scripts",
        "noarch": "python",
        "depends": ["python"],
        "files": {
            "site-packages/scripts.py": "def main(): pass\n",
            "python-scripts/old": "#!python\nprint(1)\n",
        },
        "link": {
            "noarch": {"type": "python", "entry_points": ["new = scripts:main"]},
            "package_metadata_version": 1,
        },
    }
    clobbering = {"name": "zclobber", "files": {"share/other.txt": "clobber\n"}}
    publish(python, patched, plain, scripts, clobbering)
    await install.install("patched", "plain", "scripts", "zclobber")
    return install.prefix


@pytest.mark.parametrize("hashes", [False, True])
def test_what_the_linker_made_is_right(prefix: Path, *, hashes: bool) -> None:
    assert (prefix / "bin" / "new").read_text().startswith(f"#!{prefix}/bin/python")
    assert str(prefix) in (prefix / "etc/patched.conf").read_text()

    assert verify_prefix(prefix, hashes=hashes) == {}


def test_missing_and_resized_files_are_found_without_hashes(prefix: Path) -> None:
    (prefix / "share/plain.txt").write_text("longer than before\n")
    (prefix / "share/link.txt").unlink()
    (prefix / "bin/new").unlink()

    assert verify_prefix(prefix) == {
        "plain": [("share/link.txt", "missing"), ("share/plain.txt", "size")],
        "scripts": [("bin/new", "missing")],
    }


def test_a_change_of_equal_size_takes_a_hash(prefix: Path) -> None:
    (prefix / "share/plain.txt").write_text("PLAIN\n")
    (prefix / "etc/patched.conf").write_text("something else")

    assert verify_prefix(prefix) == {}
    assert verify_prefix(prefix, hashes=True) == {
        "patched": [("etc/patched.conf", "content")],
        "plain": [("share/plain.txt", "content")],
    }


def test_only_the_packages_in_question_are_looked_at(prefix: Path) -> None:
    (prefix / "share/plain.txt").unlink()
    (prefix / "etc/patched.conf").unlink()

    assert verify_prefix(prefix, {"patched", "unknown"}) == {
        "patched": [("etc/patched.conf", "missing")]
    }


def test_a_record_that_cannot_be_read_says_nothing(prefix: Path) -> None:
    (prefix / "conda-meta" / "odd-1.0-0.json").write_text("{")

    assert verify_prefix(prefix, hashes=True) == {}
