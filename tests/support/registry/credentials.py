"""What a registry may ask for before it gives anything."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Credentials(Protocol):
    """Decides who may read."""

    challenge: str
    """What ``WWW-Authenticate`` says."""

    def admitted(self, path: str, headers: Mapping[str, str]) -> str | None:
        """Give the path that is really asked for; None for a stranger."""


@dataclass
class Basic(Credentials):
    """A name and a password."""

    name: str
    password: str
    challenge: str = 'Basic realm="registry"'

    def admitted(self, path: str, headers: Mapping[str, str]) -> str | None:
        pair = base64.b64encode(f"{self.name}:{self.password}".encode()).decode()
        return path if headers.get("authorization") == f"Basic {pair}" else None


@dataclass
class Bearer(Credentials):
    """A token in a header."""

    token: str
    challenge: str = "Bearer"

    def admitted(self, path: str, headers: Mapping[str, str]) -> str | None:
        given = headers.get("authorization")
        return path if given == f"Bearer {self.token}" else None


@dataclass
class CondaToken(Credentials):
    """A token in front of the path, ``/t/TOKEN/…``."""

    token: str
    challenge: str = "Token"

    def admitted(
        self,
        path: str,
        headers: Mapping[str, str],  # noqa: ARG002  part of the protocol
    ) -> str | None:
        head = f"/t/{self.token}/"
        return path.removeprefix(head[:-1]) if path.startswith(head) else None
