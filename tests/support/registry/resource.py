"""What a registry has to give, and what came of a request for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MODIFIED = 1_700_000_000.0
"""Seconds; when all that is served says it was last changed."""


@dataclass
class Resource:
    """A body and what is said of it."""

    body: bytes
    content_type: str = "application/octet-stream"
    modified: float = MODIFIED
    cache_control: str = "max-age=0"

    @property
    def etag(self) -> str:
        """A strong one, made of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @property
    def headers(self) -> dict[str, str]:
        """What goes before the body, but for its length."""
        return {
            "Content-Type": self.content_type,
            "ETag": self.etag,
            "Last-Modified": formatdate(self.modified, usegmt=True),
            "Cache-Control": self.cache_control,
            "Accept-Ranges": "bytes",
        }


@dataclass(frozen=True)
class Seen:
    """One request, after it was answered."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in small letters."""
    status: int
    """0 if the connection was cut before an answer."""


@dataclass
class Reply:
    """What is about to be sent; faults change it."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    path: str = ""
    """What was asked for."""
    sent_bytes: int | None = None
    """How much of the body is sent before the connection is cut; None: all."""
    drop: bool = False
    """Cut the connection instead of an answer."""
    close: bool = False
    """Close the connection after the answer, without a word before."""


def reply_to(
    resource: Resource | None, headers: Mapping[str, str], *, head: bool = False
) -> Reply:
    """Answer as RFC 9110 has it: 304, 206, 416, 404 or 200."""
    if resource is None:
        return Reply(404, {"Content-Type": "text/plain"}, b"not here\n")
    if headers.get("if-none-match") == resource.etag:
        return Reply(304, resource.headers)
    span = headers.get("range", "")
    if not span.startswith("bytes=") or head:
        return Reply(200, resource.headers, resource.body)
    size = len(resource.body)
    first, _, last = span.removeprefix("bytes=").partition("-")
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        return Reply(416, {"Content-Range": f"bytes */{size}"})
    said = {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return Reply(206, {**resource.headers, **said}, resource.body[start:end])
