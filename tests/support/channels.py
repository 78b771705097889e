"""What a client of a channel could read, and whether it fits together."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = 2
"""How many packages every built channel has: python and python_abi."""


def state(channel: Path) -> dict[str, bytes]:
    """Read all that a client of the channel could read."""
    found = [*channel.glob("*/*.conda"), *channel.glob("*/repodata.json")]
    return {path.relative_to(channel).as_posix(): path.read_bytes() for path in found}


def check(channel: Path) -> int:
    """Check that repodata name whole files only; gives how many they name."""
    named = 0
    for repodata in channel.glob("*/repodata.json"):
        records = json.loads(repodata.read_text("utf-8"))["packages.conda"]
        for name, record in records.items():
            data = (repodata.parent / name).read_bytes()
            assert hashlib.sha256(data).hexdigest() == record["sha256"]
            named += 1
    return named
