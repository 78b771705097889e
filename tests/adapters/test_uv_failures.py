"""Each kind of failure of uv has words of ours; none reaches a person raw."""

from __future__ import annotations

from pathlib import Path

import pytest

from pixi_jupyter import errors
from pixi_jupyter.adapters.uv.failures import Context, failure
from pixi_jupyter.adapters.uv.process import Finished

STUB = Path("/home/me/.cache/pypi-stubs-v1/numpy-1.26.4-py3-none-any.whl")
CACHE = Path("/home/me/.cache/uv-cache")
PREFIX = Path("/ws/.pixi/envs/default")
SOLVING = Context(
    what="resolve default for linux-64",
    platform="linux-64",
    fixed={"numpy": "1.26.4"},
    stubs=(STUB,),
    folders=(Path("/scratch/pixi-jupyter-uv-abc"),),
    cache_dir=CACHE,
)
INSTALLING = Context(what="install spam", prefix=PREFIX, cache_dir=CACHE)

KINDS = {
    "no solution": (
        SOLVING,
        errors.PypiResolutionError,
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because pixi-jupyter-manifest depends on numpy>=2 and numpy==1.26.4,"
            " we can conclude that your requirements are unsatisfiable.\n"
        ),
        "the manifest asks for numpy>=2",
    ),
    "conflicting places": (
        SOLVING,
        errors.PypiResolutionError,
        (
            "error: Requirements contain conflicting URLs for package `numpy`:\n"
            f"- {STUB.as_uri()}\n- git+https://git.example/numpy\n"
        ),
        "- conda's numpy 1.26.4",
    ),
    "no such path": (
        SOLVING,
        errors.PypiResolutionError,
        "error: Distribution not found at: file:///ws/nowhere\n",
        "nowhere",
    ),
    "not let in": (
        SOLVING,
        errors.IndexAccessError,
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because spam was not found in the package registry and"
            " pixi-jupyter-manifest depends on spam, we can conclude that your requirements"
            " are unsatisfiable.\n\nhint: An index URL (https://me:s3cret@index.example/"
            "simple/) could not be queried due to a lack of valid authentication"
            " credentials (401 Unauthorized)\n"
        ),
        "https://me:********@index.example/simple/ asks for credentials",
    ),
    "forbidden": (
        INSTALLING,
        errors.IndexAccessError,
        (
            "error: Failed to download `spam==1.0`\n  cause: Failed to fetch:"
            " https://files.example/spam-1.0-py3-none-any.whl\n  cause: HTTP status client"
            " error (403 Forbidden) for url (https://files.example/spam.whl)\n"
        ),
        "does not let us in",
    ),
    "server error": (
        SOLVING,
        errors.DownloadError,
        (
            "error: Failed to fetch: https://index.example/simple/spam/\n  cause: HTTP"
            " status server error (500 Internal Server Error) for url"
            " (https://index.example/simple/spam/)\n"
        ),
        "https://index.example/simple/spam/ could not be fetched",
    ),
    "nobody answers": (
        SOLVING,
        errors.DownloadError,
        (
            "error: Request failed after 3 retries in 8.9s\n  cause: Failed to fetch:"
            " https://index.example/simple/spam/\n  cause: error sending request for url"
            " (https://index.example/simple/spam/)\n  cause: client error (Connect)\n"
            "  cause: tcp connect error\n  cause: Connection refused (os error 111)\n"
        ),
        "Connection refused",
    ),
    "cut short": (
        INSTALLING,
        errors.DownloadError,
        (
            "Using Python 3.11.7 environment at: e\nerror: Failed to download `spam==1.0`\n"
            "  cause: Failed to write to the distribution cache\n  cause: error decoding"
            " response body\n  cause: end of file before message length reached\n"
        ),
        "spam 1.0 could not be fetched",
    ),
    "no zip": (
        INSTALLING,
        errors.DownloadError,
        (
            "error: Failed to download `spam==1.0`\n  cause: Failed to extract archive:"
            " spam-1.0-py3-none-any.whl\n  cause: Invalid zip file structure\n"
        ),
        "Invalid zip",
    ),
    "a strange page": (
        SOLVING,
        errors.DownloadError,
        (
            'error: Unsupported `Content-Type` "application/octet-stream" for'
            " `https://index.example/simple/spam/`. Expected JSON or HTML.\n"
        ),
        "https://index.example/simple/spam/ could not be fetched",
    ),
    "git": (
        SOLVING,
        errors.DownloadError,
        (
            "error: Failed to download and build `x @ git+https://git.example/x.git`\n"
            "  cause: Git operation failed\n  cause: failed to clone into:"
            f" {CACHE}/git-v2/db/dea\n  cause: process didn't exit successfully\n"
        ),
        "git.example/x.git",
    ),
    "git is not there": (
        SOLVING,
        errors.ToolNotFoundError,
        (
            "error: Failed to download and build `x @ git+https://git.example/x.git`\n"
            "  cause: Git operation failed\n  cause: Git executable not found. Ensure that"
            " Git is installed and available.\n"
        ),
        "The program git is not there",
    ),
    "offline, solving": (
        SOLVING,
        errors.OfflineError,
        (
            "error: No solution found when resolving dependencies\n  cause: Because other"
            " was not found in the cache and pixi-jupyter-manifest depends on other, we can"
            " conclude that your requirements are unsatisfiable.\n\nhint: Packages were"
            " unavailable because the network was disabled. When the network is disabled,"
            " registry packages may only be read from the cache.\n"
        ),
        "other was not found in the cache",
    ),
    "offline, installing": (
        INSTALLING,
        errors.OfflineError,
        (
            "error: Failed to download `spam==1.0`\n  cause: Network connectivity is"
            " disabled, but the requested data wasn't found in the cache:"
            " https://files.example/spam.whl\n"
        ),
        "spam 1.0 is not in the cache",
    ),
    "offline, git": (
        SOLVING,
        errors.OfflineError,
        (
            "error: Failed to download and build `x @ git+https://git.example/x.git`\n"
            "  cause: Git operation failed\n  cause: Remote Git fetches are not allowed"
            " because network connectivity is disabled (i.e., with `--offline`)\n"
        ),
        "x is not in the cache",
    ),
    "hash": (
        INSTALLING,
        errors.HashMismatchError,
        (
            "error: Failed to download `spam==1.0`\n  cause: Hash mismatch for"
            f" `spam==1.0`\n\n         Expected:\n           sha256:{'0' * 64}\n\n"
            f"         Computed:\n           sha256:{'1' * 64}\n"
        ),
        f"received sha256:{'1' * 64}",
    ),
    "a build": (
        SOLVING,
        errors.PypiBuildError,
        (
            "error: Failed to build `broken==1.0`\n  cause: The build backend returned an"
            " error\n  cause: Call to `backend.build_wheel` failed (exit status: 1)\n\n"
            "         [stderr]\n         Traceback (most recent call last):\n"
            f'           File "{CACHE}/sdists-v11/x/backend.py", line 4\n'
            "         RuntimeError: no compiler here\n\nhint: Build failures usually"
            " indicate a problem with the package or the build environment\n"
        ),
        "broken 1.0 could not be built",
    ),
    "no build allowed": (
        INSTALLING,
        errors.PypiBuildError,
        (
            "error: Package `ham` can't be installed because it is marked as `--no-build`"
            " but has no binary distribution\n"
        ),
        "ham could not be built",
    ),
    "another platform": (
        INSTALLING,
        errors.PypiInstallError,
        (
            "error: Package `macish` can't be installed because it doesn't have a source"
            " distribution or wheel for the current platform\n\nhint: You're on Linux\n"
        ),
        "You're on Linux",
    ),
    "no python": (
        INSTALLING,
        errors.PypiInstallError,
        f"error: No interpreter found at path `{PREFIX}/bin/python`\n",
        "No interpreter found",
    ),
    "no RECORD": (
        INSTALLING,
        errors.PypiInstallError,
        "error: Cannot uninstall package; `RECORD` file not found at: x\n",
        "Cannot uninstall",
    ),
    "disk full": (
        INSTALLING,
        errors.DiskFullError,
        (
            "error: Failed to download `spam==1.0`\n  cause: No space left on device (os"
            " error 28)\n"
        ),
        "is full",
    ),
    "may not be written": (
        INSTALLING,
        errors.NotWritableError,
        f"error: failed to open file `{CACHE}/x`: Permission denied (os error 13)\n",
        "cannot be written",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_has_words_of_ours(kind: str) -> None:
    context, cls, text, said = KINDS[kind]

    error = failure(Finished(1, "", text), context)

    assert type(error) is cls
    shown = str(error)
    assert said in shown
    assert "s3cret" not in shown
    assert "stubs" not in shown
    assert "pixi-jupyter-manifest" not in shown
    assert str(CACHE / "git-v2") not in shown
    assert not error.message.startswith(("error", "Because"))


def test_a_failure_of_an_unknown_kind_is_shown_as_it_is() -> None:
    text = "error: The frobnicator is out of cheese\n  cause: redo from start\n"

    error = failure(Finished(2, "", text), SOLVING)

    assert type(error) is errors.ToolFailedError
    assert error.lines()[:3] == [
        "uv could not resolve default for linux-64 (exit code 2)",
        "  error: The frobnicator is out of cheese",
        "    cause: redo from start",
    ]


def test_a_failure_without_a_word_is_one_too() -> None:
    assert failure(Finished(101, "", ""), SOLVING).details == ("it said nothing",)


def test_a_long_report_is_shortened_in_the_middle() -> None:
    lines = "\n".join(f"         And because {number}" for number in range(600))
    text = "error: No solution found when resolving dependencies\n  cause: Because\n"

    error = failure(Finished(1, "", text + lines), SOLVING)

    assert len(error.details) < 20
    assert "… 589 lines more …" in error.details
    assert error.details[-1] == "And because 599"


def test_names_that_only_begin_alike_are_not_pinned() -> None:
    text = (
        "error: No solution found when resolving dependencies\n  cause: Because"
        " numpy-financial==1 depends on scipy>=2 and numpydoc==3\n"
    )

    error = failure(Finished(1, "", text), SOLVING)

    assert isinstance(error, errors.PypiResolutionError)
    assert error.pinned == ()
