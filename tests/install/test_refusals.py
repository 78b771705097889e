"""What the system refused, on every system, as errors that say what to do."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from pixi_jupyter.errors import (
    DiskFullError,
    DownloadError,
    InstallError,
    LinkError,
    NotWritableError,
    PrefixInUseError,
    PrefixTooLongError,
)
from pixi_jupyter.install.journal import Journal, journal_path, write_journal
from pixi_jupyter.install.refusals import Cause, cause_of, explain

PREFIX, CACHE = Path("/study/.pixi/envs/default"), Path("/home/me/.cache/rattler")


@pytest.mark.parametrize(
    ("number", "platform", "cause"),
    [
        (errno.ENOSPC, "linux", Cause.FULL),
        (errno.EDQUOT, "linux", Cause.FULL),
        (errno.EROFS, "linux", Cause.READ_ONLY),
        (errno.EACCES, "darwin", Cause.READ_ONLY),
        (errno.ETXTBSY, "linux", Cause.IN_USE),
        (errno.ENOENT, "linux", None),
        (5, "win32", Cause.IN_USE),
        (32, "win32", Cause.IN_USE),
        (112, "win32", Cause.FULL),
        (206, "win32", Cause.LONG),
        (19, "win32", Cause.READ_ONLY),
        (28, "win32", None),
    ],
)
def test_numbers_mean_what_they_mean_on_their_system(
    number: int, platform: str, cause: Cause | None
) -> None:
    assert cause_of(number, platform=platform) is cause


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("failed to link x\nCaused by: … (os error 28)", DiskFullError),
        ("failed to copy: Permission denied (os error 13)", NotWritableError),
        (
            "target prefix cannot be longer than the placeholder prefix",
            PrefixTooLongError,
        ),
        ("File name too long (os error 36)", PrefixTooLongError),
        ("Text file busy (os error 26)", PrefixInUseError),
    ],
)
def test_a_failure_of_the_linker_is_told_by_its_cause(
    reason: str, expected: type[InstallError]
) -> None:
    error = explain(LinkError(PREFIX, reason=reason), PREFIX, CACHE)

    assert type(error) is expected
    assert str(PREFIX) in str(error)


def test_a_failure_without_a_known_cause_stays_what_it_is() -> None:
    error = LinkError(PREFIX, reason="No such file or directory (os error 2)")

    assert explain(error, PREFIX, CACHE) is None


@pytest.mark.parametrize(
    "error",
    [
        DownloadError("x.conda", reason="failed to unpack (os error 28)"),
        LinkError(PREFIX, reason="package cache layer … (os error 28)"),
        LinkError(PREFIX, reason="/c/.pixi-jupyter-scratch-1/x (os error 28)"),
        OSError(errno.ENOSPC, "No space left", str(CACHE / "pkgs")),
    ],
    ids=["download", "layer", "scratch", "own"],
)
def test_a_full_cache_is_told_from_a_full_prefix(error: OSError | InstallError) -> None:
    explained = explain(error, PREFIX, CACHE)

    assert isinstance(explained, DiskFullError)
    assert explained.is_cache
    assert explained.folder == CACHE


def test_what_cannot_be_made_above_the_cache_is_its_fault() -> None:
    error = OSError(errno.EROFS, "Read-only file system", "/home/me/.cache")

    explained = explain(error, PREFIX, CACHE)

    assert isinstance(explained, NotWritableError)
    assert explained.is_cache


def test_a_change_that_was_begun_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    error = LinkError(tmp_path, reason="(os error 28)")

    before = explain(error, tmp_path, CACHE)
    write_journal(tmp_path, Journal(what="install default"))
    after = explain(error, tmp_path, CACHE)

    assert journal_path(tmp_path).exists()
    assert "the environment is as it was" in str(before)
    assert "what was begun is finished by the next install" in str(after)
