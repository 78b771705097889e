"""When a conditional dependency holds: match specs, `and`, `or`, parentheses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(r"\(|\)|\b(?:and|or)\b|(?:'[^']*'|\[[^\]]*\]|[^\s()\['])+")
_DEEPEST = 50


def holds(condition: str | None, is_there: Callable[[str], bool]) -> bool | None:
    """Judge a condition.

    Parameters
    ----------
    condition
        As a match spec has it; None always holds.
    is_there
        Tells of one match spec whether something that fits is there.

    Returns
    -------
    bool or None
        None where the condition cannot be read.
    """
    if not condition:
        return True
    if condition.count("(") > _DEEPEST:
        return None
    tokens = _TOKEN.findall(condition)
    reader = _Reader(tokens, is_there)
    found = reader.alternatives()
    return None if reader.is_wrong or reader.left else found


class _Reader:
    def __init__(self, tokens: list[str], is_there: Callable[[str], bool]) -> None:
        self.left = tokens[::-1]
        self.is_wrong = False
        self._is_there = is_there

    def alternatives(self) -> bool:
        found = self._all()
        while self.left and self.left[-1] == "or":
            self.left.pop()
            # both sides are read, whatever the first one says
            found = self._all() or found
        return found

    def _all(self) -> bool:
        found = self._one()
        while self.left and self.left[-1] == "and":
            self.left.pop()
            found = self._one() and found
        return found

    def _one(self) -> bool:
        if self.left and self.left[-1] == "(":
            self.left.pop()
            found = self.alternatives()
            if not self.left or self.left.pop() != ")":
                self.is_wrong = True
            return found
        words = []
        while self.left and self.left[-1] not in {"and", "or", "(", ")"}:
            words.append(self.left.pop())
        if not words:
            self.is_wrong = True
            return False
        return self._is_there(" ".join(words))
