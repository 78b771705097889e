"""Asks a registry as plainly as can be."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message


class Unreachable(Exception):  # noqa: N818  it is a state, not a mistake
    """No answer came, or not the whole of it."""


@dataclass
class Heard:
    """What was answered."""

    status: int
    headers: Message
    body: bytes


def ask(url: str, *, method: str = "GET", **headers: str) -> Heard:
    """Send one request, past all proxies.

    Raises
    ------
    Unreachable
    """
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310  loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return Heard(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Heard(error.code, error.headers, error.read())
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(str(error)) from error
