"""Match specs against locked records, and the names by which they are known."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pixi_jupyter.errors import InvalidSpecError

if TYPE_CHECKING:
    from pixi_jupyter.adapters.rattler import MatchSpec, RepoDataRecord

_MOST_PARENTHESES = 100
"""rattler goes down a level at each, and ends the process where the stack ends."""


@lru_cache(maxsize=16384)
def spec_of(text: str) -> MatchSpec:
    """Read a match spec; the same text only once.

    Raises
    ------
    InvalidSpecError
    """
    from pixi_jupyter.adapters.rattler import match_spec

    if text.count("(") > _MOST_PARENTHESES:
        raise InvalidSpecError(text, reason="it has too many parentheses")
    return match_spec(text)


def matches(spec: MatchSpec, record: RepoDataRecord) -> bool:
    """Match all of a spec; py-rattler leaves out where a record is from."""
    if not spec.matches(record):
        return False
    if spec.channel is not None:
        wanted, have = str(spec.channel.base_url), record.channel
        if wanted.rstrip("/") != have.rstrip("/"):
            return False
    if spec.subdir is not None and spec.subdir != record.subdir:
        return False
    return spec.file_name is None or spec.file_name == record.file_name


def name_of(text: str) -> str:
    """Give the name that a match spec is about."""
    return spec_of(text).name.normalized
