"""Errors and records as the wire has them: with words for a cell, and no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

FACE = "%pixi"
"""The word that begins a command in a hint."""


def error_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give the form of `IError` of what an engine, or an error of ours, says."""
    problems = data.get("problems")
    first = problems[0] if isinstance(problems, list) and problems else {}

    def told(key: str) -> Any:  # noqa: ANN401  JSON
        found = data.get(key)
        return first.get(key) if found is None and isinstance(first, dict) else found

    return {
        "code": str(data.get("code", "error")),
        "message": redacted(str(data.get("message", ""))),
        "details": [redacted(str(each)) for each in data.get("details") or ()],
        "hints": [
            redacted(str(each)).replace("{command}", FACE)
            for each in data.get("hints") or ()
        ],
        "file": told("file"),
        "line": told("line"),
        "column": told("column"),
    }


def without_secrets(data: Any) -> Any:  # noqa: ANN401  JSON
    """Give JSON whose texts tell no secret."""
    if isinstance(data, str):
        return redacted(data)
    if isinstance(data, list):
        return [without_secrets(each) for each in data]
    if isinstance(data, dict):
        return {key: without_secrets(each) for key, each in data.items()}
    return data


def engine_stopped(what: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Say that the process that did the work ended in the middle of it.

    Parameters
    ----------
    data
        What the client of that engine says of its end.
    """
    hint = "try again: what it was changing is put in order first"
    message = f"The engine stopped while it was at {what}"
    details = [str(data.get("message", "")), *data.get("details", ())]
    return error_json({**data, "message": message, "details": details, "hints": [hint]})


def never_begun(what: str) -> dict[str, Any]:
    """Say that an operation was stopped before its turn came."""
    message = f"{what} was cancelled before it began, nothing was changed"
    return error_json({"code": "cancelled", "message": message})
