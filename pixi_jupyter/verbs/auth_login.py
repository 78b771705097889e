"""What a login is asked, and which credentials a host takes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pixi_jupyter.errors import UsageError
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.workspace.credentials import Method

TOKEN_HOST, CONDA_TOKEN_HOST = "prefix.dev", "anaconda.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthRequest(Request):
    """A request about credentials."""

    manifest: Path | None = None
    """Whose settings may name a file of credentials; None looks around here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthLoginRequest(AuthRequest):
    """A host, and one way to be known to it."""

    host: str
    """Name or URL."""
    token: str | None = None
    username: str | None = None
    password: str | None = None
    conda_token: str | None = None
    s3_access_key_id: str | None = None
    s3_secret_access_key: str | None = None
    s3_session_token: str | None = None
    oauth: bool = False
    """Through a browser."""


def host_of(text: str) -> str:
    """Give the name under which credentials are kept.

    Raises
    ------
    UsageError
        If there is no host in it.

    Examples
    --------
    >>> host_of("https://conda.example.org:8080/channel")
    'conda.example.org'
    >>> host_of("example.org")
    '*.example.org'
    >>> host_of("s3://bucket/channel/")
    's3://bucket/channel'
    """
    text = text.strip()
    if text.startswith("s3://"):
        return text.rstrip("/")
    if text.startswith("*."):
        return text
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        host = ""
    if not host or any(sign.isspace() for sign in host):
        msg = f"{text!r} names no host"
        raise UsageError(msg, hints=("conda.example.org, https://… or s3://bucket",))
    return f"*.{host}" if host.count(".") == 1 else host


def credentials_of(request: AuthLoginRequest, host: str) -> tuple[Method, object]:
    """Give method and secret of a request.

    Raises
    ------
    UsageError
        If none was given, or several, or half of one, or one that the host does
        not take.
    """
    found: list[tuple[Method, object]] = []
    if request.token:
        found.append(("BearerToken", request.token))
    if request.conda_token:
        found.append(("CondaToken", request.conda_token))
    if request.username or request.password:
        pair = {"username": request.username, "password": request.password}
        found.append(("BasicHTTP", _whole(pair)))
    if request.s3_access_key_id or request.s3_secret_access_key:
        keys = {
            "access_key_id": request.s3_access_key_id,
            "secret_access_key": request.s3_secret_access_key,
        }
        session = {"session_token": request.s3_session_token}
        found.append(("S3Credentials", {**_whole(keys), **session}))
    if len(found) != 1:
        what = "several ways" if found else "no way"
        msg = f"auth login {request.host} was given {what} to log in"
        ways = "--token, --conda-token, --username with --password, or --s3-… keys"
        raise UsageError(msg, hints=(f"one of {ways}",))
    _check_host(host, found[0][0])
    return found[0]


def _whole(parts: dict[str, str | None]) -> dict[str, str]:
    """Refuse one half of a pair."""
    whole = {name: value for name, value in parts.items() if value}
    if len(whole) != len(parts):
        missing = ", ".join(name for name in parts if name not in whole)
        msg = f"auth login needs the {missing.replace('_', ' ')} too"
        raise UsageError(msg)
    return whole


def _check_host(host: str, method: Method) -> None:
    bare = host.removeprefix("*.")
    for known, wanted, option in (
        (TOKEN_HOST, "BearerToken", "--token TOKEN"),
        (CONDA_TOKEN_HOST, "CondaToken", "--conda-token TOKEN"),
        ("s3://", "S3Credentials", "--s3-access-key-id ID --s3-secret-access-key KEY"),
    ):
        is_it = bare == known or bare.endswith(f".{known}")
        is_it = is_it or (known == "s3://" and host.startswith(known))
        if is_it and method != wanted:
            msg = f"{host.removeprefix('*.')} takes no such credentials"
            hint = f"{{command}} auth login {bare} {option}"
            raise UsageError(msg, hints=(hint,))
