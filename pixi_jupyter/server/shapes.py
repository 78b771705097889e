"""The shapes of what the server says, as JSON schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = {"type": "string"}
_WHOLE = {"type": "integer"}
_NUMBER = {"type": "number"}
_TRUTH = {"type": "boolean"}
_ANY_TABLE = {"type": "object"}


def _or_null(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [shape, {"type": "null"}]}


def _list(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": shape}


def _one_of(*texts: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(texts)}


def _of(shape: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape}"}


def _table(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a table that has exactly these keys."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


_TEXTS = _list(_TEXT)
_TEXT_OR_NULL = _or_null(_TEXT)
_WHOLE_OR_NULL = _or_null(_WHOLE)
_NUMBER_OR_NULL = _or_null(_NUMBER)

_OPERATION: dict[str, Mapping[str, Any]] = {
    "id": _TEXT,
    "verb": _TEXT,
    "what": _TEXT,
    "workspace": _TEXT,
    "environment": _TEXT_OR_NULL,
    "state": _one_of(
        "queued", "running", "waiting", "succeeded", "failed", "cancelled"
    ),
    "phase": _TEXT,
    "label": _TEXT,
    "done": _NUMBER_OR_NULL,
    "total": _NUMBER_OR_NULL,
    "unit": _TEXT,
    "seconds": _NUMBER_OR_NULL,
    "started": _TEXT,
    "error": _or_null(_of("Error")),
    "can_cancel": _TRUTH,
}

SHAPES: Mapping[str, Mapping[str, Any]] = {
    "Error": _table(
        code=_TEXT,
        message=_TEXT,
        details=_TEXTS,
        hints=_TEXTS,
        file=_TEXT_OR_NULL,
        line=_WHOLE_OR_NULL,
        column=_WHOLE_OR_NULL,
    ),
    "Refusal": _table(message=_TEXT, error=_of("Error")),
    "WorkspaceChoice": _table(path=_TEXT, name=_TEXT),
    "Workspace": _table(
        found=_TRUTH,
        name=_TEXT,
        path=_TEXT_OR_NULL,
        shown=_TEXT,
        folder=_TEXT,
        platforms=_TEXTS,
        channels=_TEXTS,
        features=_TEXTS,
        warnings=_TEXTS,
        error=_or_null(_of("Error")),
        choices=_list(_of("WorkspaceChoice")),
        sources=_list(_table(path=_TEXT, kind=_TEXT)),
        program=_TEXT,
        may=_table(read=_TRUTH, write=_TRUTH, execute=_TRUTH),
    ),
    "Environment": _table(
        name=_TEXT,
        features=_TEXTS,
        platforms=_TEXTS,
        solve_group=_TEXT_OR_NULL,
        state=_one_of("none", "installed", "outdated", "broken", "installing"),
        reason=_TEXT,
        runs_here=_TRUTH,
        size=_WHOLE_OR_NULL,
        packages=_WHOLE_OR_NULL,
        kernel=_TEXT,
        display_name=_TEXT,
        operation=_TEXT_OR_NULL,
    ),
    "Environments": _table(environments=_list(_of("Environment"))),
    "Package": _table(
        name=_TEXT,
        version=_TEXT,
        build=_TEXT_OR_NULL,
        kind=_one_of("conda", "pypi"),
        source=_TEXT,
        size=_WHOLE_OR_NULL,
        is_explicit=_TRUTH,
        requested=_TEXT_OR_NULL,
        where=_TEXT_OR_NULL,
        line=_WHOLE_OR_NULL,
        needed_by=_TEXTS,
        needs=_TEXTS,
    ),
    "Packages": _table(
        environment=_TEXT, platform=_TEXT, packages=_list(_of("Package"))
    ),
    "Found": _table(
        name=_TEXT,
        version=_TEXT,
        channel=_TEXT,
        summary=_TEXT,
        versions=_TEXTS,
        kind=_one_of("conda", "pypi"),
    ),
    "Results": _table(results=_list(_of("Found"))),
    "Argument": _table(name=_TEXT, default=_TEXT_OR_NULL, choices=_or_null(_TEXTS)),
    "Task": _table(
        name=_TEXT,
        environment=_TEXT_OR_NULL,
        environments=_TEXTS,
        description=_TEXT_OR_NULL,
        command=_TEXT_OR_NULL,
        arguments=_list(_of("Argument")),
        before=_TEXTS,
        hidden=_TRUTH,
        runs_here=_TRUTH,
    ),
    "Tasks": _table(tasks=_list(_of("Task"))),
    "Reason": _table(
        text=_TEXT, environments=_TEXTS, platforms=_TEXTS, line=_WHOLE_OR_NULL
    ),
    "Lock": _table(
        state=_one_of("fresh", "stale", "missing", "broken"),
        reasons=_list(_of("Reason")),
        error=_or_null(_of("Error")),
    ),
    "Operation": _table(**_OPERATION),
    "Operations": _table(operations=_list(_of("Operation"))),
    "LogLine": _table(
        number=_WHOLE,
        level=_one_of("output", "info", "notice", "warning", "progress"),
        text=_TEXT,
        node=_WHOLE_OR_NULL,
    ),
    "TaskState": _table(
        node=_WHOLE,
        task=_TEXT,
        environment=_TEXT,
        arguments={"type": "object", "additionalProperties": _TEXT},
        command=_TEXT_OR_NULL,
        needs=_list(_WHOLE),
        state=_one_of(
            "waiting",
            "running",
            "succeeded",
            "failed",
            "cached",
            "skipped",
            "cancelled",
        ),
        exit_code=_WHOLE_OR_NULL,
        seconds=_NUMBER_OR_NULL,
    ),
    "Detail": _table(
        **_OPERATION,
        result={},
        log=_list(_of("LogLine")),
        tasks=_list(_of("TaskState")),
    ),
    "Origin": _table(where=_TEXT, name=_TEXT_OR_NULL, known=_TRUTH, packages=_TEXTS),
    "Facts": _table(
        digest=_TEXT,
        environment=_TEXT,
        channels=_list(_of("Origin")),
        indexes=_list(_of("Origin")),
        direct=_list(_of("Origin")),
        others=_list(_of("Origin")),
        locked=_TRUTH,
        platform=_TEXT_OR_NULL,
        conda=_WHOLE,
        pypi=_WHOLE,
        size_bytes=_WHOLE,
        unsized=_WHOLE,
        unhashed=_TEXTS,
        builds=_TEXTS,
        variables=_list(_table(name=_TEXT, flagged=_TRUTH)),
        scripts=_or_null(_TEXTS),
        link_scripts=_TRUTH,
        tasks=_TEXTS,
        refusals=_list(_table(code=_TEXT, text=_TEXT)),
        forbidden=_TEXTS,
        flagged=_TRUTH,
    ),
    "TrustEntry": _table(label=_TEXT, lines=_TEXTS, note=_TEXT, flagged=_TRUTH),
    "SharedNotebook": _table(
        notebook=_TEXT,
        state=_one_of("trusted", "made_here", "not_trusted", "nothing"),
        trusted=_TRUTH,
        new=_TRUTH,
        list=_list(_of("TrustEntry")),
        facts=_or_null(_of("Facts")),
    ),
    "MadeNotebook": _table(notebook=_TEXT, provenance=_or_null(_of("Provenance"))),
    "Provenance": _table(
        environment=_TEXT,
        name=_TEXT,
        platform=_TEXT,
        outputs=_WHOLE,
        unknown=_WHOLE,
        elsewhere=_WHOLE,
        others=_list(
            _table(
                environment=_TEXT,
                name=_TEXT,
                platform=_TEXT,
                cells=_list(_WHOLE),
                differences=_or_null(
                    _list(_table(name=_TEXT, theirs=_TEXT_OR_NULL, here=_TEXT_OR_NULL))
                ),
            )
        ),
        sentences=_TEXTS,
    ),
    "Agreement": _table(path=_TEXT, digest=_TEXT),
    "Start": {
        "type": "object",
        "required": ["verb"],
        "properties": {"path": _TEXT, "verb": _TEXT, "request": _ANY_TABLE},
        "additionalProperties": False,
    },
}
"""By name; in ``labextension/src/wire.ts`` they begin with an I."""
