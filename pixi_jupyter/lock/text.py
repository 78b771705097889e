"""The text of a lock file, character by character as pixi writes it.

The YAML is that of serde_yaml 0.9 (block style, no line folding, strings quoted
only where a reader could take them for something else), which pixi 0.77.0 uses.
PyYAML's emitter cannot be brought to the same quoting, and is slower by far.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDICATORS = r",\[\]{}#&*!|>'\"%@`"
_INVISIBLE = r"\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u2028\u2029"
_PLAIN = re.compile(
    rf"""(?!---|\.\.\.)                        # not the mark of a document
         (?:[^\s:?\-{_INDICATORS}{_INVISIBLE}] # no indicator at the start …
            | [:?\-](?=\S))                    # … unless something follows it
         (?:[^:\#{_INVISIBLE}]
            | :(?=\S)                          # no ": " inside, no ":" at the end
            | (?<!\s)\# )*                     # no " #" inside
         (?<!\s)""",
    re.VERBOSE,
)
_WORDS = frozenset(
    ["", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False"]
    + ["FALSE", ".nan", ".NaN", ".NAN"]
    + [f"{sign}{word}" for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")]
)
_INTEGER = re.compile(r"[-+]?(?:\d+|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)")
_FLOAT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_INVISIBLE_CHARACTER = re.compile(f"[{_INVISIBLE}]")
_LITERAL = re.compile(r"(?:[^\s].*)(?:\n+.*[^\s])*\n*")
_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\u2028": "L",
    "\u2029": "P",
}


def format_yaml(value: Mapping[str, object]) -> str:
    """Give the text of a document.

    Parameters
    ----------
    value
        Mappings, lists, text, integers, booleans and None; the order is kept.
    """
    return "\n".join(_mapping(value, "")) + "\n"


def _mapping(value: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, item in value.items():
        head = f"{indent}{scalar(key)}:"
        if isinstance(item, Mapping) and item:
            yield head
            yield from _mapping(item, indent + "  ")
        elif isinstance(item, list | tuple) and item:
            yield head
            yield from _sequence(item, indent)
        else:
            yield f"{head} {_leaf(item, indent)}"


def _sequence(value: list[object] | tuple[object, ...], indent: str) -> Iterator[str]:
    for item in value:
        if isinstance(item, Mapping) and item:
            # the first key stands on the line of the dash
            lines = _mapping(item, indent + "  ")
            yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
            yield from lines
        else:
            yield f"{indent}- {_leaf(item, indent)}"


def _leaf(value: object, indent: str) -> str:
    match value:
        case str():
            return scalar(value) if "\n" not in value else _multiline(value, indent)
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case Mapping() | list() | tuple():
            # empty, or deeper than any lock goes: JSON is YAML too
            return json.dumps(value)
        case _:
            return str(value)


@lru_cache(maxsize=65536)
def scalar(text: str) -> str:
    """Write a text of one line, in quotes only where it needs them."""
    if _PLAIN.fullmatch(text) and not _is_ambiguous(text):
        return text
    if _INVISIBLE_CHARACTER.search(text):
        return _double_quoted(text)
    return "'" + text.replace("'", "''") + "'"


def _is_ambiguous(text: str) -> bool:
    if text in _WORDS or _INTEGER.fullmatch(text):
        return True
    return bool(_FLOAT.fullmatch(text)) and math.isfinite(float(text))


def _double_quoted(text: str) -> str:
    def escape(found: re.Match[str]) -> str:
        character = found[0]
        if letter := _ESCAPES.get(character):
            return "\\" + letter
        code = ord(character)
        return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}"  # noqa: PLR2004  one byte

    return '"' + re.sub(rf'[{_INVISIBLE}"\\]', escape, text) + '"'


def _multiline(text: str, indent: str) -> str:
    without_newlines = text.replace("\n", "")
    if not _LITERAL.fullmatch(text) or _INVISIBLE_CHARACTER.search(without_newlines):
        return _double_quoted(text)
    lines = text.rstrip("\n").split("\n")
    trailing = len(text) - len(text.rstrip("\n"))
    keep = {0: "-", 1: ""}.get(trailing, "+")
    body = [f"{indent}  {line}" if line else "" for line in lines]
    return "\n".join([f"|{keep}", *body, *[""] * (trailing - 1)])
