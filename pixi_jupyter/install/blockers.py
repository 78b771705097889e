"""Which installed package stands against ipykernel, in words.

The solver knows only that something does not fit; who is installed, we know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pixi_jupyter.adapters.rattler import RepoDataRecord

_TREE = "├│└─ \t"
_REQUIRES = re.compile(r"(?P<name>[a-z0-9_.-]+) (?P<versions>.+?) would require")
_NEEDS = re.compile(r"(?P<name>[a-z0-9_.-]+) (?P<spec>[^,│]*?[^,\s])(?:,? (?:for )?which .*|\.?)$")
_MISSING = re.compile(r"^No candidates were found for (?P<name>[a-z0-9_.-]+)\b")
