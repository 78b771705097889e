"""Keeps what activation scripts did, so that a second run starts no shell.

It is kept only where it cannot have become wrong unseen. The scripts of packages are
known by their place, size and time. Those of the manifest count only if each of
their lines sets a variable and runs nothing: what a program says may be another
thing tomorrow. Every variable that the scripts could read is a part of the key.

Only what the scripts changed is kept, readable for nobody else: it may be a secret.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import __version__
from pixi_jupyter.activation import variables
from pixi_jupyter.activation.activate import activate
from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.manifest.script_place import home_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pixi_jupyter.activation.plan import ActivationPlan

logger = logging.getLogger(__name__)

FOLDER = "activation-env-v0"
"""Below ``.pixi``; pixi's own, where our files have names of our own."""

_FORMAT = 1
_KEPT = 8
"""Files of one environment: a terminal and a kernel have other variables."""
_MOST_BYTES = 4_000_000

_NOISE = frozenset(
    (
        "_",
        "COLUMNS",
        "INIT_CWD",
        "LINES",
        "MALLOC_ARENA_MAX",
        "OLDPWD",
        "PWD",
        "SHLVL",
    )
)
"""Variables that differ from command to command and mean nothing to scripts."""

_PLAIN_LINE = re.compile(
    r"\s*(?:#.*"
    r"|set [+-][euo]\w*"
    r"|unset [\w ]+"
    r"|export [A-Za-z_]\w*"
    r"|(?:export\s+)?[A-Za-z_]\w*=(?:'[^']*'|\"[^\"`]*\"|[^\s'\"`;|&<>()#]*)\s*(?:#.*)?"
    r")?\s*"
)
"""A line of a script that runs nothing."""

_CHANGING = re.compile(
    r"\$\{?(?:RANDOM|SRANDOM|SECONDS|EPOCH|BASH|PPID|LINENO|FUNCNAME|DIRSTACK|[$!?#@*-])"
    r"|\$\(|`"
)
"""What is another thing each time: programs, and variables that a shell makes up."""


def activate_quickly(
    plan: ActivationPlan,
    environ: Mapping[str, str],
    *,
    clean: bool = False,
    force: bool = False,
    warn: Callable[[str], None] = logger.warning,
) -> dict[str, str]:
    """Do as `activate`, from memory where that is safe.

    Parameters
    ----------
    plan, environ, clean, warn
        See `activate`.
    force
        Whether to run the scripts in any case.

    Raises
    ------
    ActivationError, NotSupportedYetError
        As `activate`.
    """
    key = None if force else _key(plan, environ, clean=clean)
    if key is None:
        return activate(plan, environ, clean=clean, warn=warn)
    path = (
        home_of(plan.manifest)
        / ".pixi"
        / FOLDER
        / f"pixi-jupyter-{plan.environment}-{key}.json"
    )
    base = variables.kept_when_clean(environ) if clean else dict(environ)
    if (kept := _read(path)) is not None:
        for name in kept["unset"]:
            base.pop(name, None)
        return {**base, **kept["set"]}
    said: list[str] = []

    def hear(text: str) -> None:
        said.append(text)
        warn(text)

    after = activate(plan, environ, clean=clean, warn=hear)
    if not said:  # what is worth a warning is worth it each time
        _write(path, base, after)
    return after


def _key(
    plan: ActivationPlan, environ: Mapping[str, str], *, clean: bool
) -> str | None:
    """Give a text that is another one whenever the result could be another one.

    Returns
    -------
    str or None
        None where no shell is needed, or nothing is certain.
    """
    packaged = list(variables.package_scripts(plan.prefix))
    if (
        not packaged
        and not plan.scripts
        and not any("$" in v for v in plan.env.values())
    ):
        return None
    if any(_CHANGING.search(value) for value in plan.env.values()):
        return None
    own = [plan.root / name for name in plan.scripts]
    if variables.WINDOWS and own:
        return None
    texts = [_text_of(path) for path in own]
    if not all(text is not None and is_plain(text) for text in texts):
        return None
    meta = plan.prefix / "conda-meta"
    seen = [_seen(path) for path in (*packaged, meta, meta / "state")]
    folder = plan.prefix / "etc" / "conda" / "env_vars.d"
    seen += [_seen(path) for path in (folder, *sorted(folder.glob("*.json")))]
    kept = variables.kept_when_clean(environ) if clean else environ
    known = {name: value for name, value in kept.items() if name not in _NOISE}
    parts = [__version__, clean, plan.to_wire(), texts, seen, sorted(known.items())]
    text = json.dumps(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_plain(script: str) -> bool:
    r"""Whether a script only sets variables, to what is in it or in others.

    Examples
    --------
    >>> is_plain("export A=1\\nB=$A/x  # why\\n")
    True
    >>> is_plain("export A=$(date)")
    False
    """
    if _CHANGING.search(script) or "\\\n" in script:
        return False
    return all(_PLAIN_LINE.fullmatch(line) for line in script.splitlines())


def _text_of(path: Path) -> str | None:
    try:
        return read_file(path, most_bytes=_MOST_BYTES).decode(
            "utf-8", "surrogateescape"
        )
    except OSError:
        return None


def _seen(path: Path) -> list[Any]:
    try:
        status = path.stat()
    except OSError:
        return [str(path)]
    return [str(path), status.st_size, status.st_mtime_ns]


def _read(path: Path) -> dict[str, Any] | None:
    """Read a file of ours; whatever is wrong with it, it is as if not there."""
    try:
        data = json.loads(read_file(path, most_bytes=_MOST_BYTES))
        fits = (
            data["format"] == _FORMAT
            and all(isinstance(each, str) for each in data["unset"])
            and all(isinstance(each, str) for each in data["set"].values())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return data if fits else None


def _write(path: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    data = {
        "format": _FORMAT,
        "set": {k: v for k, v in after.items() if before.get(k) != v},
        "unset": sorted(before.keys() - after.keys()),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # for its owner alone, from its first byte on
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(data, file)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink()
            raise
        _sweep(path)
    except (OSError, ValueError) as error:
        logger.debug("the activation is not kept: %s", error)


def _sweep(newest: Path) -> None:
    """Forget the oldest files of the same environment."""
    stem = newest.name.rpartition("-")[0]
    mine: Iterable[Path] = newest.parent.glob(f"{stem}-*.json")
    mine = [each for each in mine if each.name.rpartition("-")[0] == stem]
    for each in sorted(mine, key=lambda path: path.stat().st_mtime_ns)[:-_KEPT]:
        with suppress(OSError):
            each.unlink()
