"""The script that activates a prefix in the shell that evaluates it.

Order of the statements: pixi 0.77.0, `shell-hook` (read 2026-11).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.activation import variables
from pixi_jupyter.activation.dialects import Dialect, Fish, Zsh
from pixi_jupyter.activation.other_dialects import Cmd, Nushell, PowerShell, Xonsh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pixi_jupyter.activation.plan import ActivationPlan

DIALECTS: dict[str, Dialect] = {
    "bash": Dialect(),
    "zsh": Zsh(),
    "fish": Fish(),
    "xonsh": Xonsh(),
    "powershell": PowerShell(),
    "cmd": Cmd(),
    "nushell": Nushell(),
}
"""By the name that ``--shell`` takes."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NOT_FOR_PROMPT = re.compile(r"[^\w .,:+@/()-]")
"""Shells expand prompts each time they show one."""
_ANCESTORS = 4
_VERBS = "add|remove|install|reinstall|update|upgrade"


def hook_script(
    plan: ActivationPlan,
    shell: str,
    environ: Mapping[str, str] = os.environ,
    *,
    prompt: bool = True,
    completions: bool = True,
    warn: Callable[[str], None],
) -> str:
    """Write the script that makes a shell what `activate` makes of a process.

    Parameters
    ----------
    plan
        What to activate.
    shell
        One of `DIALECTS`.
    environ
        The variables of the shell, as far as they are known.
    prompt
        Whether the prompt names the environment.
    completions
        Whether the completions of the prefix are loaded.
    warn
        Receives sentences about what is left out.

    Raises
    ------
    ActivationError
        If a file of variables is broken.

    Notes
    -----
    Runs nothing. A prefix that is active is deactivated as pixi does it: its
    variables are unset, and its PATH entries go.
    """
    writer = _Writer(plan, DIALECTS[shell], environ, warn)
    lines = [*writer.leave(), *writer.enter()]
    if completions:
        lines += writer.completions()
    if shell in {"bash", "zsh"}:
        lines += _function(plan)
    if prompt:
        earlier = environ.get("PIXI_PROMPT", "")
        lines += writer.dialect.prompt(shown_prompt(plan), earlier)
    return "\n".join(lines)


def shown_prompt(plan: ActivationPlan) -> str:
    """Give what a prompt begins with; a shell will make nothing of it."""
    return f"({_NOT_FOR_PROMPT.sub('_', plan.title)}) "


