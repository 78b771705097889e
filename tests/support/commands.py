"""What a command said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Answer:
    """Exit code and texts of one command."""

    code: int
    out: str
    err: str
