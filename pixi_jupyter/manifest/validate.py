"""Tables as TOML has them, checked; what is wrong, said with its place."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Literal

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.schemas import fits, is_tag, known_keys
from pixi_jupyter.manifest.tables import ROOT, validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

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
_NAMING, _NAMES_AT = ("feature", "environments"), 2


def validate(tables: Mapping[str, Any], source: Source) -> dict[str, Any]:
    """Check that only known keys are there, with values of the right sort.

    Parameters
    ----------
    tables
        All of pixi's tables, from their top.
    source
        The text they were read from; is given what is wrong.

    Returns
    -------
    dict
        The same tables; where something is wrong, without it, so that the rest can
        be read too.

    Raises
    ------
    ManifestParseError
        If too little is left to go on with.
    """
    if type(tables) is dict and fits(ROOT, tables):
        return tables
    # 20 ms to import, so only for what may be wrong: it knows what, and where
    from pydantic_core import ValidationError

    try:
        checked: dict[str, Any] = validator().validate_python(tables)
    except ValidationError as error:
        problems = error.errors(include_url=False)
    else:
        return checked
    for problem in problems:
        keys, reason, hint = _explain(problem)
        at: Literal["key", "value"] = (
            "key" if problem["type"] == "extra_forbidden" else "value"
        )
        source.faults.append(source.error(keys, reason, hint=hint, at=at))
    rest = deepcopy(dict(tables))
    for problem in problems:
        _take_out(rest, _path(problem))
    if not fits(ROOT, rest):
        source.raise_faults()
    return rest


def _path(problem: ErrorDetails) -> Keys:
    return tuple(key for key in problem["loc"] if not is_tag(key) and key != "[key]")


def _take_out(tables: dict[str, Any], keys: Keys) -> None:
    """Take out what is wrong, with the array that it is in."""
    inside: Any = tables
    number = next((n for n, key in enumerate(keys) if isinstance(key, int)), len(keys))
    *above, last = keys[:number]
    for key in above:
        inside = inside.get(key) if isinstance(inside, dict) else None
    if not isinstance(inside, dict):
        return
    if keys[0] in _NAMING and number == _NAMES_AT and last in inside:
        # others may refer to it by its name
        inside[last] = {}
    elif last == "channels" and tuple(above) in (("workspace",), ("project",)):
        inside[last] = []
    else:
        inside.pop(last, None)


def _explain(problem: ErrorDetails) -> tuple[Keys, str, str]:
    """Give the path, what is wrong there, and what may help."""
    tagged, keys = problem["loc"], _path(problem)
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
