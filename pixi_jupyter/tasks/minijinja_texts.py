"""MiniJinja's filters of texts and numbers, where Jinja2's are others."""

from __future__ import annotations

import json
import math
import re
from typing import Any
from urllib.parse import quote

from jinja2.runtime import Undefined
from markupsafe import Markup

from pixi_jupyter.tasks.minijinja_values import LONGEST_TEXT, TooMuchError, shown

# ruff: noqa: ANN401, FBT001, FBT002  values of templates are of any kind

_JSON_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}
_MOST_DIGITS = 300
_WIDEST = 1000
_WIDTH = re.compile(r"\d{4,}|\*")


def limited(text: str) -> str:
    """Refuse a text that is too long."""
    if len(text) > LONGEST_TEXT:
        what = "a text grows too long"
        raise TooMuchError(what)
    return text


def text_of(value: Any) -> str:
    """Give a value as text."""
    return value if isinstance(value, str) else str(shown(value))


def replace(value: Any, old: Any, new: Any) -> str:
    """Replace each occurrence."""
    text, old, new = str(value), str(old), str(new)
    if len(text) + text.count(old) * len(new) > LONGEST_TEXT:
        what = "a text grows too long"
        raise TooMuchError(what)
    return text.replace(old, new)


def title(value: Any) -> str:
    """Begin each word with a capital."""
    parts = re.split(r"(\w[\w']*)", str(value))
    return "".join(part[:1].upper() + part[1:].lower() for part in parts)


def trim(value: Any, chars: str | None = None) -> str:
    """Take blanks, or the characters given, off both ends."""
    return str(value).strip(chars)


def split(value: Any, by: str | None = None, most: int = -1) -> list[str]:
    """Take a text apart."""
    return str(value).split(by, most)


def lines(value: Any) -> list[str]:
    """Take a text apart into lines."""
    return str(value).replace("\r\n", "\n").removesuffix("\n").split("\n")


def indent(value: Any, width: int = 4, first: bool = False, blank: bool = False) -> str:
    """Move the lines of a text to the right."""
    rows = str(value).removesuffix("\n").split("\n")
    if not 0 <= width * len(rows) <= LONGEST_TEXT:
        what = "a text grows too long"
        raise TooMuchError(what)
    margin = " " * width
    return limited(
        "\n".join(
            margin + row if (number or first) and (row or blank) else row
            for number, row in enumerate(rows)
        )
    )


def formatted(pattern: Any, *values: Any, **named: Any) -> str:
    """Fill in a pattern with per cent signs."""
    if _WIDTH.search(str(pattern)):
        what = "the pattern asks for too many characters"
        raise TooMuchError(what)
    return limited(str(pattern) % (named or values))


def int_of(value: Any, default: Any = None) -> int:
    """Give a whole number."""
    try:
        return int(value)
    except ValueError:
        pass
    return int(float_of(value, default))


def float_of(value: Any, default: Any = None) -> float:
    """Give a number."""
    try:
        return float(value)
    except ValueError:
        if default is None:
            what = f"{value!r} is not a number"
            raise ValueError(what) from None
    return float(default)


def rounded(value: float, precision: int = 0) -> float:
    """Round, halves away from zero."""
    if isinstance(value, int):
        return value
    if abs(precision) > _MOST_DIGITS:
        what = "there are not so many digits"
        raise TooMuchError(what)
    factor = 10.0**precision
    return math.copysign(math.floor(abs(value) * factor + 0.5) / factor, value)


def json_of(value: Any, indent: Any = None) -> Markup:
    """Give a value as JSON that is safe inside of HTML."""
    width = 2 if indent is True else indent or None
    if isinstance(width, int) and width > _WIDEST:
        what = "the margin is too wide"
        raise TooMuchError(what)
    text = json.dumps(_plain(value), indent=width, ensure_ascii=False)
    safe = "".join(_JSON_ESCAPES.get(char, char) for char in text)
    return Markup(safe)  # noqa: S704  no HTML is made here


def _plain(value: Any) -> Any:
    if isinstance(value, Undefined):
        return None
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value
    return [_plain(each) for each in value]


def urlencode(value: Any) -> str:
    """Write a text, or a map, as it stands in an address."""
    if isinstance(value, dict):
        return "&".join(
            f"{quote(str(key), safe='')}={quote(text_of(each), safe='')}"
            for key, each in value.items()
            if each is not None and not isinstance(each, Undefined)
        )
    return quote(text_of(value), safe="/")
