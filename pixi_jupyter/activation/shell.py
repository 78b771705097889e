"""Runs activation scripts in a shell and says what they did to the variables.

bash on unix, cmd.exe on Windows, as pixi does. Output of the scripts goes to a
file and not to a pipe: a program that a script leaves running would keep a pipe
open for ever.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pixi_jupyter.activation.variables import WINDOWS
from pixi_jupyter.errors import ActivationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.activation.plan import ActivationPlan

_NOISE = frozenset(
    ("_", "SHLVL", "PWD", "OLDPWD", "PROMPT", "BASH_ENV", "CMDCMDLINE", "ERRORLEVEL")
)
"""What a shell sets for itself."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SCRIPT, _VARIABLES = "\1", "\2"
"""First character of a record: a script begins; the variables follow."""

_BASH_END = r"""set +eux
IFS=$' \t\n'
builtin printf '\2\0' >&3
for __pixi_jupyter in $(compgen -e); do
  [ -z "${!__pixi_jupyter+set}" ] ||
    builtin printf '%s=%s\0' "$__pixi_jupyter" "${!__pixi_jupyter}" >&3
done
exit 0"""
"""Lists what is exported without a program: the PATH may be the prefix's only."""


def run_scripts(
    plan: ActivationPlan,
    scripts: Sequence[Path],
    expanded: Mapping[str, str],
    environ: Mapping[str, str],
) -> dict[str, str]:
    """Run scripts, then set variables that refer to others.

    Parameters
    ----------
    plan
        Says where to run, and who is to blame.
    scripts
        Absolute paths, in order.
    expanded
        Variables whose values the shell expands, set last.
    environ
        All variables that the scripts find.

    Returns
    -------
    dict
        All variables afterwards.

    Raises
    ------
    ActivationError
        If a script ends the shell, cannot be parsed, or there is no shell.
    """
    if WINDOWS:
        with tempfile.TemporaryDirectory(prefix="pixi-jupyter-") as folder:
            path = Path(folder, "activate.bat")
            path.write_text(cmd_text(scripts, expanded), "utf-8", newline="\r\n")
            command = [environ.get("COMSPEC", "cmd.exe"), "/d", "/u", "/c", str(path)]
            after = _run(plan, scripts, command, environ, "utf-16-le", "\r\n")
    else:
        bash = shutil.which("bash", path=environ.get("PATH"))
        bash = bash or shutil.which("bash", path=os.defpath)
        if bash is None:
            raise ActivationError(plan.environment, reason="there is no bash")
        text = bash_text(scripts, expanded)
        command = [bash, "--noprofile", "--norc", "-c", text]
        after = _run(plan, scripts, command, environ, "utf-8", "\0")
    return _difference(environ, after)


def bash_text(scripts: Sequence[Path], expanded: Mapping[str, str]) -> str:
    """Write what bash is given to do.

    A script that returns a failure is no failure, as with pixi: many end in a
    test. One that bash cannot parse is.
    """
    lines = ["exec 3>&1 1>&2"]
    for number, script in enumerate(scripts):
        path = shlex.quote(str(script))
        lines.append(rf"builtin printf '\001{number}\0' >&3")
        # apart from its check, so that `set -e` inside a script still works
        lines.append(f'. {path}\n[ $? = 0 ] || "$BASH" -n {path} || exit 1')
    for name, value in expanded.items():
        escaped = value.replace('"', '\\"')
        quoted = f'"{escaped}"' if "$" in value else shlex.quote(value)
        lines.append(f"export {name}={quoted}")
    return "\n".join([*lines, _BASH_END])


def cmd_text(scripts: Sequence[Path], expanded: Mapping[str, str]) -> str:
    """Write what cmd.exe is given to do."""
    lines = ["@echo off", "chcp 65001 >nul"]
    for number, script in enumerate(scripts):
        # a percent sign in a batch file means itself only when doubled
        path = str(script).replace("%", "%%")
        lines += [f"echo {_SCRIPT}{number}", f'call "{path}" 1>&2', "@echo off"]
    lines += [f'set "{name}={value}"' for name, value in expanded.items()]
    lines += [f"echo {_VARIABLES}", "set", "exit /b 0"]
    return "\n".join(lines) + "\n"


def _run(
    plan: ActivationPlan,
    scripts: Sequence[Path],
    command: Sequence[str],
    environ: Mapping[str, str],
    encoding: str,
    separator: str,
) -> dict[str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as log:
        completed = subprocess.run(  # noqa: S603  the user's own scripts are the point
            command,
            cwd=plan.root if plan.root.is_dir() else None,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=log,
            check=False,
        )
        records = _read(out).decode(encoding, "surrogateescape").split(separator)
        output = _read(log).decode("utf-8", "replace")
    begun = [record[1:] for record in records if record.startswith(_SCRIPT)]
    marks = [at for at, record in enumerate(records) if record[:1] == _VARIABLES]
    if completed.returncode or not marks:
        raise ActivationError(
            plan.environment,
            script=scripts[int(begun[-1])] if begun else None,
            reason=f"it ended the shell with exit code {completed.returncode}",
            output=output,
        )
    pairs = (record.partition("=") for record in records[marks[-1] + 1 :])
    return {name: value for name, _, value in pairs if name}


def _read(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Take over what scripts changed, and nothing that the shell did by itself.

    bash does not list what it cannot hold in a variable of its own, such as
    exported functions: those stay as they were.
    """
    ours = {
        name: value
        for name, value in after.items()
        if name not in _NOISE and not name.startswith("__pixi_jupyter")
    }
    untouched = {
        name: value
        for name, value in before.items()
        if name in _NOISE or not (WINDOWS or _NAME.match(name))
    }
    return {**ours, **untouched}
