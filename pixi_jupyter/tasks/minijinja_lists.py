"""MiniJinja's filters of lists and maps, where Jinja2's are others."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import pass_environment
from jinja2.runtime import Undefined

from pixi_jupyter.tasks.minijinja_values import MOST_ITEMS, TooMuchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment

# ruff: noqa: ANN401, FBT001, FBT002  values of templates are of any kind


def _rank(value: Any) -> int:
    kinds: tuple[Any, ...] = (Undefined, type(None), bool, (int, float), str)
    for number, kind in enumerate(kinds):
        if isinstance(value, kind):
            return number
    return len(kinds)


def compared(left: Any, right: Any) -> int:
    """Compare any two values."""
    if _rank(left) != _rank(right):
        return -1 if _rank(left) < _rank(right) else 1
    try:
        return -1 if left < right else int(left > right)
    except TypeError:
        return 0


def sort(
    value: Iterable[Any],
    reverse: bool = False,
    case_sensitive: bool = False,
    attribute: str | None = None,
) -> list[Any]:
    """Sort, kinds of values apart."""

    def key(item: Any) -> Any:
        item = inside(item, attribute) if attribute is not None else item
        is_text = isinstance(item, str) and not case_sensitive
        return cmp_to_key(compared)(item.lower() if is_text else item)

    return sorted(value, key=key, reverse=reverse)


def inside(item: Any, path: Any) -> Any:
    """Look into a value, along a dotted path."""
    for name in path.split(".") if isinstance(path, str) else [path]:
        key = int(name) if isinstance(name, str) and name.isdigit() else name
        try:
            item = item[key]
        except (LookupError, TypeError):
            return Undefined(name=str(path))
    return item


@pass_environment
def mapped(
    environment: Environment,
    value: Iterable[Any],
    *args: Any,
    **options: Any,
) -> list[Any]:
    """Give something of each item, or what a filter makes of it."""
    if "attribute" in options:
        found = (inside(item, options["attribute"]) for item in value)
        default = options.get("default", ...)
        return [
            default if isinstance(item, Undefined) and default is not ... else item
            for item in found
        ]
    name, *rest = args
    if name not in environment.filters:
        what = f"there is no filter named {name}"
        raise ValueError(what)
    return [environment.call_filter(name, item, rest, options) for item in value]


def unique(
    value: Iterable[Any],
    case_sensitive: bool = False,
    attribute: Any = None,
) -> list[Any]:
    """Leave out what was there before."""
    found: dict[str, Any] = {}
    for item in value:
        key = inside(item, attribute) if attribute is not None else item
        is_text = isinstance(key, str) and not case_sensitive
        found.setdefault(repr(key.lower() if is_text else key), item)
    return list(found.values())


def batch(value: Iterable[Any], count: int, fill: Any = None) -> list[list[Any]]:
    """Take a list apart into lists of one length."""
    items = list(value)
    rows = [items[at : at + bounded(count)] for at in range(0, len(items), count)]
    if rows and fill is not None:
        rows[-1] += [fill] * (count - len(rows[-1]))
    return rows


def slices(value: Iterable[Any], count: int, fill: Any = None) -> list[list[Any]]:
    """Take a list apart into a number of lists."""
    items = list(value)
    size, longer = divmod(len(items), bounded(count))
    rows: list[list[Any]] = []
    at = 0
    for number in range(count):
        end = at + size + (number < longer)
        row = items[at:end]
        if fill is not None and longer and number >= longer:
            row.append(fill)
        rows.append(row)
        at = end
    return rows


def bounded(count: int) -> int:
    """Refuse a length that nobody can mean."""
    if not 0 < count <= MOST_ITEMS:
        what = "not so many can be taken"
        raise TooMuchError(what)
    return count


def chain(value: Any, *others: Any) -> Any:
    """Put lists, or maps, one behind the other."""
    if all(isinstance(each, dict) for each in (value, *others)):
        merged: dict[Any, Any] = {}
        for each in (value, *others):
            merged |= each
        return merged
    return [item for each in (value, *others) for item in each]


def zipped(value: Iterable[Any], *others: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Pair the items of lists."""
    return list(zip(value, *others, strict=False))


def dictsort(
    value: Mapping[Any, Any],
    case_sensitive: bool = False,
    by: str = "key",
    reverse: bool = False,
) -> list[tuple[Any, Any]]:
    """Sort a map into pairs."""
    at = 1 if by == "value" else 0
    pairs = list(value.items())
    return sort(pairs, reverse, case_sensitive, attribute=str(at))


class Group(NamedTuple):
    """Items that have something in common."""

    grouper: Any
    list: Any


def groupby(
    value: Iterable[Any],
    attribute: Any = None,
    default: Any = None,
    case_sensitive: bool = False,
) -> list[Group]:
    """Group items by something they have."""

    def given(item: Any) -> Any:
        found = inside(item, attribute)
        return default if isinstance(found, Undefined) and default else found

    def key(item: Any) -> Any:
        found = given(item)
        return found.lower() if isinstance(found, str) and not case_sensitive else found

    rows: list[list[Any]] = []
    for item in sorted(value, key=lambda item: cmp_to_key(compared)(key(item))):
        if rows and not compared(key(rows[-1][0]), key(item)):
            rows[-1].append(item)
        else:
            rows.append([item])
    # named after the last, as there
    return [Group(given(row[-1]), row) for row in rows]


def summed(value: Iterable[Any]) -> Any:
    """Add up."""
    total: Any = 0
    for number, item in enumerate(value):
        total = total + item if number else item
    return total


def reverse(value: Any) -> Any:
    """Turn a list or text around."""
    if isinstance(value, str):
        return value[::-1]
    return list(value)[::-1]


def lowest(value: Iterable[Any]) -> Any:
    """Give the smallest."""
    items = sort(value, case_sensitive=True)
    return items[0] if items else Undefined()


def highest(value: Iterable[Any]) -> Any:
    """Give the largest."""
    items = sort(value, case_sensitive=True)
    return items[-1] if items else Undefined()
