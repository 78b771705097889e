"""A manifest that is not what it should be: what is said, and what stays as it was."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

MANIFEST, LOCK = Path("pixi.toml"), Path("pixi.lock")
VERBS = [["lock"], ["install"], ["add", "app"], ["remove", "base"], ["list"], ["info"]]


def contents(folder: Path) -> dict[str, bytes]:
    """Give manifest, lock, and all files that packages brought."""
    kept = [folder / "pixi.toml", folder / "pixi.lock"]
    kept += sorted((folder / ".pixi/envs").rglob("share/**/*"))
    return {str(path): path.read_bytes() for path in kept if path.is_file()}


@pytest.fixture
def installed(study: Path, pixi: Callable[..., Answer]) -> Path:
    """Stand in a workspace whose default environment is installed."""
    assert pixi("install").code == 0
    return study


@pytest.mark.parametrize("words", VERBS[:5], ids=lambda words: words[0])
def test_the_marks_of_a_merge_are_said_to_be_a_conflict(
    installed: Path, pixi: Callable[..., Answer], words: list[str]
) -> None:
    text = MANIFEST.read_text()
    ours = '<<<<<<< HEAD\nbase = "<2"\n=======\nbase = "*"\n>>>>>>> theirs\n'
    MANIFEST.write_text(text.replace('base = "*"  # the ground\n', ours))
    line = text[: text.index("base = ")].count("\n") + 1
    before = contents(installed)

    done = pixi(*words)

    assert done.code == 1
    assert (
        f"pixi.toml has a merge conflict in it, lines {line} to {line + 4}" in done.err
    )
    assert f"{line} | <<<<<<< HEAD" in done.err
    assert f"{line + 2} | =======" in done.err
    assert f"{line + 4} | >>>>>>> theirs" in done.err
    assert "take the marks out, then pixi-jupyter lock" in done.err
    assert contents(installed) == before


def test_the_signs_of_a_merge_in_a_text_are_no_conflict(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    with MANIFEST.open("a") as file:
        file.write('[tasks]\nsay = """\n<<<<<<< HEAD\n=======\n>>>>>>> x\n"""\n')

    assert pixi("lock").code == 0


DAMAGES = {
    "empty": (b"", "there is no [workspace]", None),
    "zeros": (b"\0" * 99, "a key belongs here", 1),
    "utf-16": ("[workspace]\n".encode("utf-16"), "this is not UTF-8", 1),
    "latin-1": ("[workspace]\nname = 'é'\n".encode("latin-1"), "this is not UTF-8", 2),
    "half": (b'[workspace]\nchannels = ["a', 'never closed by "', 2),
    "deep": (b"[workspace]\na = " + b"[" * 9999, "nested too deeply", 2),
    "number": (b"[workspace]\na = 0x" + b"f" * 9999, "this number is too large", 2),
    "digits": (b"[workspace]\na = " + b"9" * 9999, "Invalid number", 2),
    "date": (b"[workspace]\nname = 2020-01-01\n", "a string in quotes belongs here", 2),
    "twice": (b"[workspace]\nname = 'a'\nname = 'b'\n", "is there already, in line 2", 3),
    "escapes": (b"[workspace]\n'\x1b[31mred' = 1\n", "Control characters", 2),
}  # fmt: skip


@pytest.mark.parametrize("verb", ["lock", "install"])
@pytest.mark.parametrize("name", DAMAGES)
def test_a_manifest_that_is_damaged_is_refused_with_the_line(
    installed: Path, pixi: Callable[..., Answer], name: str, verb: str
) -> None:
    data, reason, line = DAMAGES[name]
    MANIFEST.write_bytes(data)
    before = contents(installed)

    done = pixi(verb)

    assert done.code == 1
    assert "pixi.toml cannot be read" in done.err
    assert reason in done.err
    assert line is None or f", line {line}" in done.err
    assert max(map(len, done.err.splitlines())) < 1200
    assert "\x1b" not in done.err
    assert contents(installed) == before


@pytest.mark.parametrize("words", VERBS[:3], ids=lambda words: words[0])
@pytest.mark.timeout(30)
def test_a_pipe_is_no_manifest_and_is_not_waited_for(
    installed: Path, pixi: Callable[..., Answer], words: list[str]
) -> None:
    MANIFEST.unlink()
    os.mkfifo(MANIFEST)

    done = pixi(*words)
    named = pixi(*words, "--manifest-path", str(MANIFEST))

    assert (done.code, named.code) == (1, 1)
    assert "no manifest was found" in done.err
    assert "is no manifest" in named.err


def test_a_folder_is_no_manifest(study: Path, pixi: Callable[..., Answer]) -> None:
    MANIFEST.unlink()
    MANIFEST.mkdir()

    done = pixi("lock")

    assert done.code == 1
    assert "no manifest was found" in done.err


@pytest.mark.timeout(60)
def test_a_hundred_megabytes_are_no_manifest(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    with MANIFEST.open("r+b") as file:
        file.truncate(100_000_000)

    done = pixi("lock")

    assert done.code == 1
    assert "pixi.toml cannot be read" in done.err
    assert "it has 100 MB, more than 16 are not read" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_manifest_that_may_not_be_read_is_said_to_be(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    MANIFEST.chmod(0)

    done = pixi("lock")

    assert done.code == 1
    assert "Permission denied" in done.err


def test_a_manifest_that_is_gone_is_said_to_be(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    lock = LOCK.read_bytes()
    MANIFEST.unlink()

    done = pixi("install")

    assert done.code == 1
    assert "no manifest was found" in done.err
    assert LOCK.read_bytes() == lock


def test_line_ends_and_a_byte_order_mark_are_kept(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    text = "\ufeff" + MANIFEST.read_text().replace("\n", "\r\n")
    MANIFEST.write_bytes(text.encode())

    assert pixi("add", "app").code == 0

    data = MANIFEST.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# what we need\r\n")
    assert b"app = " in data
    assert data.count(b"\n") == data.count(b"\r\n")
    assert pixi("remove", "app").code == 0
    assert MANIFEST.read_bytes() == text.encode()


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_the_mode_of_a_manifest_is_kept(
    study: Path, pixi: Callable[..., Answer], mode: int
) -> None:
    MANIFEST.chmod(mode)

    done = pixi("add", "app")

    assert done.code == 0
    assert stat.S_IMODE(MANIFEST.stat().st_mode) == mode
    assert "app = " in MANIFEST.read_text()


@pytest.mark.parametrize("is_relative", [True, False])
def test_a_manifest_behind_a_link_stays_there(
    study: Path, tmp_path: Path, pixi: Callable[..., Answer], *, is_relative: bool
) -> None:
    target = tmp_path / "elsewhere.toml"
    MANIFEST.rename(target)
    MANIFEST.symlink_to("../elsewhere.toml" if is_relative else target)

    done = pixi("add", "app")

    assert done.code == 0
    assert MANIFEST.is_symlink()
    assert "app = " in target.read_text()
    assert "app = " in MANIFEST.read_text()


def test_a_link_that_leads_to_itself_is_no_manifest(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    MANIFEST.unlink()
    MANIFEST.symlink_to("pixi.toml")

    done = pixi("lock")

    assert done.code == 1
    assert "no manifest was found" in done.err


def test_the_other_name_of_a_manifest_keeps_what_it_had(
    study: Path, tmp_path: Path, pixi: Callable[..., Answer]
) -> None:
    """A new file takes the place of the old one: a hard link is parted from it."""
    other = tmp_path / "other.toml"
    other.hardlink_to(MANIFEST)
    before = other.read_bytes()

    done = pixi("add", "app")

    assert done.code == 0
    assert "app = " in MANIFEST.read_text()
    assert other.read_bytes() == before
