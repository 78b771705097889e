"""Values of templates: how they are shown, and how large they may be."""

from __future__ import annotations

import math
from typing import Any

from jinja2.runtime import Macro, Undefined
from jinja2.utils import Namespace
from markupsafe import Markup

LONGEST_TEXT = 1_000_000
MOST_ITEMS = 100_000
_LARGEST = 1 << 127


class TooMuchError(Exception):
    """A template makes more than anybody can mean."""


def shown(value: Any) -> Any:  # noqa: ANN401  any value of a template
    """Give a value as it stands in the text."""
    if isinstance(value, str | Undefined | int | float) or value is None:
        return value if value is not None else "None"
    return represented(value)


def represented(value: Any) -> str:  # noqa: ANN401, PLR0911  any value of a template
    """Give a value as it stands inside of a list."""
    if isinstance(value, Undefined):
        return "undefined"
    if isinstance(value, Markup):
        return repr(str(value))
    if isinstance(value, Macro):
        return f"<macro {value.name}>"
    if isinstance(value, Namespace):
        value = vars(value).get("_Namespace__attrs", {})
    if isinstance(value, dict):
        pairs = (f"{represented(k)}: {represented(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, tuple):
        inside = ", ".join(map(represented, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return repr(value)
    return "[" + ", ".join(map(represented, value)) + "]"


def pretty(value: Any, margin: str = "") -> str:  # noqa: ANN401  any value of a template
    """Give a value on lines of its own."""
    inner = margin + "    "
    if isinstance(value, dict) and value:
        rows = [f"{represented(k)}: {pretty(v, inner)}" for k, v in value.items()]
        marks = "{}"
    elif isinstance(value, list | tuple) and value:
        rows, marks = [pretty(each, inner) for each in value], "[]"
    else:
        return represented(value)
    lines = "".join(f"{inner}{row},\n" for row in rows)
    return f"{marks[0]}\n{lines}{margin}{marks[1]}"


def multiplied(left: Any, right: Any) -> Any:  # noqa: ANN401  any values of a template
    """Multiply numbers, or repeat a list or text."""
    for mine, other in ((left, right), (right, left)):
        if isinstance(mine, str | list | tuple | range):
            if isinstance(other, bool) or not isinstance(other, int):
                what = "a list or text can be repeated a whole number of times only"
                raise TypeError(what)
            most = LONGEST_TEXT if isinstance(mine, str) else MOST_ITEMS
            if len(mine) * other > most:
                what = "too many repetitions"
                raise TooMuchError(what)
            return (list(mine) if isinstance(mine, range) else mine) * other
    return _bounded(left * right)


def divided(left: Any, right: Any) -> Any:  # noqa: ANN401  any values of a template
    """Divide; a number with a point can be divided by zero."""
    if not right and (isinstance(left, float) or isinstance(right, float)) and left:
        return math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def powered(left: Any, right: Any) -> Any:  # noqa: ANN401  any values of a template
    """Raise a number to a power."""
    if isinstance(left, int) and isinstance(right, int) and abs(left) > 1:
        if right > _LARGEST.bit_length():
            what = "the number is too large"
            raise TooMuchError(what)
        if right < 0:
            what = "a whole number has no negative power"
            raise ValueError(what)
    return _bounded(left**right)


def _bounded(value: Any) -> Any:  # noqa: ANN401  any value of a template
    if isinstance(value, int) and not -_LARGEST <= value < 2 * _LARGEST:
        what = "the number is too large"
        raise TooMuchError(what)
    return value
