"""Settings: pixi's configuration files, and the environment variables over them.

Keys, files and their order: pixi 0.77.0 (reference, read 2026-11). Of pixi's keys
those are read that something here obeys; the others are left to pixi.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import UsageError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Scope: TypeAlias = Literal["system", "global", "local"]
"""Whose file: this computer's, this person's, this workspace's."""
PinningStrategy: TypeAlias = Literal[
    "semver", "no-pin", "exact-version", "major", "minor", "latest-up"
]
Bytecode: TypeAlias = Literal["all", "kernel", "none"]
"""What is compiled after an install: everything (the kernel's part at once, the rest
in the background), the kernel's part only, or nothing."""

NETWORK_KEYS = (
    "authentication-override-file",
    "mirrors",
    "proxy-config",
    "repodata-config",
    "s3-options",
    "tls-no-verify",
    "tls-root-certs",
)
"""The keys that say how a server is reached."""

_SAID: ContextVar[Mapping[str, Any]] = ContextVar("_SAID")


@contextmanager
def overridden(said: Mapping[str, Any]) -> Iterator[None]:
    """Let what a command line says stand over all files, for what is done inside.

    Parameters
    ----------
    said
        Keys as in a file, and ``no-config`` and ``config-file``.

    Raises
    ------
    UsageError
        If there is no such file.
    """
    if (only := said.get("config-file")) and not Path(only).is_file():
        msg = f"There is no file {only}"
        raise UsageError(msg, hints=("--no-config   does without",))
    token = _SAID.set(
        {
            key: str(value.expanduser().absolute())
            if isinstance(value, Path)
            else value
            for key, value in said.items()
        }
    )
    try:
        yield
    finally:
        _SAID.reset(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user configured."""

    cache_dir: Path
    """Root of the cache that pixi and rattler share."""
    default_channels: tuple[str, ...] = ("conda-forge",)
    """For new workspaces."""
    pinning_strategy: PinningStrategy | None = None
    """None: semver, and minor for languages."""
    offline: bool = False
    concurrent_solves: int = 1
    concurrent_downloads: int = 50
    bytecode: Bytecode = "all"
    """``PIXI_JUPYTER_BYTECODE``."""
    network: Mapping[str, Any] = field(default_factory=dict)
    """What is said of mirrors, proxies, certificates, stores and repodata."""
    http_retries: int = 3
    """``PIXI_JUPYTER_HTTP_RETRIES``; how often a request is sent again."""
    pypi: Mapping[str, Any] = field(default_factory=dict)
    """`[pypi-config]`: keyring-provider, allow-insecure-host."""
    shell: Mapping[str, Any] = field(default_factory=dict)
    """`[shell]`; see `activation.preferences`."""
    detached: Path | None = None
    """Where all workspaces have their prefixes; None: each in its own folder."""
    sources: tuple[Path, ...] = ()
    """The files that were read, lowest first."""


def read_settings(
    root: Path | None = None,
    *,
    offline: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Read the settings that hold in a workspace.

    Parameters
    ----------
    root
        The workspace's folder, or None outside of one.
    offline
        Set on the command line; can only turn the network off.
    environ
        Environment variables.

    Notes
    -----
    A file that cannot be read is skipped, as pixi does.
    """
    merged: dict[str, Any] = {}
    sources: list[Path] = []
    for _, path in config_files(root, environ):
        if table := _table(path):
            sources.append(path)
            merged = merge(merged, table)
    merged = merge(merged, _SAID.get({}))
    concurrency = _section(merged, "concurrency")
    return Settings(
        cache_dir=_cache_dir(merged, environ),
        default_channels=_names(merged.get("default-channels")) or ("conda-forge",),
        pinning_strategy=merged.get("pinning-strategy"),
        offline=offline or merged.get("offline") is True,
        concurrent_solves=_count(concurrency.get("solves"), os.cpu_count() or 1),
        concurrent_downloads=_count(concurrency.get("downloads"), 50),
        bytecode=_bytecode(environ),
        network={key: merged[key] for key in NETWORK_KEYS if key in merged},
        http_retries=_retries(environ),
        pypi=_section(merged, "pypi-config"),
        shell=_section(merged, "shell"),
        detached=_detached(merged, environ),
        sources=tuple(sources),
    )


def _detached(merged: Mapping[str, Any], environ: Mapping[str, str]) -> Path | None:
    match merged.get("detached-environments"):
        case True:
            return _cache_dir(merged, environ) / "envs"
        case str(folder) if folder:
            return Path(folder).expanduser().absolute()
    return None


def _section(merged: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = merged.get(name)
    return found if isinstance(found, dict) else {}


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _count(value: object, otherwise: int) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if isinstance(value, int) and is_count else otherwise


def _retries(environ: Mapping[str, str]) -> int:
    value = environ.get("PIXI_JUPYTER_HTTP_RETRIES", "")
    return min(int(value), 10) if value.isascii() and value.isdigit() else 3


def _bytecode(environ: Mapping[str, str]) -> Bytecode:
    value = environ.get("PIXI_JUPYTER_BYTECODE", "all")
    return cast("Bytecode", value) if value in {"all", "kernel", "none"} else "all"


def pixi_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Give pixi's home, ``~/.pixi`` unless ``PIXI_HOME`` says otherwise."""
    if home := environ.get("PIXI_HOME"):
        return Path(home)
    return Path(environ.get("HOME") or Path.home()) / ".pixi"


def config_files(
    root: Path | None, environ: Mapping[str, str] = os.environ
) -> tuple[tuple[Scope, Path], ...]:
    """List the files that settings are read from, lowest first.

    Parameters
    ----------
    root
        The workspace's folder, or None outside of one.
    environ
        Environment variables.
    """
    said = _SAID.get({})
    local = root / ".pixi" / "config.toml" if root else None
    found: list[tuple[Scope, Path]] = []
    if only := said.get("config-file") or environ.get("PIXI_CONFIG_FILE"):
        found.append(("global", Path(only)))
    elif not (said.get("no-config") or environ.get("PIXI_NO_CONFIG")):
        found.append(("system", system_config(environ)))
        found += [("global", path) for path in _global_configs(environ)]
    if local is not None and not any(path == local for _, path in found):
        found.append(("local", local))
    return tuple(found)


def system_config(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the file of this computer."""
    folder = environ.get("PROGRAMDATA") if sys.platform == "win32" else "/etc"
    return Path(folder or "/etc", "pixi", "config.toml")


def _global_configs(environ: Mapping[str, str]) -> list[Path]:
    home = Path(environ.get("HOME") or Path.home())
    folders = [Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pixi"]
    if sys.platform == "darwin":
        folders.append(home / "Library" / "Application Support" / "pixi")
    elif sys.platform == "win32" and (roaming := environ.get("APPDATA")):
        folders.append(Path(roaming) / "pixi")
    paths = [folder / "config.toml" for folder in (*folders, pixi_home(environ))]
    return list(dict.fromkeys(paths))


def _table(path: Path) -> dict[str, Any]:
    """Read a file; one that is not there or cannot be read says nothing."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    from pixi_jupyter.adapters.toml import TomlError, parse_toml

    try:
        return parse_toml(text).unwrap()
    except TomlError:
        return {}


_FREE = ("mirrors", "s3-options")
"""Tables whose keys a person chose."""
_TOGETHER = ("extra-index-urls", "allow-insecure-host")
"""Lists to which a higher file adds."""


def merge(
    low: Mapping[str, Any], high: Mapping[str, Any], *, inside: str = ""
) -> dict[str, Any]:
    """Put one file's settings over those of a lower one.

    Tables are merged by key, and so are the tables in them; of lists only those of
    PyPI indexes and hosts are joined.

    Parameters
    ----------
    inside
        The table that both are.
    """
    merged = dict(low)
    for key, value in high.items():
        # the keys of repodata may be URLs
        is_free = inside in _FREE or "/" in key
        name = key if is_free else key.replace("_", "-")
        old = merged.get(name)
        if isinstance(value, dict):
            below = old if isinstance(old, dict) else {}
            merged[name] = merge(below, value, inside="" if inside else name)
        elif name in _TOGETHER and isinstance(old, list) and isinstance(value, list):
            merged[name] = [*old, *(each for each in value if each not in old)]
        elif name != "default-channels" or value:
            merged[name] = value
    return merged


def _cache_dir(merged: Mapping[str, Any], environ: Mapping[str, str]) -> Path:
    for variable in ("PIXI_CACHE_DIR", "RATTLER_CACHE_DIR"):
        if value := environ.get(variable):
            return Path(value).absolute()
    if configured := _section(merged, "cache").get("root"):
        return Path(str(configured)).expanduser().absolute()
    home = Path(environ.get("HOME") or Path.home())
    xdg = Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
    if (xdg / "pixi").is_dir():
        return xdg / "pixi"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "rattler" / "cache"
    if sys.platform == "win32":
        local = environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
        return Path(local) / "rattler" / "cache"
    return xdg / "rattler" / "cache"
