"""Store, remove and show credentials for channels.

Which method a host takes, and how hosts are named: pixi 0.77.0, `auth` (read 2026-11).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import (
    CredentialsNotFoundError,
    ManifestNotFoundError,
    NotSupportedYetError,
    UsageError,
)
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.auth_login import (
    AuthLoginRequest,
    AuthRequest,
    credentials_of,
    host_of,
)
from pixi_jupyter.workspace.credentials import Entry, Store, open_store

if TYPE_CHECKING:
    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthHostRequest(AuthRequest):
    """Whose credentials."""

    host: str | None = None
    all: bool = False
    """Those of all hosts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthStatusRequest(AuthRequest):
    """What to show."""

    details: bool = False
    """The places too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthLoginResult:
    """What is stored now; never the secret."""

    host: str
    kind: str
    place: str

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"host": self.host, "kind": self.kind, "place": self.place}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthLogoutResult:
    """What is gone."""

    host: str | None
    """None: all."""
    removed: tuple[tuple[str, str], ...]
    """Host and place."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "removed": [{"host": host, "place": place} for host, place in self.removed]
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthStatusResult:
    """What is stored; never the secrets."""

    entries: tuple[Entry, ...]
    details: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "entries": [
                {
                    "host": each.host,
                    "kind": each.kind,
                    "user": each.user or None,
                    "place": each.place,
                }
                for each in self.entries
            ]
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthTokenResult:
    """A secret, because somebody asked for it."""

    host: str
    token: str
    is_verbatim: bool = True

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {"host": self.host, "token": self.token}


async def auth_login(
    request: AuthLoginRequest, operation: Operation
) -> AuthLoginResult:
    """Store credentials for a host.

    Raises
    ------
    UsageError
        If they do not fit together, or the host.
    NotSupportedYetError
        If OAuth was asked for.
    CredentialStoreError, WriteError
    """
    del operation
    if request.oauth:
        msg = "auth login --oauth"
        raise NotSupportedYetError(
            msg, hint=f"{{command}} auth login {request.host} --token TOKEN"
        )
    host = host_of(request.host)
    method, secret = credentials_of(request, host)
    place = _store(request).write(host, method, secret)
    entry = Entry(host=host, method=method, place=place)
    return AuthLoginResult(host=host, kind=entry.kind, place=place)


async def auth_logout(
    request: AuthHostRequest, operation: Operation
) -> AuthLogoutResult:
    """Remove the credentials of a host, or all of them, from everywhere.

    Raises
    ------
    UsageError, CredentialStoreError, WriteError
    """
    if bool(request.host) == request.all:
        msg = "auth logout needs either a host or --all"
        raise UsageError(msg, hints=("{command} auth status   shows the hosts",))
    hosts = None
    if request.host:
        host = host_of(request.host)
        bare = host.removeprefix("*.")
        hosts = (host, *(each for each in (bare, f"*.{bare}") if each != host))
        if host.startswith("s3://"):
            hosts = (host,)
    store = _store(request)
    if any(
        entry.method == "OAuth" and (hosts is None or entry.host in hosts)
        for entry in store.entries()
    ):
        operation.warn(
            "An OAuth token is removed here; it is not revoked at its server"
        )
    return AuthLogoutResult(host=request.host, removed=store.delete(hosts))


async def auth_status(
    request: AuthStatusRequest, operation: Operation
) -> AuthStatusResult:
    """List what is stored, without the secrets.

    Raises
    ------
    CredentialStoreError
    """
    del operation
    entries = _store(request).entries()
    return AuthStatusResult(entries=entries, details=request.details)


async def auth_token(request: AuthHostRequest, operation: Operation) -> AuthTokenResult:
    """Give the token that is used for a host.

    Raises
    ------
    CredentialsNotFoundError
        If there is none, or what is stored is no token.
    CredentialStoreError
    """
    del operation
    host = host_of(request.host or "")
    entry = _store(request).find(host)
    if entry is None or entry.token is None:
        kind = f"a {entry.kind}" if entry else ""
        raise CredentialsNotFoundError(host.removeprefix("*."), kind=kind)
    return AuthTokenResult(host=entry.host, token=entry.token)


def _store(request: AuthRequest) -> Store:
    """Open the store that the workspace here, if any, would read."""
    try:
        root = find_manifest(Path.cwd(), request.manifest).parent
    except ManifestNotFoundError:
        root = None
    return open_store(read_settings(root))
