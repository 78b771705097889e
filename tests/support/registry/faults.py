"""What can be wrong with an answer, switched on and off while a registry runs."""

from __future__ import annotations

import fnmatch
import gzip
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from support.registry.resource import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fault(Protocol):
    """Changes an answer before it is sent."""

    def change(self, reply: Reply) -> Reply:
        """Give what is sent instead."""


F = TypeVar("F", bound=Fault)


@dataclass
class Status(Fault):
    """Answer with that status and no content to speak of."""

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"no\n"

    def change(self, reply: Reply) -> Reply:  # noqa: ARG002  part of the protocol
        return Reply(self.code, dict(self.headers), self.body)


@dataclass
class Truncated(Fault):
    """Promise the whole, send that many bytes, cut the connection."""

    after: int = 20

    def change(self, reply: Reply) -> Reply:
        reply.sent_bytes = self.after
        return reply


@dataclass
class Content(Fault):
    """Send these bytes and say that all is well."""

    body: bytes = b"this is not what you wanted\n"

    def change(self, reply: Reply) -> Reply:  # noqa: ARG002  part of the protocol
        return Reply(200, {"Content-Type": "application/octet-stream"}, self.body)


@dataclass
class Redirect(Fault):
    """Send the client elsewhere; the path is put behind `to`."""

    to: str

    def change(self, reply: Reply) -> Reply:
        return Reply(302, {"Location": self.to.rstrip("/") + reply.path})


@dataclass
class Gzip(Fault):
    """Compress the body on its way."""

    def change(self, reply: Reply) -> Reply:
        if reply.status == 200:
            reply.headers["Content-Encoding"] = "gzip"
            reply.body = gzip.compress(reply.body)
        return reply


@dataclass
class Closing(Fault):
    """Answer well, then close the connection without having said so."""

    def change(self, reply: Reply) -> Reply:
        reply.close = True
        return reply


@dataclass
class Drop(Fault):
    """Cut the connection instead of an answer."""

    def change(self, reply: Reply) -> Reply:
        reply.drop = True
        return reply


@dataclass
class Slow(Fault):
    """Hold the answer back until a test lets it go.

    Parameters
    ----------
    before
        Bytes of the body that are sent at once.
    """

    before: int = 10
    reached: threading.Event = field(default_factory=threading.Event)
    """Set when somebody waits for an answer."""
    gate: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let the rest go, now and for all that come later."""
        self.gate.set()

    def change(self, reply: Reply) -> Reply:
        return reply


@dataclass
class _Rule:
    pattern: str
    fault: Fault
    left: int | None
    spared: int


class Faults:
    """The switches of one registry."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()

    def put(
        self, pattern: str, fault: F, *, times: int | None = None, after: int = 0
    ) -> F:
        """Let a fault hold for the paths that match a shell pattern.

        Parameters
        ----------
        pattern
            Such as ``*/repodata*``; paths start with a slash.
        times
            For so many requests only.
        after
            So many requests are answered well before.
        """
        with self._lock:
            self._rules.append(_Rule(pattern, fault, times, after))
        return fault

    def clear(self) -> None:
        """Take all faults away, and let go what they hold back."""
        with self._lock:
            rules, self._rules = self._rules, []
        for rule in rules:
            if isinstance(rule.fault, Slow):
                rule.fault.release()

    def of(self, path: str) -> list[Fault]:
        """Give the faults that hold for one more request of a path."""
        with self._lock:
            return [rule.fault for rule in self._rules if self._holds(rule, path)]

    def _holds(self, rule: _Rule, path: str) -> bool:
        if not fnmatch.fnmatchcase(path, rule.pattern):
            return False
        if rule.spared > 0:
            rule.spared -= 1
            return False
        if rule.left is None:
            return True
        rule.left -= 1
        return rule.left >= 0
