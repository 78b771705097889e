"""Where credentials are stored, and how they are found.

Stores, their order, and the form of an entry: pixi 0.77.0 and rattler's
authentication storage (read 2026-11).
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.adapters import keyring
from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.errors import CredentialStoreError, WriteError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.config import Settings

Method: TypeAlias = Literal[
    "BearerToken", "CondaToken", "BasicHTTP", "S3Credentials", "OAuth"
]
KINDS: Mapping[str, str] = {
    "BearerToken": "token",
    "CondaToken": "conda token",
    "BasicHTTP": "user name and password",
    "S3Credentials": "S3 keys",
    "OAuth": "OAuth",
}
"""How each is called."""
_LARGEST = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is stored for one host."""

    host: str
    method: str
    """A `Method`, or whatever else somebody wrote."""
    secret: Any = field(default=None, repr=False)
    place: str
    """The file, or ``keyring``."""

    @property
    def kind(self) -> str:
        """How the method is called."""
        return KINDS.get(self.method, self.method)

    @property
    def user(self) -> str:
        """The name that is shown to the server, which is no secret."""
        names = {"BasicHTTP": "username", "S3Credentials": "access_key_id"}
        table = self.secret if isinstance(self.secret, dict) else {}
        return str(table.get(names.get(self.method, ""), ""))

    @property
    def token(self) -> str | None:
        """The token itself, where it is one."""
        if self.method == "OAuth" and isinstance(self.secret, dict):
            return str(self.secret.get("access_token") or "") or None
        is_token = self.method in ("BearerToken", "CondaToken")
        return str(self.secret) if is_token else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """All places for credentials, in their order."""

    files: tuple[Path, ...]
    """Those that are read; the first is written where the keyring is not."""
    has_keyring: bool = True
    """Whether the keyring counts: not where a file was named."""

    def entries(self) -> tuple[Entry, ...]:
        """List what the files hold; a keyring cannot be listed.

        Raises
        ------
        CredentialStoreError
        """
        return tuple(
            entry
            for path in self.files
            for host, stored in read_store(path).items()
            if (entry := _entry(host, stored, str(path)))
        )

    def find(self, host: str) -> Entry | None:
        """Find what is used for a host, by its name or that of a domain above.

        Raises
        ------
        CredentialStoreError
        """
        for name in _names(host):
            for path in self.files[:-1]:
                if entry := _entry(name, read_store(path).get(name), str(path)):
                    return entry
            if self.has_keyring and (text := keyring.read_secret(name)):
                with contextlib.suppress(ValueError):
                    if entry := _entry(name, json.loads(text), "keyring"):
                        return entry
            for path in self.files[-1:]:
                if entry := _entry(name, read_store(path).get(name), str(path)):
                    return entry
        return None

    def write(self, host: str, method: Method, secret: object) -> str:
        """Store credentials for a host, in the place of those that were there.

        Returns
        -------
        str
            Where they are now.

        Raises
        ------
        CredentialStoreError, WriteError
        """
        stored: dict[str, object] = {method: secret}
        if self.has_keyring and keyring.write_secret(host, _compact(stored)):
            return "keyring"
        path = self.files[0]
        write_store(path, {**read_store(path), host: stored})
        return str(path)

    def delete(self, hosts: tuple[str, ...] | None) -> tuple[tuple[str, str], ...]:
        """Remove what is stored for some hosts, everywhere.

        Parameters
        ----------
        hosts
            None for all that the files hold.

        Returns
        -------
        tuple
            Host and place of each that is gone.

        Raises
        ------
        CredentialStoreError, WriteError
        """
        gone: list[tuple[str, str]] = []
        for path in self.files:
            stored = read_store(path)
            names = [name for name in stored if hosts is None or name in hosts]
            if names:
                rest = {
                    host: each for host, each in stored.items() if host not in names
                }
                write_store(path, rest)
                gone += [(name, str(path)) for name in names]
        if self.has_keyring:
            wanted = hosts or tuple(dict.fromkeys(name for name, _ in gone))
            gone += [
                (name, "keyring") for name in wanted if keyring.delete_secret(name)
            ]
        return tuple(gone)


def open_store(settings: Settings, environ: Mapping[str, str] = os.environ) -> Store:
    """Find the places for credentials that count.

    Notes
    -----
    A file named in the settings stands in place of all others for py-rattler, so it
    comes before the one that ``RATTLER_AUTH_FILE`` names.
    """
    named = settings.network.get("authentication-override-file")
    if isinstance(named, str) and named:
        return Store(files=(Path(named).expanduser(),), has_keyring=False)
    home = Path(environ.get("HOME") or Path.home())
    files = [home / ".rattler" / "credentials.json"]
    if given := environ.get("RATTLER_AUTH_FILE"):
        return Store(files=(Path(given), *files), has_keyring=False)
    return Store(files=tuple(files))


def read_store(path: Path) -> dict[str, Any]:
    """Read a file of credentials; one that is not there holds none.

    Raises
    ------
    CredentialStoreError
    """
    try:
        data = json.loads(read_file(path, most_bytes=_LARGEST))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CredentialStoreError(path, reason=error.strerror or str(error)) from error
    except ValueError as error:
        reason = f"it is no JSON: {getattr(error, 'msg', 'not UTF-8')}"
        # what a decoder says of a text may quote it
        raise CredentialStoreError(path, reason=reason) from None
    if not isinstance(data, dict):
        raise CredentialStoreError(path, reason="it is no JSON object")
    return data


def write_store(path: Path, stored: Mapping[str, Any]) -> None:
    """Replace a file of credentials, which nobody else may read.

    Raises
    ------
    WriteError
    """
    target = path.resolve()
    temporary = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # made with mode 0600, before anything is in it
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_compact(stored))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise WriteError(path, reason=error.strerror or str(error)) from error


def _compact(stored: Mapping[str, Any]) -> str:
    return json.dumps(stored, separators=(",", ":"), ensure_ascii=False)


def _entry(host: str, stored: object, place: str) -> Entry | None:
    if not isinstance(stored, dict) or len(stored) != 1:
        return None
    [(method, secret)] = stored.items()
    return Entry(host=host, method=str(method), secret=secret, place=place)


def _names(host: str) -> list[str]:
    """List the names under which credentials of a host may be, nearest first."""
    if host.startswith("s3://"):
        parts = host.rstrip("/").split("/")
        return ["/".join(parts[:size]) for size in range(len(parts), 2, -1)]
    bare = host.removeprefix("*.")
    labels = bare.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    return list(dict.fromkeys([host, bare, *(f"*.{name}" for name in above)]))
