"""Keep secrets out of what people and other processes read.

Standard library only, and above every other room: errors and events use it.
"""

from __future__ import annotations

import re

HIDDEN = "********"
"""What stands where a secret was; py-rattler writes the same."""

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"'<>`]+")
_USER = re.compile(r"^([^/?#@]*?)(:[^/?#]*)?@(?=[^/?#@]*(?:[/?#]|$))")
_TOKEN = re.compile(r"/t/[^/?#]+(?=[/?#]|$)")
_QUERY = re.compile(
    r"([?&][\w.-]*(?:token|secret|password|passwd|signature|credential|key|sig)=)"
    r"[^&#\s]*",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """Give a text in which no URL tells a secret.

    Hidden are the password before a host (all of it where there is no name), the
    token of ``/t/TOKEN/``, and parts of a query that are called like a secret.
    """
    return _URL.sub(lambda found: _hide(found[0]), text) if "://" in text else text


def _hide(url: str) -> str:
    scheme, _, rest = url.partition("://")
    rest = _USER.sub(_hidden_user, rest)
    if scheme.lower() != "file":  # a folder named t is no secret
        rest = _TOKEN.sub(f"/t/{HIDDEN}", rest)
    return f"{scheme}://{_QUERY.sub(_hidden_value, rest)}"


def _hidden_value(found: re.Match[str]) -> str:
    return f"{found[1]}{HIDDEN}"


def _hidden_user(found: re.Match[str]) -> str:
    # a name alone is a token more often than not
    return f"{found[1]}:{HIDDEN}@" if found[2] else f"{HIDDEN}@"


def without_secrets(url: str) -> str:
    """Give a URL without the user and without the token in it."""
    scheme, mark, rest = url.partition("://")
    if not mark or scheme.lower() == "file":
        return url
    return f"{scheme}://{_TOKEN.sub('', _USER.sub('', rest), count=1)}"


def credentials_of(url: str) -> tuple[str, str] | None:
    """Give name and password that stand before the host, if any do."""
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(url)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
