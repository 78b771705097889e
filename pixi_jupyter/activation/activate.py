"""Computes the variables of an activated environment, in pixi's order.

Source of the order: pixi 0.77.0, ``core/activation`` (read 2026-11).
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from pixi_jupyter.activation import variables
from pixi_jupyter.activation.shell import run_scripts
from pixi_jupyter.errors import NotSupportedYetError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pixi_jupyter.activation.plan import ActivationPlan

logger = logging.getLogger(__name__)


def activate(
    plan: ActivationPlan,
    environ: Mapping[str, str] = os.environ,
    *,
    clean: bool = False,
    warn: Callable[[str], None] = logger.warning,
) -> dict[str, str]:
    """Give all variables of a process that runs inside an environment.

    Parameters
    ----------
    plan
        What to activate.
    environ
        The variables until now; not changed.
    clean
        Keep only what a session needs of them, and nothing of their PATH.
    warn
        Receives sentences about scripts that are missing or not of this system.

    Raises
    ------
    ActivationError
        If a script or a file of variables is broken.
    NotSupportedYetError
        If `clean` is asked for on Windows, where pixi has it neither.

    Notes
    -----
    Starts a shell only if there are scripts, or values that refer to other
    variables; without them it reads two small folders of the prefix.
    """
    if clean and variables.WINDOWS:
        what = "A clean environment on Windows"
        raise NotSupportedYetError(what)
    current = variables.kept_when_clean(environ) if clean else dict(environ)
    level = variables.level_of(current) + 1
    previous = current.get("CONDA_PREFIX")
    current["PATH"] = variables.search_path(
        plan.prefix, current.get("PATH", ""), previous
    )
    current["CONDA_SHLVL"] = str(level)
    variables.with_backup(current, level, {"CONDA_PREFIX": str(plan.prefix)})
    variables.with_backup(
        current, level, {**variables.of_packages(plan), **variables.of_pixi(plan)}
    )

    scripts = [
        *variables.package_scripts(plan.prefix),
        *_manifest_scripts(plan, warn),
    ]
    expanded = {name: value for name, value in plan.env.items() if "$" in value}
    if scripts or expanded:
        return _in_shell(plan, scripts, current, level)
    variables.with_backup(current, level, plan.env)
    return current


def _in_shell(
    plan: ActivationPlan, scripts: list[Path], current: dict[str, str], level: int
) -> dict[str, str]:
    """Let the shell do the rest; what needs no expansion is quoted for it."""
    before = {name: current[name] for name in plan.env if name in current}
    after = run_scripts(plan, scripts, plan.env, current)
    for name, value in before.items():
        after[f"CONDA_ENV_SHLVL_{level}_{name}"] = value
    return after


def _manifest_scripts(plan: ActivationPlan, warn: Callable[[str], None]) -> list[Path]:
    found = []
    expected = (".bat", ".cmd") if variables.WINDOWS else (".sh", ".bash")
    for name in plan.scripts:
        path = plan.root / name
        if not path.is_file():
            warn(f"Activation script {name} does not exist, it is skipped")
            continue
        if path.suffix.lower() not in expected:
            warn(f"Activation script {name} is not named *{expected[0]}")
            if variables.WINDOWS:
                # cmd.exe would open it in whatever program its name belongs to
                continue
        found.append(path)
    return found
