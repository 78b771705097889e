"""Every failure has its own words, its own code, and a way on."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from pixi_jupyter import errors

SAMPLES = {
    "lines": [(5, "<<<<<<< HEAD"), (7, "======="), (9, ">>>>>>> theirs")],
    "name": "numpyy",
    "path": Path("pixi.toml"),
    "prefix": Path(".pixi/envs/default"),
    "searched": Path("project"),
    "manifest": "pixi.toml",
    "available": ["default", "numpy"],
    "declared": ["linux-64"],
    "channels": ["conda-forge"],
    "packages": ["numpy"],
    "reasons": ["numpy >=2 is not in the lock"],
    "platform": "linux-64",
    "environment": "default",
    "reason": "nothing was there",
    "report": "numpy 3 does not exist",
    "version": 8,
    "known": 7,
    "seconds": 3.0,
    "holder": "pid 41",
    "exit_code": -9,
    "message": "Something went wrong",
    "folder": Path(".pixi/envs/default"),
    "verb": "instal",
    "operation": "5f0c",
    "pid": 41,
    "host": "laptop",
    "script": Path("bin/.numpy-post-link.sh"),
    "character": "a line break",
    "cycle": ["build", "test", "build"],
    "choices": ["debug", "release"],
    "arguments": ["target"],
    "environments": ["default", "test"],
    "platforms": ["osx-arm64"],
    "files": {("six", "six"): ["lib/six.py"]},
    "facts": ["Channels  conda-forge"],
}
WITHOUT_HINT = {
    # whoever raises these knows whether there is a way on
    "PixiJupyterError",
    "UsageError",
    "NotSupportedYetError",
    "ManifestParseError",
    "UnsatisfiableError",
    "PypiResolutionError",
    "ChannelBuildError",
    "ActivationError",
    # the root of a branch
    "ServingError",
    # nothing has to be done
    "OperationCancelledError",
}


def classes(root: type[errors.PixiJupyterError]) -> list[type[errors.PixiJupyterError]]:
    found = [root]
    for cls in root.__subclasses__():
        if cls.__module__.startswith(errors.__name__):
            found += classes(cls)
    return found


def sample(cls: type[errors.PixiJupyterError]) -> errors.PixiJupyterError:
    given: dict[str, Any] = {
        name: SAMPLES.get(name, f"some {name}")
        for name, parameter in inspect.signature(cls).parameters.items()
        if parameter.default is parameter.empty
    }
    return cls(**given)


ALL = classes(errors.PixiJupyterError)
LEAVES = [cls for cls in ALL if "__init__" in vars(cls) or cls is errors.UsageError]


@pytest.mark.parametrize("cls", LEAVES, ids=lambda cls: cls.__name__)
def test_an_error_says_what_and_what_to_do(cls: type[errors.PixiJupyterError]) -> None:
    error = sample(cls)

    assert error.message[0].isupper() or error.message.split()[0] not in {"the", "a"}
    assert not error.message.endswith(".")
    assert error.hints or cls.__name__ in WITHOUT_HINT


def test_codes_are_unique() -> None:
    codes = [cls.code for cls in ALL]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("cls", LEAVES, ids=lambda cls: cls.__name__)
def test_an_error_keeps_its_class_and_words_over_the_wire(
    cls: type[errors.PixiJupyterError],
) -> None:
    error = sample(cls)

    received = errors.error_from_wire(error.to_wire())

    assert type(received) is cls
    assert str(received) == str(error)


def test_the_tree_in_the_docstring_names_every_class() -> None:
    written = {line.strip() for line in (errors.__doc__ or "").splitlines()}

    assert {cls.__name__ for cls in ALL} <= written


def test_hints_use_the_word_of_the_face() -> None:
    error = errors.LockNotFoundError(Path("pixi.lock"))

    assert error.lines("%pixi")[-1] == "hint: %pixi lock"
    assert error._render_traceback_()[-1] == "hint: %pixi lock"


def test_every_exception_of_py_rattler_is_mapped() -> None:
    from rattler import exceptions

    from pixi_jupyter.adapters.rattler import failures

    known = {
        *failures.INPUT_ERRORS,
        *failures.CHANNEL_ERRORS,
        *failures.INSTALL_ERRORS,
        *failures.LOCK_ERRORS,
        *failures.SOLVE_ERRORS,
        exceptions.GatewayWarning,
    }
    raised = {
        value
        for value in vars(exceptions).values()
        if isinstance(value, type) and issubclass(value, Exception)
    }

    assert raised <= known
