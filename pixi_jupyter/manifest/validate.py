"""Tables as TOML has them, checked; what is wrong, said with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.locate import Place, dotted
from pixi_jupyter.manifest.schemas import fits, is_tag, known_keys
from pixi_jupyter.manifest.tables import ROOT, validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from pixi_jupyter.errors import ManifestParseError
    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_REASONS = {
    "string_type": "a string in quotes belongs here",
    "string_too_short": "this must not be empty",
    "bool_type": "true or false belongs here",
    "int_type": "a whole number belongs here",
    "list_type": "an array belongs here",
    "dict_type": "a table belongs here",
}
_MOST_LISTED = 12
_MOST_OTHERS = 9


def validate(tables: Mapping[str, Any], source: Source) -> dict[str, Any]:
    """Check that only known keys are there, with values of the right sort.

    Parameters
    ----------
    tables
        All of pixi's tables, from their top.
    source
        The text they were read from.

    Returns
    -------
    dict
        The same tables.

    Raises
    ------
    ManifestParseError
        Shows the first thing that is wrong, and names the others.
    """
    if type(tables) is dict and fits(ROOT, tables):
        return tables
    # 20 ms to import, so only for what may be wrong: it knows what, and where
    from pydantic_core import ValidationError

    try:
        checked: dict[str, Any] = validator().validate_python(tables)
    except ValidationError as error:
        raise _first_of(error.errors(include_url=False), source) from None
    return checked


def _first_of(problems: list[ErrorDetails], source: Source) -> ManifestParseError:
    found = []
    for problem in problems:
        keys, reason, hint = _explain(problem)
        is_key = problem["type"] == "extra_forbidden"
        place = source.place(keys, at="key" if is_key else "value")
        # what is missing is often there, spelled wrongly: that is shown first
        rank = (problem["type"] == "missing", place or Place(0, 0))
        found.append((rank, keys, reason, hint, is_key))
    found.sort(key=lambda each: each[0])
    (_, keys, reason, hint, is_key), *rest = found
    others = [
        f"line {place.line}: {dotted((*source.prefix, *where))}: {why}"
        for (_, place), where, why, _, _ in rest[:_MOST_OTHERS]
    ]
    return source.error(
        keys, reason, hint=hint, at="key" if is_key else "value", others=others
    )


def _explain(problem: ErrorDetails) -> tuple[Keys, str, str]:
    """Give the path, what is wrong there, and what may help."""
    tagged = problem["loc"]
    keys: Keys = tuple(key for key in tagged if not is_tag(key) and key != "[key]")
    context = problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            return keys, "no such key belongs here", _known(tagged)
        case "missing":
            return keys[:-1], f"`{keys[-1]}` is missing", ""
        case "literal_error":
            words = str(context["expected"]).replace("'", "`").replace(" or ", ", ")
            close = nearest(str(problem["input"]), words.replace("`", "").split(", "))
            hint = f'did you mean "{close}"?' if close else ""
            return keys, f"one of {words} belongs here", hint
        case "sort":
            return keys, problem["msg"], _quoted(problem)
        case sort:
            return keys, _REASONS.get(sort, problem["msg"]), _quoted(problem)


def _quoted(problem: ErrorDetails) -> str:
    value = problem["input"]
    key = next((key for key in reversed(problem["loc"]) if not is_tag(key)), "")
    wants_string = "string" in problem["msg"] and isinstance(value, int | float)
    if not wants_string or isinstance(value, bool) or isinstance(key, int):
        return ""
    return f'{key} = "{value}"'


def _known(tagged: tuple[int | str, ...]) -> str:
    known = sorted(known_keys(ROOT, tagged[:-1]))
    if close := nearest(str(tagged[-1]), known):
        return f"did you mean `{close}`?"
    if len(known) > _MOST_LISTED:
        return ""
    return f"here can stand {', '.join(known)}"
