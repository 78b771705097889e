"""Reads the layout of a TOML text.

It sees what a person gets wrong first (a value without quotes, a bracket that is
never closed, a key that is there twice) and leaves finer rules to the parsers.

Grammar: TOML 1.1.0 (read 2026-11).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from pixi_jupyter.manifest.layout import DEEPEST, Entry, Layout, LayoutError

if TYPE_CHECKING:
    from pixi_jupyter.manifest.layout import Keys, Kind

_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_LINE_END = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = {
    '"""': re.compile(r'"""(?:\\.|(?!""")[^\\])*"""(?:"{1,2}(?!"))?', re.DOTALL),
    "'''": re.compile(r"'''(?:(?!''').)*'''(?:'{1,2}(?!'))?", re.DOTALL),
    '"': re.compile(r'"(?:\\.|[^"\\\r\n])*"'),
    "'": re.compile(r"'[^'\r\n]*'"),
}
_WORD = re.compile(r"[^,\[\]{}#\"'\r\n]*")
_NEXT_PAIR = re.compile(r"[A-Za-z0-9_.-]+[ \t]*=[ \t]")
_ATOM = re.compile(
    r"true|false|[+-]?(?:inf|nan)|0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+"
    r"|[+-]?[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9_]+)?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9:]+)?)?"
    r"|[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
)


class Scanner:
    """Goes through a text once.

    Parameters
    ----------
    text
        A whole document.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.layout = Layout(text)
        self.arrays: dict[Keys, int] = {}
        self.seen: dict[Keys, tuple[Kind, int]] = {}

    def scan(self) -> Layout:
        """Give the layout.

        Raises
        ------
        LayoutError
        """
        table: Keys = ()
        while True:
            self._skip(_GAP)
            if self.at >= len(self.text):
                return self.layout
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table, "pair")
            if not _LINE_END.match(self.text, self.at):
                self._fail("nothing more belongs on this line")

    def _fail(self, reason: str, hint: str = "", at: int | None = None) -> NoReturn:
        raise LayoutError(self.at if at is None else at, reason, hint)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self.text, self.at):
            self.at = found.end()

    def _define(self, keys: Keys, kind: Kind, start: int) -> None:
        known = self.seen.get(keys)
        if known and not (kind == "header" and known[0] == "item"):
            name = next(key for key in reversed(keys) if isinstance(key, str))
            line = self.text.count("\n", 0, known[1]) + 1
            self._fail(f"`{name}` is there already, in line {line}", at=start)
        self.seen[keys] = (kind, start)

    def _header(self) -> Keys:
        start = self.at
        marks = "[[" if self.text.startswith("[[", self.at) else "["
        self.at += len(marks)
        names = self._key()
        self._check_depth(tuple(names))
        if not self.text.startswith("]" * len(marks), self.at):
            missing = "]" * len(marks)
            self._fail(f"`{missing}` belongs here")
        self.at += len(marks)
        keys: Keys = ()
        for number, name in enumerate(names):
            keys = (*keys, name)
            if marks == "[[" and number == len(names) - 1:
                self.arrays[keys] = self.arrays.get(keys, 0) + 1
            if keys in self.arrays:
                keys = (*keys, self.arrays[keys] - 1)
        self._define(keys, "header", start)
        number = len(self.layout.entries)
        self._add("header", keys, len(keys), start, self.at, start, number)
        return keys

    def _add(
        self,
        kind: Kind,
        keys: Keys,
        written: int,
        start: int,
        key_end: int,
        value: int,
        number: int,
    ) -> None:
        # what is inside was added first, and comes behind what it is in
        self.layout.entries.insert(
            number,
            Entry(
                kind=kind,
                keys=keys,
                written=written,
                start=start,
                key_end=key_end,
                value=value,
                end=self.at,
            ),
        )

    def _pair(self, table: Keys, kind: Kind) -> None:
        start = self.at
        names = self._key()
        key_end = start + len(self.text[start : self.at].rstrip())
        if not self.text.startswith("=", self.at):
            self._fail("`=` and a value belong behind the key")
        self.at += 1
        self._skip(_SPACE)
        keys = (*table, *names)
        self._define(keys, kind, start)
        for size in range(len(table) + 1, len(keys)):
            if self.seen.get(keys[:size], ("header",))[0] != "header":
                self._define(keys[:size], kind, start)
        value, number = self.at, len(self.layout.entries)
        self._value(keys, self.text[start:key_end])
        self._add(kind, keys, len(names), start, key_end, value, number)

    def _key(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            quote = self.text[self.at : self.at + 1]
            if quote and quote in "\"'":
                names.append(_unquoted(self._string(quote)))
            elif found := _BARE_KEY.match(self.text, self.at):
                names.append(found.group())
                self.at = found.end()
            else:
                self._fail("a key belongs here")
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def _string(self, quote: str) -> str:
        found = _STRINGS[quote].match(self.text, self.at)
        if not found:
            self._fail(f"this string is never closed by {quote}")
        self.at = found.end()
        return found.group()

    def _value(self, keys: Keys, name: str) -> None:
        self._check_depth(keys)
        for quote in _STRINGS:
            if self.text.startswith(quote, self.at):
                self._string(quote)
                return
        match self.text[self.at : self.at + 1]:
            case "[":
                self._array(keys)
            case "{":
                self._inline_table(keys)
            case _:
                self._atom(name)

    def _atom(self, name: str) -> None:
        found = _WORD.match(self.text, self.at)
        word = found.group().rstrip() if found else ""
        if _ATOM.fullmatch(word):
            self.at += len(word)
            return
        if not word:
            self._fail("a value belongs here")
        known = {"True": "true", "False": "false", "yes": "true", "no": "false"}
        shown = known.get(word) or json.dumps(word, ensure_ascii=False)
        hint = f"{name} = {shown}" if name else shown
        if word in known:
            self._fail(f"`{known[word]}` belongs here", hint)
        self._fail("a string in quotes belongs here", hint)

    def _check_depth(self, keys: Keys) -> None:
        if len(keys) > DEEPEST:
            self._fail("tables and arrays are nested too deeply")

    def _array(self, keys: Keys) -> None:
        opened, count = self.at, 0
        self.at += 1
        while not self._closes("]", opened):
            start, number = self.at, len(self.layout.entries)
            if _NEXT_PAIR.match(self.text, start):
                self._fail("this is never closed by `]`", at=opened)
            self._value((*keys, count), "")
            self._add("item", (*keys, count), 1, start, start, start, number)
            self._separates("]", opened)
            count += 1

    def _inline_table(self, keys: Keys) -> None:
        opened = self.at
        self.at += 1
        while not self._closes("}", opened):
            self._pair(keys, "member")
            self._separates("}", opened)

    def _closes(self, mark: str, opened: int) -> bool:
        self._skip(_GAP)
        if self.at >= len(self.text):
            self._fail(f"this is never closed by `{mark}`", at=opened)
        if self.text[self.at] == mark:
            self.at += 1
            return True
        return False

    def _separates(self, mark: str, opened: int) -> None:
        behind = self.at
        self._skip(_GAP)
        if self.at >= len(self.text):
            self._fail(f"this is never closed by `{mark}`", at=opened)
        if self.text[self.at] == ",":
            self.at += 1
        elif self.text[self.at] != mark:
            self._fail(f"a comma or `{mark}` belongs here", at=behind)


def _unquoted(text: str) -> str:
    if text.startswith("'"):
        return text[1:-1]
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]
