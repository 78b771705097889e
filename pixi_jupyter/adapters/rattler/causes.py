"""What a text of py-rattler about the network means, in our words.

py-rattler gives texts alone, no kinds (0.28.0). The words below are those it and
the libraries under it were seen to use; what is not known stands as it came.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pixi_jupyter.errors import (
    ChannelAccessError,
    ChannelError,
    DownloadError,
    OfflineError,
    PixiJupyterError,
    credential_hints,
)
from pixi_jupyter.redaction import without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

# patterns are compiled when something failed, not when a command starts
_STATUS = r"HTTP status \w+ error \((?P<status>\d{3}) ?(?P<words>[^)]*)\)"
_URL = r"\w+://[^\s'\")]+"
_UNREACHABLE = (
    r"client error \(Connect\)|tcp connect error|dns error|operation timed out"
    r"|error sending request"
)
_CUT = (
    r"error reading a body|end of file before message|unexpected end of file"
    r"|IncompleteBody|connection reset|connection closed before message completed"
)
_NONSENSE = (
    r"failed to decode zstd|expected value|invalid type|missing field|EOF while parsing"
    r"|Unknown frame descriptor|expected .* at line \d+|trailing characters"
    r"|failed to deserialize|invalid value|key must be|zstd stream did not finish"
)
_NO_PACKAGE = (
    r"(?i)invalid zip archive|Unknown frame descriptor|failed to (?:extract|decompress)"
    r"|numeric field was not a number|unexpected EOF"
)
_BROKEN_SHARD = (
    r"expected struct Shard|^IO error while reading |^invalid (?:type|value|length)"
    r"|^(?:missing|unknown|duplicate) field"
)

_AWAY: tuple[str, ...] = ("{command} … --offline   works from what is cached",)
_LATER = ("the same command again in a while", *_AWAY)


def is_broken_cache(text: str) -> bool:
    """Tell whether what could not be read lies in the cache, not on the server."""
    return bool(re.search(_BROKEN_SHARD, text)) and not re.search(_URL, text)


def is_cut(text: str) -> bool:
    """Tell whether an answer began well and broke off."""
    return bool(re.search(_CUT, text))


def host_of(text: str) -> str:
    """Give the host of the first URL of a text, with its port; or nothing."""
    found = re.search(_URL, text)
    place = urlsplit(without_secrets(found[0])).netloc if found else ""
    return place.rpartition("@")[2]


def channel_failure(channels: Sequence[str], text: str) -> PixiJupyterError:
    """Say which channel failed, and how.

    Parameters
    ----------
    channels
        URLs of all channels that were read.
    text
        What py-rattler said.
    """
    url = re.search(_URL, text)
    where = without_secrets(url[0]) if url else ""
    guilty = [each for each in channels if where and where.startswith(each)]
    channel = max(guilty, key=len) if guilty else ", ".join(channels)
    if "no usable repodata cache" in text.lower():
        return OfflineError(f"Channel {channel}", reason=text)
    status = re.search(_STATUS, text)
    if status and status["status"] in {"401", "403"}:
        return ChannelAccessError(
            channel, host=host_of(text), status=int(status["status"]), reason=text
        )
    if status and status["status"] == "404":
        said = "there is no channel at this address"
        asked = "channels in the manifest: is the address right?"
        return ChannelError(channel, reason=f"{said}\n{text}", hints=(asked,))
    said, hints = _network(text)
    return ChannelError(
        channel, reason=f"{said}\n{text}" if said else text, hints=hints
    )


def _network(text: str) -> tuple[str, tuple[str, ...]]:
    host = host_of(text) or "the server"
    status = re.search(_STATUS, text)
    if status:
        return f"{host} answered {status['status']} {status['words']}".rstrip(), _LATER
    if re.search(_CUT, text):
        return "the answer broke off before its end", _LATER
    if re.search(_UNREACHABLE, text):
        return f"{host} cannot be reached", _AWAY
    if re.search(_NONSENSE, text):
        return "what was sent is not repodata; a log-in page, perhaps", _AWAY
    return "", _AWAY


def download_failure(url: str, text: str) -> DownloadError:
    """Say why a package could not be had."""
    status = re.search(_STATUS, text)
    if found := re.search(_URL, text):
        url = without_secrets(found[0])
    text = _trimmed(text)
    if status and status["status"] in {"401", "403"}:
        host = host_of(text) or host_of(url)
        said = f"{host} asks for credentials, or for others than it was given"
        hints = credential_hints(host)
        return DownloadError(url, reason=f"{said}\n{text}", hints=hints)
    if status and status["status"] == "404":
        said = "the channel does not have it any more"
        hints = ("{command} update   takes what the channel has now",)
        return DownloadError(url, reason=f"{said}\n{text}", hints=hints)
    if "hash mismatch" in text:
        said = "what was sent is not the package that is locked"
        return DownloadError(url, reason=f"{said}\n{text}")
    said, _ = _network(text)
    if said.startswith("what was sent") or (not said and re.search(_NO_PACKAGE, text)):
        said = "what was sent is not a package"
    return DownloadError(url, reason=f"{said}\n{text}" if said else text)


def _trimmed(text: str) -> str:
    """Leave the lines out that only say which of py-rattler's parts spoke."""
    known = ("failed to fetch ", "Caused by: failed to interact with the package cache")
    lines = text.splitlines()
    return "\n".join(each for each in lines if not each.startswith(known)) or text
