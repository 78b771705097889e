"""Nothing that py-rattler raises reaches a person as it is."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
import rattler
from rattler import exceptions

from pixi_jupyter.adapters.rattler import failures, mapped
from pixi_jupyter.errors import (
    ChannelError,
    DownloadError,
    InstallError,
    InvalidSpecError,
    LinkError,
    LockParseError,
    OfflineError,
    PixiJupyterError,
    SolveError,
)

FAMILIES = {
    InvalidSpecError: failures.INPUT_ERRORS,
    ChannelError: failures.CHANNEL_ERRORS,
    InstallError: failures.INSTALL_ERRORS,
    LockParseError: failures.LOCK_ERRORS,
    SolveError: failures.SOLVE_ERRORS,
    PixiJupyterError: (exceptions.GatewayWarning,),
}
PAIRS = [(ours, theirs) for ours, row in FAMILIES.items() for theirs in row]
NEVER_RAISED_HERE = {
    # made where a lock is put together by py-rattler; we write the text ourselves
    "LockFileError",
}
WORDS = (
    b"no usable repodata cache",
    b"hash mismatch",
    b"failed to fetch ",
    b"failed to interact with the package cache layer",
    b"Cannot solve the request because of: ",
    b"error sending request",
    b"tcp connect error",
    b"dns error",
    b"operation timed out",
    b"connection closed before message completed",
    b"error reading a body",
    b"end of file before message",
    b"failed to decode zstd",
    b"invalid zip archive",
    b"numeric field was not a number",
)
"""By these a failure is known; py-rattler says nothing else of its kind."""


def raised_in(module: object) -> dict[str, type[Exception]]:
    """List the exceptions of a module."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }


def failure(error: Exception, what: str = "what") -> PixiJupyterError:
    """Let an exception of theirs go through the door."""
    with pytest.raises(PixiJupyterError) as caught, mapped(what):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("ours", "theirs"), PAIRS, ids=lambda cls: getattr(cls, "__name__", "")
)
@pytest.mark.parametrize("text", ["some reason", ""])
def test_each_exception_becomes_one_of_its_family(
    ours: type[PixiJupyterError], theirs: type[Exception], text: str
) -> None:
    error = failure(theirs(text))

    assert isinstance(error, ours)
    assert error.__cause__ is not None
    # without words of its own at least its name is said
    assert (text or theirs.__name__) in str(error)


def test_every_exception_of_the_library_under_it_is_known() -> None:
    """Python's part may forget to name one that Rust's part raises."""
    native = raised_in(rattler.rattler)
    known = {theirs.__name__ for _, theirs in PAIRS} | NEVER_RAISED_HERE

    assert native.keys() | raised_in(exceptions).keys() <= known


def test_the_words_that_tell_kinds_apart_are_still_said() -> None:
    """A new py-rattler that says it otherwise would be mapped to the wrong sort."""
    folder = Path(rattler.__file__).parent
    (library,) = [path for path in folder.iterdir() if path.suffix in {".so", ".pyd"}]
    content = library.read_bytes()

    assert [word for word in WORDS if word not in content] == []


def test_a_new_py_rattler_is_looked_at_for_kinds_that_are_not_known() -> None:
    """Its errors are texts: whoever raises the number reads them in its source."""
    assert version("py-rattler").startswith("0.28.")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("failed to fetch base-1.0-0.conda\nCaused by: x", "base-1.0-0.conda"),
        ("got https://x.example/noarch/a-1-0.conda wrong", "https://x.example/noarch/a-1-0.conda"),
        ("file:///c/noarch/a-1-0.tar.bz2 is gone", "file:///c/noarch/a-1-0.tar.bz2"),
        ("hash mismatch: expected a, got b", "what"),
    ],
    ids=["name", "https", "file", "hash"],
)  # fmt: skip
def test_an_install_that_lacks_a_package_is_a_download_that_failed(
    text: str, url: str
) -> None:
    error = failure(exceptions.InstallerError(text))

    assert isinstance(error, DownloadError)
    assert error.url == url


def test_an_install_that_fails_otherwise_is_of_the_prefix() -> None:
    error = failure(exceptions.InstallerError("cannot rename x"), "/w/env")

    assert isinstance(error, LinkError)
    assert error.prefix == Path("/w/env")
    assert "cannot rename x" in str(error)


@pytest.mark.parametrize("first", ["no", "No"])
def test_a_cold_cache_is_no_fault_of_the_channel(first: str) -> None:
    error = failure(exceptions.GatewayError(f"{first} usable repodata cache for x"))

    assert isinstance(error, OfflineError)
    assert "--offline" in str(error)


def test_colours_of_rust_are_taken_out() -> None:
    error = failure(exceptions.SolverError("\x1b[31mno\x1b[0m candidates"))

    assert "no candidates" in str(error)
    assert "\x1b" not in str(error)


def test_what_is_ours_goes_through_as_it_is() -> None:
    error = OfflineError("x")

    with pytest.raises(OfflineError) as caught, mapped("what"):
        raise error

    assert caught.value is error
