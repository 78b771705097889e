"""Building blocks for descriptions of tables, in pydantic-core's own language.

These are pydantic's validators without its model classes: the first model class a
process builds imports 160 ms of machinery, this 40 ms, and every `run` reads a
manifest (measured with pydantic 2.14, bytecode cached).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pixi_jupyter.manifest.layout import Keys

Schema: TypeAlias = "dict[str, Any]"

ANY: Schema = {"type": "any"}
STRING: Schema = {"type": "str", "strict": True}
TEXT: Schema = {"type": "str", "strict": True, "min_length": 1}
BOOLEAN: Schema = {"type": "bool", "strict": True}
INTEGER: Schema = {"type": "int", "strict": True}
FALSE: Schema = {
    "type": "custom-error",
    "schema": {"type": "literal", "expected": [False]},
    "custom_error_type": "sort",
    "custom_error_message": "of true and false, only false belongs here",
}

_WORDS = {
    "string": "a string in quotes",
    "number": "a number",
    "boolean": "true or false",
    "array": "an array",
    "table": "a table",
}
"""Sorts of values, and how a person calls them."""


def array(items: Schema) -> Schema:
    """Describe an array."""
    return {"type": "list", "strict": True, "items_schema": items}


def mapping(values: Schema) -> Schema:
    """Describe a table whose keys the user invents."""
    return {
        "type": "dict",
        "strict": True,
        "keys_schema": TEXT,
        "values_schema": values,
    }


def table(required: Iterable[str] = (), /, **fields: Schema) -> Schema:
    """Describe a table with known keys; ``_`` stands for ``-`` in them."""
    needed = set(required)
    return {
        "type": "typed-dict",
        "strict": True,
        "extra_behavior": "forbid",
        "fields": {
            key.replace("_", "-"): {
                "type": "typed-dict-field",
                "schema": schema,
                "required": key in needed,
            }
            for key, schema in fields.items()
        },
    }


def one_of(*values: str) -> Schema:
    """Describe one of some words."""
    return {"type": "literal", "expected": list(values)}


def either(**sorts: Schema) -> Schema:
    """Describe a value of one of several sorts (keys of the table above)."""
    words = " or ".join(_WORDS[sort] for sort in sorts)
    return {
        "type": "tagged-union",
        "discriminator": _sort,
        "choices": {f"<{sort}>": schema for sort, schema in sorts.items()},
        "custom_error_type": "sort",
        "custom_error_message": f"{words} belongs here",
    }


def _sort(value: object) -> str | None:
    match value:
        case bool():
            return "<boolean>"
        case str():
            return "<string>"
        case int() | float():
            return "<number>"
        case list():
            return "<array>"
        case dict():
            return "<table>"
        case _:
            return None


def fits(schema: Schema, value: object) -> bool:
    """Tell whether a value is surely right, without pydantic-core.

    Parameters
    ----------
    schema
        Made of the building blocks of this module.

    Returns
    -------
    bool
        False also where only pydantic-core can tell.
    """
    fit = _FITS.get(schema["type"])
    return fit is not None and fit(schema, value)


def _text_fits(schema: Schema, value: object) -> bool:
    # text that no file can hold is pydantic-core's to refuse
    return (
        type(value) is str
        and len(value) >= schema.get("min_length", 0)
        and (value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value))
    )


def _array_fits(schema: Schema, value: object) -> bool:
    items = schema["items_schema"]
    return type(value) is list and all(fits(items, each) for each in value)


def _mapping_fits(schema: Schema, value: object) -> bool:
    keys, values = schema["keys_schema"], schema["values_schema"]
    return type(value) is dict and all(
        fits(keys, key) and fits(values, each) for key, each in value.items()
    )


def _table_fits(schema: Schema, value: object) -> bool:
    return type(value) is dict and _fields_fit(schema["fields"], value)


def _choice_fits(schema: Schema, value: object) -> bool:
    choice = schema["choices"].get(_sort(value))
    return choice is not None and fits(choice, value)


def _fields_fit(fields: Mapping[str, Schema], table: Mapping[str, object]) -> bool:
    for key, value in table.items():
        if key not in fields or not fits(fields[key]["schema"], value):
            return False
    return all(
        key in table for key, field in fields.items() if field.get("required", True)
    )


_FITS: Mapping[str, Callable[[Schema, object], bool]] = {
    "any": lambda *_: True,
    "str": _text_fits,
    "bool": lambda _, value: type(value) is bool,
    "int": lambda _, value: type(value) is int,
    "list": _array_fits,
    "literal": lambda schema, value: (
        type(value) in (str, bool) and value in schema["expected"]
    ),
    "custom-error": lambda schema, value: fits(schema["schema"], value),
    "tagged-union": _choice_fits,
    "dict": _mapping_fits,
    "typed-dict": _table_fits,
}


def is_tag(key: object) -> bool:
    """Tell whether a part of a path names a sort and is not in the file."""
    return isinstance(key, str) and key[:1] == "<" and key[1:-1] in _WORDS


def known_keys(root: Schema, keys: Keys) -> Mapping[str, Schema]:
    """List the keys that may stand in the table at a path.

    Parameters
    ----------
    root
        Of the whole document.
    keys
        As in pydantic's errors: with the tags of sorts.
    """
    schema = root
    for key in keys:
        match schema["type"]:
            case "typed-dict":
                schema = schema["fields"].get(key, {"schema": ANY})["schema"]
            case "tagged-union":
                schema = schema["choices"].get(key, ANY)
            case "dict":
                schema = schema["values_schema"]
            case "list":
                schema = schema["items_schema"]
            case _:
                return {}
    return schema["fields"] if schema["type"] == "typed-dict" else {}
