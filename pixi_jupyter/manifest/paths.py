"""Values in nested tables, by their path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def value_at(data: Mapping[str, Any], keys: tuple[str, ...]) -> Any:  # noqa: ANN401  any TOML value
    """Give what stands at a path; None for nothing."""
    found: Any = data
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def with_value(
    data: Mapping[str, Any], keys: tuple[str, ...], value: object
) -> dict[str, Any]:
    """Give a copy with one value changed.

    Parameters
    ----------
    value
        None: the key goes.
    """
    table = dict(data)
    if len(keys) > 1:
        inside = table.get(keys[0])
        if isinstance(inside, list):
            # an environment may be written as the list of its features
            inside = {"features": inside}
        below = inside if isinstance(inside, dict) else {}
        table[keys[0]] = with_value(below, keys[1:], value)
    elif value is None:
        table.pop(keys[0], None)
    else:
        table[keys[0]] = value
    return table


def without_empty(data: Any) -> Any:  # noqa: ANN401  any TOML value
    """Leave out tables with nothing in them, which say nothing."""
    if not isinstance(data, dict):
        return data
    inside = {key: without_empty(value) for key, value in data.items()}
    return {key: value for key, value in inside.items() if value != {}}
