"""What can be wrong with the text of a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.locks import conflict
from pixi_jupyter.errors.manifests import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class ManifestParseError(ManifestError):
    """The text of a manifest breaks a rule of its format.

    Parameters
    ----------
    path
        The manifest.
    reason
        What is wrong, without the place.
    line, column
        Where, counted from 1; None where no line is to blame.
    key
        Dotted path of the key, or an empty string.
    source_line
        The text of that line.
    hint
        What to write instead, or an empty string.
    others
        What else is wrong, in the order of the file.
    """

    code = "manifest-parse"
    _most_told = 20

    def __init__(
        self,
        path: Path | str,
        *,
        reason: str,
        line: int | None = None,
        column: int | None = None,
        key: str = "",
        source_line: str = "",
        hint: str = "",
        others: Sequence[ManifestParseError] = (),
    ) -> None:
        self.path, self.reason, self.key, self.hint = path, reason, key, hint
        self.line, self.column, self.source_line = line, column, source_line
        self.others = tuple(others)
        place = f", line {line}" if line else ""
        place += f", column {column}" if line and column else ""
        details = [f"{key}: {reason}" if key else reason]
        if line and source_line.strip():
            margin = f"{line:>4} | "
            details.append(f"{margin}{source_line.rstrip()}")
            if column:
                details.append(" " * (len(margin) + column - 1) + "^")
        super().__init__(
            f"{path} cannot be read{place}",
            details=(*details, *self._also()),
            hints=(hint,) if hint else (),
        )

    @property
    def problems(self) -> tuple[dict[str, object], ...]:
        """All that is wrong, in JSON's words, in the order of the file."""
        return tuple(
            {
                "line": each.line,
                "column": each.column,
                "key": each.key,
                "reason": each.reason,
                "hint": each.hint,
            }
            for each in (self, *self.others)
        )

    def to_wire(self) -> dict[str, object]:
        """Give the form in which an engine sends this error, with all problems."""
        # one that came over a wire has its words only
        if not hasattr(self, "others"):
            return {**super().to_wire(), "problems": []}
        known = list(self.problems)
        return {**super().to_wire(), "problems": known, "file": str(self.path)}

    def _also(self) -> Iterator[str]:
        told = self.others[: self._most_told]
        for each in told:
            place = f"line {each.line}" if each.line else ""
            place += f", column {each.column}" if each.line and each.column else ""
            hint = f" (hint: {each.hint})" if each.hint else ""
            yield (
                "also " + ": ".join(filter(None, (place, each.key, each.reason))) + hint
            )
        if left := len(self.others) - len(told):
            yield f"and {left} more"


class ManifestConflictError(ManifestParseError):
    """A merge left its marks in a manifest.

    Parameters
    ----------
    path
        The manifest.
    lines
        Number and text of each line that is a mark.
    """

    code = "manifest-conflict"

    def __init__(self, path: Path | str, *, lines: Sequence[tuple[int, str]]) -> None:
        first, last = lines[0][0], lines[-1][0]
        super().__init__(path, reason="merge conflict", line=first)
        self.message, self.details = conflict(path, lines)
        todo = f"keep what is right of lines {first} to {last} and take the marks out"
        self.hints = (f"{todo}, then {{command}} lock",)
