"""The routes, described as OpenAPI 3.1 does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter._version import __version__
from pixi_jupyter.server.allowed import RIGHTS
from pixi_jupyter.server.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH = {
    "name": "path",
    "in": "query",
    "description": "Contents path of the notebook, file or folder whose workspace is "
    "meant; empty for the server's root.",
    "schema": {"type": "string", "default": "", "maxLength": 4096},
}


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _part(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    place = {"name": name, "in": "path", "required": True}
    return {**place, "description": description, "schema": schema}


def _json(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": shape}}


def _of(shape: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape}"}


def _error(description: str) -> dict[str, Any]:
    return {"description": description, "content": _json(_of("Refusal"))}


_ERRORS = {
    "400": _error("The request itself is wrong."),
    "403": _error("Nobody has signed in, or the user may not do that."),
    "404": _error("There is no such workspace, environment or operation, or the path "
                  "is not inside the server's folder."),
    "409": _error("The workspace is not in a state that has an answer, for example "
                  "because its manifest cannot be read."),
    "503": _error("The process that was asked ended; ask again."),
}  # fmt: skip


def _route(
    summary: str,
    answer: str,
    *parameters: Mapping[str, Any],
    status: str = "200",
    right: str = "read",
    **more: Any,  # noqa: ANN401  JSON
) -> dict[str, Any]:
    good = {"description": summary, "content": _json(_of(answer))}
    return {
        "summary": summary,
        "description": f"Needs the right `{right}` on `pixi_jupyter`.",
        "parameters": [_PATH, *parameters],
        "responses": {status: good, **_ERRORS},
        **more,
    }


_ENVIRONMENT = _part("environment", "Name of an environment.")
_OPERATION = _part("operation", "Id of an operation.")
_BODY = {"required": True, "content": _json(_of("Start"))}
_RIGHTS = ", ".join(f"`{verb}` ({right})" for verb, right in RIGHTS.items())


def _start() -> dict[str, Any]:
    start = _route("Start a verb.", "Operation", status="202", requestBody=_BODY)
    start["parameters"] = []
    start["description"] = f"The verbs, and the right that each needs: {_RIGHTS}."
    start["responses"]["413"] = _error("The body is too large.")
    header = {"description": "Where the operation is.", "schema": {"type": "string"}}
    start["responses"]["202"]["headers"] = {"Location": header}
    return start


def _agree() -> dict[str, Any]:
    body = {"required": True, "content": _json(_of("Agreement"))}
    agree = _route(
        "Agree to exactly the content whose list was shown.",
        "SharedNotebook",
        right="write",
        requestBody=body,
    )
    agree["parameters"] = []
    agree["responses"]["413"] = _error("The body is too large.")
    return agree


PATHS: Mapping[str, Any] = {
    "workspace": {
        "get": _route("The workspace that a path is in.", "Workspace"),
    },
    "environments": {
        "get": _route("Its environments, with their states.", "Environments"),
    },
    "environments/{environment}/packages": {
        "get": _route(
            "What is locked for an environment, and why.",
            "Packages",
            _ENVIRONMENT,
            _query("platform", "None: this machine's.", type="string"),
        ),
    },
    "lock": {
        "get": _route("Whether the lock fits the manifest.", "Lock"),
    },
    "tasks": {
        "get": _route("Its tasks, with their arguments.", "Tasks"),
    },
    "search": {
        "get": _route(
            "Packages of its channels, best first.",
            "Results",
            _query("query", "Part of a name.", type="string", default=""),
            _query("limit", "At most so many.", type="integer", default=30),
        ),
    },
    "operations": {
        "get": _route("What runs and ran, in any process.", "Operations"),
        "post": _start(),
    },
    "operations/{operation}": {
        "get": _route("One operation, with log and result.", "Detail", _OPERATION),
        "delete": _route(
            "Ask that it be stopped.",
            "Operation",
            _OPERATION,
            status="202",
            right="write` or `execute",
        ),
    },
    "notebook/provenance": {
        "get": _route("Which outputs came from another environment.", "MadeNotebook"),
    },
    "notebook/facts": {
        "get": _route("What a notebook's environment would use.", "SharedNotebook"),
    },
    "notebook/trust": {
        "post": _agree(),
    },
    "openapi.json": {
        "get": {
            "summary": "This description.",
            "responses": {
                "200": {
                    "description": "This description.",
                    "content": _json({"type": "object"}),
                },
                "403": _ERRORS["403"],
            },
        },
    },
}
"""By route, below ``pixi-jupyter/``."""

DESCRIPTION: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "pixi-jupyter",
        "version": __version__,
        "description": "Workspaces, environments, packages and tasks of a Jupyter "
        "server. Progress comes as its events, see `x-events`.",
    },
    "paths": {f"/pixi-jupyter/{path}": route for path, route in PATHS.items()},
    "components": {
        "schemas": SHAPES,
        "securitySchemes": {
            "token": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`token T`, as for all of a Jupyter server.",
            },
        },
    },
    "security": [{"token": []}],
    "x-events": [
        "urn:pixi-jupyter:operation:v1",
        "urn:pixi-jupyter:output:v1",
        "urn:pixi-jupyter:change:v1",
        "urn:pixi-jupyter:kernel-progress:v1",
    ],
}
