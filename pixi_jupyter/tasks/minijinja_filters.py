"""The names that templates of MiniJinja know: filters, tests and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import filters as jinja_filters
from jinja2 import pass_environment
from jinja2 import tests as jinja_tests
from jinja2.runtime import Undefined
from jinja2.utils import Namespace
from markupsafe import Markup

from pixi_jupyter.tasks import minijinja_lists as lists
from pixi_jupyter.tasks import minijinja_texts as texts
from pixi_jupyter.tasks.minijinja_values import MOST_ITEMS, TooMuchError, pretty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jinja2 import Environment

# ruff: noqa: ANN401  values of templates are of any kind


def _range(first: int, last: int | None = None, step: int = 1) -> range:
    made = range(first) if last is None else range(first, last, step)
    if len(made) > MOST_ITEMS:
        what = "range has too many elements"
        raise TooMuchError(what)
    return made


def _debug(*values: Any) -> str:
    return "\n".join(map(pretty, values))


def _dict(*maps: Mapping[Any, Any], **items: Any) -> dict[Any, Any]:
    return dict(*maps, **items)


def _listed(name: str) -> Callable[..., Any]:
    """Give a filter of Jinja2 that yields as one that gives a list."""
    function = jinja_filters.FILTERS[name]

    def filtered(*args: Any, **options: Any) -> Any:
        return list(function(*args, **options))

    if hasattr(function, "jinja_pass_arg"):
        filtered.jinja_pass_arg = function.jinja_pass_arg  # type: ignore[attr-defined]  # as Jinja2 marks them
    return filtered


@pass_environment
def _attr(environment: Environment, value: Any, name: str) -> Any:
    return environment.getitem(value, name)


def _join(value: Any, by: str = "") -> str:
    items = value if not isinstance(value, Undefined) else ()
    return texts.limited(str(by).join(map(texts.text_of, items)))


def _list(value: Any) -> list[Any]:
    return list(value)


def _bool(value: Any) -> bool:
    return bool(value)


def _items(value: Any) -> list[tuple[Any, Any]]:
    if not isinstance(value, dict):
        what = "cannot convert value into pair list"
        raise TypeError(what)
    return list(value.items())


def _is_safe(value: Any) -> bool:
    return isinstance(value, Markup)


def _is_iterable(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, Undefined)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_same(value: Any, other: Any) -> bool:
    if isinstance(value, list | dict | tuple):
        return value is other
    return type(value) is type(other) and bool(value == other)


_SAME = [
    "lower",
    "upper",
    "capitalize",
    "first",
    "last",
    "default",
    "d",
    "escape",
    "e",
    "safe",
    "abs",
]
_YIELDING = ("select", "reject", "selectattr", "rejectattr")


def _of(table: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    return ((name, table[name]) for name in names)


FILTERS: dict[str, Callable[..., Any]] = {
    **dict(_of(jinja_filters.FILTERS, _SAME)),
    **{name: _listed(name) for name in _YIELDING},
    "attr": _attr,
    "batch": lists.batch,
    "bool": _bool,
    "chain": lists.chain,
    "count": len,
    "dictsort": lists.dictsort,
    "float": texts.float_of,
    "format": texts.formatted,
    "groupby": lists.groupby,
    "indent": texts.indent,
    "int": texts.int_of,
    "items": _items,
    "join": _join,
    "length": len,
    "lines": texts.lines,
    "list": _list,
    "map": lists.mapped,
    "max": lists.highest,
    "min": lists.lowest,
    "pprint": pretty,
    "replace": texts.replace,
    "reverse": lists.reverse,
    "round": texts.rounded,
    "slice": lists.slices,
    "sort": lists.sort,
    "split": texts.split,
    "string": texts.text_of,
    "sum": lists.summed,
    "title": texts.title,
    "tojson": texts.json_of,
    "trim": texts.trim,
    "unique": lists.unique,
    "urlencode": texts.urlencode,
    "zip": lists.zipped,
}

_SAME_TESTS = [
    "!=",
    "<",
    "<=",
    "==",
    ">",
    ">=",
    "boolean",
    "defined",
    "divisibleby",
    "eq",
    "equalto",
    "escaped",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "integer",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "odd",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
]
TESTS: dict[str, Callable[..., Any]] = {
    **dict(_of(jinja_tests.TESTS, _SAME_TESTS)),
    "int": jinja_tests.test_integer,
    "escaped": _is_safe,
    "safe": _is_safe,
    "iterable": _is_iterable,
    "sequence": lambda value: isinstance(value, list | tuple),
    "number": _is_number,
    "sameas": _is_same,
    "startingwith": lambda value, start: str(value).startswith(start),
    "endingwith": lambda value, end: str(value).endswith(end),
}
GLOBALS: dict[str, Callable[..., Any]] = {
    "range": _range,
    "dict": _dict,
    "debug": _debug,
    "namespace": Namespace,
}