class _Writer:
    def __init__(
        self,
        plan: ActivationPlan,
        dialect: Dialect,
        environ: Mapping[str, str],
        warn: Callable[[str], None],
    ) -> None:
        self.plan, self.dialect, self.warn = plan, dialect, warn
        self.environ = dict(environ)
        previous = environ.get("CONDA_PREFIX")
        self.previous = Path(previous) if previous else None

    def leave(self) -> Iterator[str]:
        """Undo the prefix that is active."""
        if self.previous is None:
            return
        folder = self.previous / "etc" / "conda" / "deactivate.d"
        for script in reversed(self._scripts_in(folder)):
            yield self.dialect.source(script)
        for name in self._names_of(self.previous):
            if self.environ.pop(name, None) is not None and _NAME.match(name):
                yield self.dialect.unset(name)

    def _names_of(self, prefix: Path) -> list[str]:
        """List the variables of a foreign prefix, of which nothing is certain."""
        found: dict[str, None] = {}
        sources = sorted((prefix / "etc" / "conda" / "env_vars.d").glob("*.json"))
        for path in (*sources, prefix / "conda-meta" / "state"):
            try:
                table = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if path.name == "state":
                table = table.get("env_vars") if isinstance(table, dict) else None
            if isinstance(table, dict):
                found.update(dict.fromkeys(map(str, table)))
        return list(found)

    def enter(self) -> Iterator[str]:
        """Activate the prefix of the plan."""
        level = variables.level_of(self.environ) + 1
        yield self._path()
        set_by_us = {"CONDA_SHLVL": str(level)}
        named = {
            "CONDA_PREFIX": str(self.plan.prefix),
            **variables.of_packages(self.plan),
            **variables.of_pixi(self.plan),
        }
        for name, value in named.items():
            if name in self.environ:
                set_by_us[f"CONDA_ENV_SHLVL_{level}_{name}"] = self.environ[name]
            set_by_us[name] = value
        for name, value in set_by_us.items():
            if self._is_name(name):
                yield self.dialect.assign(name, value)
        yield from map(self.dialect.source, self._scripts())
        yield from self._of_manifest(level)

    def _path(self) -> str:
        """Keep the shell's own PATH by name, unless something has to leave it."""
        separator = ";" if variables.WINDOWS else ":"
        ours = variables.path_entries(self.plan.prefix)
        current = self.environ.get("PATH", "")
        previous = str(self.previous) if self.previous else None
        after = variables.search_path(self.plan.prefix, current, previous)
        if after == separator.join((*ours, current)) and current:
            return self.dialect.prepend_path(ours, separator)
        return self.dialect.assign("PATH", after)

    def _scripts(self) -> list[Path]:
        folder = self.plan.prefix / "etc" / "conda" / "activate.d"
        found = self._scripts_in(folder)
        for name in self.plan.scripts:
            path = self.plan.root / name
            if not path.is_file():
                self.warn(f"Activation script {name} does not exist, it is skipped")
            elif path.suffix.lower() not in self.dialect.suffixes:
                self.warn(f"Activation script {name} is not for this shell")
            else:
                found.append(path)
        return found

    def _scripts_in(self, folder: Path) -> list[Path]:
        suffixes = self.dialect.suffixes
        return sorted(path for path in folder.glob("*") if path.suffix in suffixes)

    def _of_manifest(self, level: int) -> Iterator[str]:
        for name, value in self.plan.env.items():
            if not self._is_name(name):
                continue
            if name in self.environ:
                backup = f"CONDA_ENV_SHLVL_{level}_{name}"
                yield self.dialect.assign(backup, self.environ[name])
            write = self.dialect.expand if "$" in value else self.dialect.assign
            yield write(name, value)

    def _is_name(self, name: str) -> bool:
        if _NAME.match(name):
            return True
        self.warn(f"Variable {name} is left out, a shell cannot have such a name")
        return False

    def completions(self) -> Sequence[str]:
        """Load what the prefix can complete."""
        where = self.dialect.completions
        folder = self.plan.prefix / where
        return self.dialect.complete(folder) if where and folder.is_dir() else ()


def _function(plan: ActivationPlan) -> Iterator[str]:
    """Let the shell take over what our own command changes, as pixi does.

    The name is no name to a strict POSIX shell, which must be able to read on.
    """
    place = shlex.join(
        ["-e", plan.environment, "--manifest-path", str(plan.manifest)]
    ).replace("'", "'\\''")
    yield (
        'if [ -n "${BASH_VERSION-}${ZSH_VERSION-}" ] &&'
        ' [ -z "${POSIXLY_CORRECT+set}" ]; then'
    )
    yield "  eval 'pixi-jupyter() {"
    yield '    command pixi-jupyter "$@" || return $?'
    yield f'    case "${{1-}}" in {_VERBS})'
    yield (
        f'      eval "$(command pixi-jupyter shell-hook --change-ps1 false {place})"'
    )
    yield "      hash -r ;;"
    yield "    esac"
    yield "  }'"
    yield "fi"


def current_shell(environ: Mapping[str, str] = os.environ) -> str:
    """Find out which shell called this process: a parent, else ``$SHELL``."""
    pid = os.getppid()
    for _ in range(_ANCESTORS):
        try:
            status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        except OSError:
            break
        name = status[status.find("(") + 1 : status.rfind(")")]
        if shell := _shell_named(name):
            return shell
        pid = int(status.rpartition(")")[2].split()[1])
    default = "cmd" if sys.platform == "win32" else "bash"
    return _shell_named(Path(environ.get("SHELL", "")).name) or default


def _shell_named(name: str) -> str:
    stem = name.lower().lstrip("-").removesuffix(".exe")
    known = {"pwsh": "powershell", "nu": "nushell"}
    found = known.get(stem, stem)
    return found if found in DIALECTS else ""
