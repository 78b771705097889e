"""How channels are reached: credentials, retries, mirrors, proxies, certificates.

Without a client of its own py-rattler's gateway knows no credentials and tries
once (py-rattler 0.28.0). The order of stores: ``RATTLER_AUTH_FILE``, the system's
keyring, ``~/.rattler/credentials.json``, ``.netrc``; pixi's setting
``authentication-override-file`` stands in place of them all.

A secret that somebody wrote into a channel's URL is taken out of it before
py-rattler sees the URL, and put back on the way to the server: so no cache, lock,
prefix or message can hold it.
"""

from __future__ import annotations

import base64
import os
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rattler.config import Config
from rattler.networking import (
    AddHeadersMiddleware,
    AuthenticationMiddleware,
    Client,
    GCSMiddleware,
    MirrorMiddleware,
    OciMiddleware,
    RetryMiddleware,
    S3Middleware,
)
from rattler.repo_data import SourceConfig

from pixi_jupyter.redaction import credentials_of, without_secrets
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KEYS = (
    "authentication-override-file",
    "mirrors",
    "proxy-config",
    "s3-options",
    "tls-no-verify",
    "tls-root-certs",
)
"""Of pixi's settings, those that py-rattler's client obeys."""
_AUTH_FILE = "RATTLER_AUTH_FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How channels are reached."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    """The tables of pixi's configuration."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the URL of a channel, the same URL with the secret that was in it."""
    retries: int = 3
    """How often a request is sent again that met a busy or absent server."""


def secrets_of(urls: Iterable[str]) -> dict[str, str]:
    """Find the URLs that hold secrets, by their form without them."""
    return {bare: url for url in urls if (bare := without_secrets(url)) != url}


def make_client(network: Network) -> Client:
    """Make the client for repodata and packages.

    Notes
    -----
    Where a channel's URL held a password, pixi's settings for proxies and
    certificates do not hold (those of the environment do): py-rattler has no
    client that takes both.
    """
    mirrors = _mirrors(network)
    passwords = _passwords(network.secrets.values())
    if not passwords:
        settings = {**network.settings, "mirrors": mirrors}
        return Client.from_config(_config(settings), network.retries)
    with _stored_in(network.settings.get("authentication-override-file")):
        return Client(
            [
                RetryMiddleware(network.retries),
                MirrorMiddleware(mirrors),
                AddHeadersMiddleware(lambda host, path: _header(passwords, host, path)),
                AuthenticationMiddleware(),
                OciMiddleware(),
                GCSMiddleware(),
                S3Middleware(),
            ]
        )


@contextmanager
def _stored_in(path: object) -> Iterator[None]:
    """Let a client that is made inside know the credentials in a file.

    py-rattler looks for its variable while a client is made, and knows no other way.
    """
    if not isinstance(path, str) or not path:
        yield
        return
    before = os.environ.get(_AUTH_FILE)
    os.environ[_AUTH_FILE] = str(Path(path).expanduser())
    try:
        yield
    finally:
        if before is None:
            del os.environ[_AUTH_FILE]
        else:
            os.environ[_AUTH_FILE] = before


def _mirrors(network: Network) -> dict[str, list[str]]:
    """Give the user's mirrors, and the way back to the tokens of URLs."""
    found: dict[str, list[str]] = {}
    for bare, url in network.secrets.items():
        _, at, _ = url.partition("://")[2].partition("/")[0].partition("@")
        target = url if not at else _without_user(url)
        if target != bare:
            found[bare] = [target]
    given = network.settings.get("mirrors")
    if isinstance(given, dict):
        for key, urls in given.items():
            if isinstance(urls, list) and all(isinstance(each, str) for each in urls):
                found[str(key)] = urls
    return found


def _without_user(url: str) -> str:
    scheme, _, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}://{place.rpartition('@')[2]}{slash}{path}"


def _passwords(urls: Iterable[str]) -> dict[tuple[str, str], str]:
    """Give the header for each (host, start of a path)."""
    found = {}
    for url in urls:
        if pair := credentials_of(url):
            text = base64.b64encode(":".join(pair).encode()).decode()
            parts = urlsplit(_without_user(url))
            found[parts.hostname or "", parts.path] = f"Basic {text}"
    return found


def _header(
    passwords: Mapping[tuple[str, str], str], host: str, path: str
) -> dict[str, str] | None:
    for (known, start), header in passwords.items():
        if host == known and path.startswith(start):
            return {"Authorization": header}
    return None


def _config(settings: Mapping[str, Any]) -> Config:
    """Read what can be read; a setting of a wrong type counts as not there."""
    given = {key: settings[key] for key in _KEYS if settings.get(key)}
    try:
        return _config_of(given)
    except (TypeError, ValueError):
        good = {key: value for key, value in given.items() if _is_good(key, value)}
        return _config_of(good)


def _config_of(settings: Mapping[str, Any]) -> Config:
    if not settings:
        return Config.from_toml("")
    from pixi_jupyter.adapters.toml import tomlkit  # 7 ms, for few people's sake

    return Config.from_toml(tomlkit.dumps(settings))


def _is_good(key: str, value: object) -> bool:
    try:
        _config_of({key: value})
    except (TypeError, ValueError):
        return False
    return True


def source_configs(
    network: Network, *, offline: bool
) -> tuple[SourceConfig, dict[str, SourceConfig]]:
    """Give how repodata are read: in general, and by the start of a URL."""
    table = network.settings.get("repodata-config")
    table = table if isinstance(table, dict) else {}
    special = {
        key: _source({**table, **value}, offline=offline)
        for key, value in table.items()
        if isinstance(value, dict)
    }
    return _source(table, offline=offline), special


def _source(table: Mapping[str, Any], *, offline: bool) -> SourceConfig:
    return SourceConfig(
        zstd_enabled=not table.get("disable-zstd", False),
        # nobody offers it any more, and asking costs a request each time
        bz2_enabled=False,
        sharded_enabled=not table.get("disable-sharded", False),
        cache_action="force-cache-only" if offline else "cache-or-fetch",
    )
