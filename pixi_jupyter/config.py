"""Settings: pixi's configuration files, and the environment variables over them.

Keys, files and their order: pixi 0.77.0 (reference, read 2026-11). Of pixi's keys
those are read that something here obeys; the others are left to pixi.
"""

from __future__ import annotations

import os
import sys
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    for path in _files(root, environ):
        if table := _table(path):
            sources.append(path)
            merged = _merge(merged, table)
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
        sources=tuple(sources),
    )


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


def _files(root: Path | None, environ: Mapping[str, str]) -> Iterable[Path]:
    if not environ.get("PIXI_NO_CONFIG"):
        if only := environ.get("PIXI_CONFIG_FILE"):
            yield Path(only)
        else:
            system = environ.get("PROGRAMDATA") if sys.platform == "win32" else "/etc"
            yield Path(system or "/etc", "pixi", "config.toml")
            home = Path(environ.get("HOME") or Path.home())
            xdg = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
            yield xdg / "pixi" / "config.toml"
            yield pixi_home(environ) / "config.toml"
    if root is not None:
        yield root / ".pixi" / "config.toml"


def _table(path: Path) -> dict[str, Any]:
    try:
        text = read_file(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    from pixi_jupyter.adapters.toml import TomlError, parse_toml

    try:
        return parse_toml(text).unwrap()
    except TomlError:
        return {}


def _merge(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for key, value in high.items():
        name = key.replace("_", "-")
        if isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = {**merged[name], **value}
        else:
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
