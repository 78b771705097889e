"""A lock that is not what it should be: what is said, and that nothing is changed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

LOCK = Path("pixi.lock")
BASE = r"(?ms)^- conda: \S*base-2\.0.*?(?=^- |\Z)"
ROW = r".*base-2\.0-0\.conda\n"


def first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found
    return found[0]


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


DAMAGES: dict[str, tuple[Callable[[str], str], str]] = {
    "dangling reference": (lambda text: re.sub(BASE, "", text), "does not describe"),
    "cut in the middle": (lambda text: text.partition("\npackages:")[0], "does not describe"),
    "no version": (lambda text: text.replace("version: 7\n", ""), "which version"),
    "empty": (lambda _: "", "which version"),
    "another file": (lambda _: "<!DOCTYPE html>\n", "which version"),
    "key twice": (lambda text: text.replace("version: 7", "version: 7\nversion: 7"), "duplicate"),
    "wrong sort": (lambda text: text.replace("environments:\n", "environments: 3\nx:\n"), "environments is no mapping"),
    "platforms of numbers": (lambda text: text.replace("platforms:\n", "platforms: [1]\nx:\n"), "platforms is no list of mappings"),
    "no digest": (lambda text: re.sub(r"sha256: \w+", "sha256: xyz", text), "digest"),
    "negative size": (lambda text: re.sub(r"size: \d+", "size: -1", text), "-1"),
    "no platform": (lambda text: text.replace("linux-64", "plan-9"), "plan-9"),
    "two descriptions": (lambda text: text + re.sub(r"sha256: \w\w", "sha256: 00", first(BASE, text)), "twice"),
    "byte order mark": (lambda text: f"\ufeff{text}", "byte order mark"),
    "aliases": (lambda text: f"{text}x: &x [*x]\n", "parts of itself"),
    "depth": (lambda text: f"{text}x: {'[' * 9999}\n", "too deeply"),
}  # fmt: skip


@pytest.mark.parametrize("verb", ["install", "lock"])
@pytest.mark.parametrize("name", DAMAGES)
def test_a_lock_that_is_damaged_is_refused_and_left_alone(
    installed: Path, pixi: Callable[..., Answer], name: str, verb: str
) -> None:
    damage, reason = DAMAGES[name]
    LOCK.write_text(damage(LOCK.read_text()), encoding="utf-8")
    before = contents(installed)

    done = pixi(verb)

    assert done.code == 1
    assert "pixi.lock cannot be read" in done.err
    assert reason in done.err
    assert "hint: pixi-jupyter lock" in done.err
    assert contents(installed) == before


def test_a_lock_in_another_encoding_is_refused(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    LOCK.write_bytes(LOCK.read_text().encode("utf-16"))
    before = contents(installed)

    done = pixi("install")

    assert "pixi.lock cannot be read" in done.err
    assert "not UTF-8 text" in done.err
    assert contents(installed) == before


def test_what_is_listed_twice_is_installed_once(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")
    text = LOCK.read_text()
    row = first(ROW, text)
    LOCK.write_text(text.replace(row, row * 2))

    done = pixi("install", "--locked")

    assert done.code == 0
    assert "Installed default, 1 package" in done.err + done.out


def test_a_package_that_is_not_what_the_lock_says_is_not_installed(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")
    text = LOCK.read_text()
    digest = first(r"(?<=sha256: )\w+", first(BASE, text))
    LOCK.write_text(text.replace(digest, digest[::-1]))
    before = contents(study)

    done = pixi("install")

    assert done.code == 1
    assert "base-2.0-0.conda could not be fetched" in done.err
    assert f"its sha256 is {digest}" in done.err
    assert f"the lock says    {digest[::-1]}" in done.err
    assert contents(study) == before


def test_a_package_that_is_nowhere_is_said_to_be(
    study: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("lock")
    LOCK.write_text(LOCK.read_text().replace("base-2.0-0", "base-2.5-0"))
    before = contents(study)

    done = pixi("install")

    assert done.code == 1
    assert "base-2.5-0.conda could not be fetched" in done.err
    assert contents(study) == before


def test_a_lock_of_a_newer_pixi_is_named_so_and_left_alone(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    LOCK.write_text(LOCK.read_text().replace("version: 7", "version: 8"))
    before = contents(installed)

    done = pixi("install", "--locked")

    assert done.code == 1
    assert "pixi.lock was written by a newer pixi: it has format 8" in done.err
    assert "hint: pixi-jupyter lock   makes it anew, in format 7" in done.err
    assert contents(installed) == before


def test_a_lock_of_a_newer_pixi_is_made_anew_when_that_is_asked_for(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    good = LOCK.read_bytes()
    LOCK.write_text(LOCK.read_text().replace("version: 7", "version: 8"))

    done = pixi("lock")

    assert done.code == 0
    assert done.err.count("was written by a newer pixi") == 1
    assert LOCK.read_bytes() == good


def test_a_check_says_that_a_lock_is_of_a_newer_pixi_and_not_that_there_is_none(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    LOCK.write_text(LOCK.read_text().replace("version: 7", "version: 8"))

    done = pixi("lock", "--check", "--dry-run")

    assert done.code == 1
    assert "was written by a newer pixi: it has format 8" in done.err
    assert "does not exist" not in done.err + done.out


@pytest.mark.parametrize("verb", ["install", "lock", "add", "list"])
def test_the_marks_of_a_merge_are_said_to_be_a_conflict(
    installed: Path, pixi: Callable[..., Answer], verb: str
) -> None:
    text = LOCK.read_text()
    row = first(ROW, text)
    ours, theirs = f"<<<<<<< HEAD\n{row}", f"{row}>>>>>>> theirs\n"
    LOCK.write_text(text.replace(row, f"{ours}=======\n{theirs}", 1))
    line = text[: text.index(row)].count("\n") + 1
    before = contents(installed)

    done = pixi(verb, *(["app"] if verb == "add" else []))

    assert done.code == 1
    assert (
        f"pixi.lock has a merge conflict in it, lines {line} to {line + 4}" in done.err
    )
    assert f"{line} | <<<<<<< HEAD" in done.err
    assert "git checkout --ours" in done.err
    assert "pixi-jupyter lock" in done.err
    assert contents(installed) == before


@pytest.mark.timeout(30)
@pytest.mark.parametrize("thing", ["folder", "pipe", "link to nothing"])
def test_what_is_no_file_is_no_lock(
    installed: Path, pixi: Callable[..., Answer], thing: str
) -> None:
    LOCK.unlink()
    match thing:
        case "folder":
            LOCK.mkdir()
        case "pipe":
            os.mkfifo(LOCK)
        case _:
            LOCK.symlink_to("nowhere")

    done = pixi("install", "--locked")

    assert done.code == 1
    wanted = {
        "folder": "it is a folder",
        "pipe": "it is not a regular file",
        "link to nothing": "does not exist",
    }
    assert wanted[thing] in done.err


@pytest.mark.timeout(60)
def test_a_lock_of_a_hundred_megabytes_of_nothing_is_refused(
    installed: Path, pixi: Callable[..., Answer]
) -> None:
    with LOCK.open("r+b") as file:
        file.truncate(100_000_000)

    done = pixi("install")

    assert done.code == 1
    assert "pixi.lock cannot be read" in done.err
