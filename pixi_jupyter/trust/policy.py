"""What is known here: the user's settings, and the limits of an administrator.

Settings are read from the files of this computer and of this person only: what comes
with a notebook, or stands in a workspace, has no say.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.config import config_files, system_config
from pixi_jupyter.errors import PixiJupyterError, TrustSettingsError
from pixi_jupyter.trust.addresses import address, inside_any, same
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TABLE = "pixi-jupyter"
_USUAL = ("conda-forge",)
_USUAL_INDEX = "a4aa2ac280bb8d1a0ce7a1be5a7bfb10292b49fe9435ad5cff19f421f3c70e41"
_USUAL_FILES = "c899567ee906851741bf7f3bde17a33777859ff9f53ff54d6f0ea54cf31ad636"
"""Sha256 of the hosts of uv's own index, which no code spells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What needs no second look, and what nobody may use."""

    channels: tuple[str, ...] = ()
    """URLs of known channels."""
    places: tuple[str, ...] = ()
    """URLs below which all channels are known."""
    indexes: tuple[str, ...] = ()
    """URLs of known indexes, and whatever is below them."""
    allowed_channels: tuple[str, ...] | None = None
    """The only ones that an administrator allows; None: any."""
    allowed_indexes: tuple[str, ...] | None = None
    unhashed: bool = False
    """Whether packages may come without a hash."""
    link_scripts: bool = False
    """Whether packages may run scripts when they are installed."""
    limits: Path | None = field(default=None, compare=False)
    """Where the administrator says so."""

    def knows_channel(self, url: str) -> bool:
        """Tell whether a channel is known."""
        return inside_any(url, self.places) or any(
            same(url, each) for each in self.channels
        )

    def knows_index(self, url: str) -> bool:
        """Tell whether a PyPI index, or the host of a file, is known."""
        return _is_usual(url) or inside_any(url, self.indexes)

    def allows_channel(self, url: str) -> bool:
        """Tell whether the administrator lets packages come from there."""
        return self.allowed_channels is None or inside_any(url, self.allowed_channels)

    def allows_index(self, url: str) -> bool:
        """Tell whether the administrator lets PyPI packages come from there."""
        allowed = self.allowed_indexes
        if allowed is None or inside_any(url, allowed):
            return True
        # the files of that index are on a host of their own
        return _host(url) == _USUAL_FILES and self.allows_usual_index()

    def allows_usual_index(self) -> bool:
        """Tell whether the administrator allows the index that uv itself asks."""
        allowed = self.allowed_indexes
        return allowed is None or any(_host(each) == _USUAL_INDEX for each in allowed)

    def allows_place(self, url: str) -> bool:
        """Tell whether the administrator lets anything come from there."""
        if self.allowed_channels is None and self.allowed_indexes is None:
            return True
        allowed = (*(self.allowed_channels or ()), *(self.allowed_indexes or ()))
        return inside_any(url, allowed)


def read_policy(
    environ: Mapping[str, str] = os.environ, *, limits: Path | None = None
) -> Policy:
    """Read what the user and the administrator of this computer say.

    Parameters
    ----------
    limits
        The administrator's file; None: the one of this computer. No option and no
        variable that leaves out other files leaves out this one.

    Raises
    ------
    TrustSettingsError
        If the administrator's file is there and cannot be understood: what it
        forbids is not known then.
    """
    limits = limits or system_config(environ)
    system = _limits(limits)
    tables = [system]
    for scope, path in config_files(None, environ):
        if scope == "global":
            tables.append(_lenient(path))
    own = [_own(table) for table in tables]
    said = [x for each in own for x in _texts(each, "allowed-channels")]
    channels = [*_USUAL, *said]
    for table in tables:
        channels += _texts(table, "default-channels")
    scripts = [x for x in (_said(table) for table in tables) if x is not None]
    return Policy(
        channels=_urls(channels),
        places=tuple(each for each in said if "://" in each),
        indexes=tuple(_indexes(tables, own)),
        allowed_channels=_limit(own[0], "allowed-channels", limits, names=True),
        allowed_indexes=_limit(own[0], "allowed-indexes", limits),
        unhashed=any(each.get("allow-unhashed") is True for each in own),
        link_scripts=bool(
            (scripts and scripts[-1] == "insecure")
            or any(_texts(each, "link-scripts") for each in own)
        ),
        limits=limits,
    )


def has_limits(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether an administrator allows some places only, or may do so."""
    path = system_config(environ)
    try:
        return bool({f"allowed-{x}" for x in ("channels", "indexes")} & _keys(path))
    except TrustSettingsError:
        return True


def _keys(path: Path) -> set[str]:
    return {str(key).replace("_", "-") for key in _own(_limits(path))}


def _limits(path: Path) -> dict[str, Any]:
    try:
        text = read_file(path).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TrustSettingsError(path, reason=reason) from error
    from pixi_jupyter.adapters.toml import TomlError, parse_toml

    try:
        return parse_toml(text).unwrap()
    except TomlError as error:
        raise TrustSettingsError(path, reason=str(error)) from error


def _lenient(path: Path) -> dict[str, Any]:
    try:
        return _limits(path)
    except TrustSettingsError:
        return {}  # a file that cannot be read allows nothing


def _own(table: Mapping[str, Any]) -> Mapping[str, Any]:
    found = table.get(TABLE)
    return found if isinstance(found, dict) else {}


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    found = table.get(key, table.get(key.replace("-", "_")))
    return [str(each) for each in found] if isinstance(found, list) else []


def _said(table: Mapping[str, Any]) -> object:
    key = "run-post-link-scripts"
    return table.get(key, table.get(key.replace("-", "_")))


def _indexes(
    tables: Iterable[Mapping[str, Any]], own: Iterable[Mapping[str, Any]]
) -> Iterable[str]:
    for table in own:
        yield from _texts(table, "allowed-indexes")
    for table in tables:
        pypi = table.get("pypi-config")
        if isinstance(pypi, dict):
            yield from _texts({"urls": [pypi.get("index-url") or ""]}, "urls")
            yield from _texts(pypi, "extra-index-urls")


def _limit(
    own: Mapping[str, Any], key: str, path: Path, *, names: bool = False
) -> tuple[str, ...] | None:
    if key not in own and key.replace("-", "_") not in own:
        return None
    found = own.get(key, own.get(key.replace("-", "_")))
    if not isinstance(found, list) or not all(isinstance(x, str) for x in found):
        raise TrustSettingsError(path, reason=f"{TABLE}.{key} is no list of texts")
    return _urls(found) if names else tuple(found)


def _urls(names: Iterable[str]) -> tuple[str, ...]:
    from pathlib import Path

    from pixi_jupyter.adapters.rattler import channel_urls

    found: list[str] = []
    for name in dict.fromkeys(names):
        try:
            found += channel_urls([name], root=Path(os.path.abspath(os.sep)))  # noqa: PTH100  the root of this system
        except PixiJupyterError:
            continue  # what is no channel allows none
    return tuple(found)


def _is_usual(url: str) -> bool:
    return _host(url) in (_USUAL_INDEX, _USUAL_FILES)


def _host(url: str) -> str:
    found = address(url)
    if found is None or found.scheme != "https":
        return ""
    return hashlib.sha256(found.host.encode()).hexdigest()
