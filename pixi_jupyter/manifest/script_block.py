"""The comment block in which a Python script says what it needs.

Rules: PEP 723 (inline script metadata), and what pixi 0.77.0 reads of it, scripts
(read 2026-11). A block is TOML behind ``# ``; its last line is the last ``# ///`` of
the comment that begins with ``# /// script``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pixi_jupyter.errors import ManifestParseError, ScriptBlockNotFoundError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from pathlib import Path

FIRST, LAST = "# /// script", "# ///"
MARGIN = 2
"""Characters in front of the TOML of each line."""

_ALMOST = re.compile(r"^[ \t]*#[ \t]*/{3,}[ \t]*script[ \t]*$", re.IGNORECASE)
_HEAD = re.compile(
    r"(?:[ \t\f]*(?:#[^\n]*)?\r?\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*[-\w.]+[^\n]*\n"
    r"|#![^\n]*\n"
)
"""What has to stay on the first two lines: the encoding (PEP 263), and ``#!``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptBlock:
    """A script's text in three parts."""

    before: str
    """Up to the line that opens the block, that line included."""
    lines: tuple[str, ...]
    """The lines of the block, as they are in the file."""
    after: str
    """From the line that closes the block to the end of the file."""

    @property
    def toml(self) -> str:
        r"""What the block says, with ``\n`` behind each line."""
        return "".join(f"{_stripped(line)}\n" for line in self.lines)

    @property
    def view(self) -> str:
        """What the block says, on the lines that it has in the file."""
        return "\n" * self.before.count("\n") + self.toml

    def with_toml(self, toml: str) -> str:
        """Give the script with another block; lines that stay keep their bytes."""
        newline = "\r\n" if self.before.endswith("\r\n") else "\n"
        new = toml.removesuffix("\n").split("\n") if toml else []
        old = [_stripped(line) for line in self.lines]
        first = _common(old, new)
        last = _common(old[first:][::-1], new[first:][::-1])
        changed = [
            f"# {line}{newline}" if line.strip() else f"#{newline}"
            for line in new[first : len(new) - last]
        ]
        lines = [*self.lines[:first], *changed, *self.lines[len(old) - last :]]
        return self.before + "".join(lines) + self.after


def read_block(text: str, path: Path) -> ScriptBlock:
    """Find the block of a script.

    Parameters
    ----------
    text
        Of the whole script.
    path
        Of the script, as it is shown.

    Raises
    ------
    ScriptBlockNotFoundError
        If there is none.
    ManifestParseError
        If it does not end, or there are two.
    """
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    plain = [line.rstrip("\n").removesuffix("\r") for line in lines]
    if plain:
        plain[0] = plain[0].removeprefix("\ufeff")
    if FIRST not in plain:
        found = next((n for n, line in enumerate(plain) if _ALMOST.match(line)), None)
        almost = None if found is None else (found + 1, plain[found])
        raise ScriptBlockNotFoundError(path, almost=almost)
    first = plain.index(FIRST)
    end = first + 1
    while end < len(plain) and (plain[end] == "#" or plain[end].startswith("# ")):
        end += 1
    closing = [n for n in range(first + 1, end) if plain[n] == LAST]
    if not closing:
        raise _unclosed(plain, first, end, path)
    last = closing[-1]
    again = next((n for n in range(first + 1, len(plain)) if plain[n] == FIRST), None)
    if again is not None and (again < last or LAST in plain[again:]):
        reason = f"a script has one block, and line {first + 1} begins one"
        hint = "put what both ask for into one of them"
        raise _error(plain, again, path, reason, hint)
    if len(closing) > 1:
        reason = "the block goes on behind this line, to the last of the comment"
        hint = "an empty line between the block and the comment below it"
        raise _error(plain, closing[0], path, reason, hint)
    return ScriptBlock(
        before="".join(lines[: first + 1]),
        lines=tuple(lines[first + 1 : last]),
        after="".join(lines[last:]),
    )


def block_bytes(data: bytes) -> bytes:
    """Give what of a script's bytes decides about its environment.

    Returns
    -------
    bytes
        The block; all bytes where there is none that can be read.
    """
    from pathlib import Path

    try:
        return read_block(data.decode(), Path()).toml.encode()
    except (UnicodeDecodeError, ManifestParseError, ScriptBlockNotFoundError):
        return data


def with_block(text: str, toml: str) -> str:
    """Give a script with a block where it had none.

    Parameters
    ----------
    text
        Of the script; may be empty.
    toml
        What the block says.

    Notes
    -----
    What has to be on the first lines stays there.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    first_line, end, _ = text.partition("\n")
    newline = "\r\n" if first_line.endswith("\r") else "\n"
    if text.startswith("#") and not end:
        text += newline
    found = _HEAD.match(text)
    head = found[0] if found else ""
    body = text[len(head) :]
    gap = f"#{newline}" if head else ""
    block = ScriptBlock(
        before=f"{mark}{head}{gap}{FIRST}{newline}", lines=(), after=f"{LAST}{newline}"
    )
    return block.with_toml(toml) + (f"{newline}{body}" if body else "")


def _stripped(line: str) -> str:
    return line.rstrip("\n").removesuffix("\r")[MARGIN:]


def _common(old: list[str], new: list[str]) -> int:
    """Count how many lines both begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _unclosed(plain: list[str], first: int, end: int, path: Path) -> ManifestParseError:
    """Say why a block does not end: mostly by a line that is not one of it."""
    closes = LAST in plain[end:] or any(x.strip() == LAST for x in plain[end:])
    if end < len(plain) and closes and plain[end].lstrip().startswith("#"):
        reason = "a line of the block begins with `#` and one space, without a tab"
        return _error(plain, end, path, reason, "")
    reason = "this block has no end"
    return _error(plain, first, path, reason, f"{LAST}   on a line behind the last")


def _error(
    plain: list[str], number: int, path: Path, reason: str, hint: str
) -> ManifestParseError:
    return ManifestParseError(
        path,
        reason=reason,
        line=number + 1,
        column=1,
        source_line=plain[number],
        hint=hint,
    )
