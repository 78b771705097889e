"""Addresses that somebody else wrote: compared, judged, and made fit to be shown."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pixi_jupyter.redaction import redacted
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 200
_PORTS = {"http": 80, "https": 443}
_BAD = re.compile(r"[^\x21-\x7e]|[\\<>\"'`{}|^]")
"""What no address has, and what different readers take for different things."""
_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What cannot be seen, or turns the direction of what follows."""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL in a form that can be compared."""

    scheme: str
    host: str
    """With the port, if it is not the usual one."""
    parts: tuple[str, ...]
    """Of the path, decoded."""

    def is_inside(self, other: Address) -> bool:
        """Tell whether it is the other one, or below it."""
        same = (self.scheme, self.host) == (other.scheme, other.host)
        return same and self.parts[: len(other.parts)] == other.parts


def address(url: str) -> Address | None:
    """Read a URL; None for what is none, or could be read in two ways.

    Examples
    --------
    >>> address("HTTPS://Conda.Example:443/a/") == address("https://conda.example/a")
    True
    >>> address("https://conda.example/a/%2e%2e/b") is None
    True
    """
    if _BAD.search(url):
        return None
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return None
    scheme = found.scheme.lower()
    host = (found.hostname or "").rstrip(".")
    if not scheme or not (host or scheme == "file"):
        return None
    parts = [unquote(part) for part in found.path.strip("/").split("/") if found.path]
    if any(_is_odd(part) for part in parts if part or len(parts) > 1):
        return None
    if port is not None and port != _PORTS.get(scheme):
        host = f"{host}:{port}"
    return Address(scheme, host, tuple(part for part in parts if part))


def _is_odd(part: str) -> bool:
    return part in ("", ".", "..") or "/" in part or "\\" in part or has_hidden(part)


def inside_any(url: str, others: Iterable[str]) -> bool:
    """Tell whether a URL is one of some, or below one."""
    found = address(url)
    known = (address(each) for each in others)
    return found is not None and any(x and found.is_inside(x) for x in known)


def same(url: str, other: str) -> bool:
    """Tell whether two URLs are one place."""
    found = address(url)
    return found is not None and found == address(other)


def has_secret(url: str) -> bool:
    """Tell whether a URL tells a name, a password or a token."""
    if redacted(url) == url:
        return False
    # `git@` before a host of ssh is how everybody is called there
    bare = re.sub(r"^((?:git\+)?ssh://)[\w.-]+@", r"\1", url)
    return redacted(bare) != bare


def has_hidden(text: str, *, lines: bool = False) -> bool:
    """Tell whether a text has characters that a reader does not see.

    Parameters
    ----------
    lines
        Whether it may have several lines.
    """
    if text.isascii() and text.isprintable():
        return False
    spared = "\n\r\t" if lines else ""
    return bool(_HIDDEN.search(text)) or any(
        unicodedata.category(each) in ("Cc", "Cs") and each not in spared
        for each in text
    )


def shown(text: str) -> str:
    r"""Give a text of somebody else's as it may stand in a line.

    Examples
    --------
    >>> shown("a\x1b[2Jb")
    'a\\x1b[2Jb'
    >>> shown("https://me:secret@conda.example/x")
    'https://me:********@conda.example/x'
    """
    text = redacted(text)
    if "://" in text and not text.isascii():
        # letters that look like others
        text = text.encode("ascii", "backslashreplace").decode()
    text = "".join(x if x.isprintable() else ascii(x)[1:-1] for x in text)
    if len(text) > _LONGEST:
        return f"{text[: _LONGEST - 40]}…{text[-30:]}"
    return text
