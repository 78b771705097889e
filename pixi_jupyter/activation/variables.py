"""The variables that need no shell: PATH, what packages ask for, what pixi sets.

Source of the rules: pixi 0.77.0 and its library rattler_shell (read 2026-11).
"""

from __future__ import annotations

import json
import ntpath
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.errors import ActivationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.activation.plan import ActivationPlan

WINDOWS = sys.platform == "win32"

_KEPT_WHEN_CLEAN = (
    "DISPLAY",
    "LC_ALL",
    "LC_TIME",
    "LC_NUMERIC",
    "LC_MEASUREMENT",
    "SHELL",
    "USER",
    "USERNAME",
    "LOGNAME",
    "HOME",
    "HOSTNAME",
)
_KEPT_WHEN_CLEAN_ON_MACOS = ("TMPDIR", "XPC_SERVICE_NAME", "XPC_FLAGS")
_UNSET = "***unset***"
"""What conda writes for a variable that the user wants gone."""


def path_entries(prefix: Path, *, windows: bool = WINDOWS) -> tuple[str, ...]:
    """List the folders of a prefix that hold programs, in order."""
    if not windows:
        return (str(prefix / "bin"),)
    inside = (r"Library\mingw-w64\bin", r"Library\usr\bin", r"Library\bin")
    return (
        str(prefix),
        *(ntpath.join(str(prefix), part) for part in (*inside, "Scripts", "bin")),
    )


def search_path(
    prefix: Path, current: str, previous: str | None, *, windows: bool = WINDOWS
) -> str:
    """Put the folders of a prefix in front of a PATH.

    Parameters
    ----------
    prefix
        What is activated.
    current
        The PATH until now.
    previous
        The prefix that is active until now: its folders leave the PATH, so that
        none of its programs is found behind ours.
    """
    separator = ";" if windows else ":"
    same = ntpath.normcase if windows else str
    ours = path_entries(prefix, windows=windows)
    left = path_entries(Path(previous), windows=windows) if previous else ()
    gone = {same(entry) for entry in (*ours, *left)}
    rest = [entry for entry in current.split(separator) if same(entry) not in gone]
    return separator.join((*ours, *(rest if current else ())))


def kept_when_clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Give what a clean environment keeps of its surroundings."""
    names = _KEPT_WHEN_CLEAN
    if sys.platform == "darwin":
        names += _KEPT_WHEN_CLEAN_ON_MACOS
    return {name: environ[name] for name in names if name in environ}


def of_packages(plan: ActivationPlan) -> dict[str, str]:
    """Read the variables that packages and ``conda env config vars`` set.

    Raises
    ------
    ActivationError
        If one of the files is not what it should be.
    """
    found: dict[str, str] = {}
    folder = plan.prefix / "etc" / "conda" / "env_vars.d"
    for path in sorted(folder.glob("*.json")):
        found.update(_strings(plan, path, _json(plan, path)))
    state = plan.prefix / "conda-meta" / "state"
    if state.is_file():
        document = _json(plan, state)
        inside = document.get("env_vars") if isinstance(document, dict) else None
        named = _strings(plan, state, inside)
        found.update({name.upper(): value for name, value in named.items()})
    return {name: value for name, value in found.items() if value != _UNSET}


def _json(plan: ActivationPlan, path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ActivationError(
            plan.environment, script=path, reason=f"it is not JSON: {error}"
        ) from error


def _strings(plan: ActivationPlan, path: Path, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ActivationError(
            plan.environment, script=path, reason="it is not a table of variables"
        )
    return {key: value for key, value in table.items() if isinstance(value, str)}


def of_pixi(plan: ActivationPlan) -> dict[str, str]:
    """Give the variables by which programs recognise a pixi workspace."""
    found = {
        "PIXI_PROJECT_ROOT": str(plan.root),
        "PIXI_PROJECT_NAME": plan.name,
        "PIXI_PROJECT_MANIFEST": str(plan.manifest),
        "PIXI_PROJECT_VERSION": plan.version or "NO_VERSION_SPECIFIED",
        "PIXI_IN_SHELL": "1",
        "CONDA_DEFAULT_ENV": plan.title,
        "PIXI_ENVIRONMENT_NAME": plan.environment,
        "PIXI_ENVIRONMENT_PLATFORMS": ",".join(plan.platforms),
        "PIXI_PROMPT": f"({plan.title}) ",
    }
    program = Path(sys.executable).with_name(
        "pixi-jupyter.exe" if WINDOWS else "pixi-jupyter"
    )
    if program.is_file():
        found["PIXI_EXE"] = str(program)
    return found


def with_backup(environ: dict[str, str], level: int, values: Mapping[str, str]) -> None:
    """Lay `values` over `environ`, keeping what they hide under conda's names."""
    for name, value in values.items():
        if name in environ:
            environ[f"CONDA_ENV_SHLVL_{level}_{name}"] = environ[name]
        environ[name] = value


def level_of(environ: Mapping[str, str]) -> int:
    """Give how many environments are active in each other."""
    value = environ.get("CONDA_SHLVL", "")
    return int(value) if value.isdecimal() else 0


def package_scripts(prefix: Path) -> Sequence[Path]:
    """List the activation scripts that packages brought along, in order."""
    extension = "bat" if WINDOWS else "sh"
    found = (prefix / "etc" / "conda" / "activate.d").glob(f"*.{extension}")
    return sorted(path for path in found if os.path.isfile(path))  # noqa: PTH113  follows links, and asks once
