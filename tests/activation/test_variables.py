from __future__ import annotations

import json
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, cast

import pytest

from pixi_jupyter.activation.variables import (
    level_of,
    of_packages,
    path_entries,
    search_path,
)
from pixi_jupyter.errors import ActivationError

if TYPE_CHECKING:
    from pixi_jupyter.activation import ActivationPlan

PREFIX = Path("/w/.pixi/envs/test")
WINDOWS_PREFIX = cast("Path", PureWindowsPath(r"C:\w\test"))


def test_a_windows_prefix_has_six_folders_with_programs() -> None:
    assert path_entries(WINDOWS_PREFIX, windows=True) == (
        r"C:\w\test",
        r"C:\w\test\Library\mingw-w64\bin",
        r"C:\w\test\Library\usr\bin",
        r"C:\w\test\Library\bin",
        r"C:\w\test\Scripts",
        r"C:\w\test\bin",
    )


@pytest.mark.parametrize(
    ("current", "previous", "expected"),
    [
        ("/usr/bin:/bin", None, "/w/.pixi/envs/test/bin:/usr/bin:/bin"),
        ("", None, "/w/.pixi/envs/test/bin"),
        (
            "/usr/bin:/w/.pixi/envs/test/bin:/bin",
            None,
            "/w/.pixi/envs/test/bin:/usr/bin:/bin",
        ),
        (
            "/conda/base/bin:/conda/base/condabin:/bin",
            "/conda/base",
            "/w/.pixi/envs/test/bin:/conda/base/condabin:/bin",
        ),
    ],
    ids=["plain", "no path", "already there", "another prefix is active"],
)
def test_the_folders_of_the_prefix_come_first_and_once(
    current: str, previous: str | None, expected: str
) -> None:
    assert search_path(PREFIX, current, previous, windows=False) == expected


def test_windows_folders_are_compared_without_regard_to_case() -> None:
    current = r"c:\W\TEST\scripts;C:\Windows"

    path = search_path(WINDOWS_PREFIX, current, None, windows=True).split(";")

    assert path[6:] == [r"C:\Windows"]


def test_variables_of_packages_are_read_in_order_and_then_the_users_own(
    plan: ActivationPlan,
) -> None:
    folder = plan.prefix / "etc" / "conda" / "env_vars.d"
    folder.mkdir(parents=True)
    (folder / "b.json").write_text('{"SHARED": "b", "B": "$HOME", "N": 3}')
    (folder / "a.json").write_text('{"SHARED": "a", "A": "1"}')
    state = {"env_vars": {"mine": "yes", "A": "***unset***"}}
    (plan.prefix / "conda-meta" / "state").write_text(json.dumps(state))

    found = of_packages(plan)

    assert found == {"SHARED": "b", "B": "$HOME", "MINE": "yes"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "not JSON"), ("[]", "not a table")],
    ids=["broken", "a list"],
)
def test_a_broken_file_of_variables_is_named(
    plan: ActivationPlan, text: str, reason: str
) -> None:
    path = plan.prefix / "etc" / "conda" / "env_vars.d" / "bad.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)

    with pytest.raises(ActivationError, match=reason) as caught:
        of_packages(plan)

    assert caught.value.script == path


@pytest.mark.parametrize(
    ("value", "level"), [("2", 2), ("", 0), ("x", 0)], ids=["two", "empty", "nonsense"]
)
def test_the_level_is_what_conda_counted(value: str, level: int) -> None:
    assert level_of({"CONDA_SHLVL": value}) == level
