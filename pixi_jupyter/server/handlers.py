"""The routes below ``pixi-jupyter/``: each asks who it is, and what they may do.

An answer that is an error has the form of `IError`, whatever went wrong.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import ensure_async, url_path_join
from tornado import web

from pixi_jupyter.errors import (
    ManifestNotFoundError,
    OperationNotFoundError,
    OutsideRootError,
    PixiJupyterError,
    UsageError,
    VerbNotServedError,
)
from pixi_jupyter.inkernel.client import CallError, CallLostError
from pixi_jupyter.server.allowed import prepared, right_for
from pixi_jupyter.server.openapi import DESCRIPTION
from pixi_jupyter.server.paths import key_of, place_of
from pixi_jupyter.server.wording import error_json

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.server.desk import Desk
    from pixi_jupyter.server.paths import Place

RESOURCE = "pixi_jupyter"
"""What authorizers are asked about."""
DESK = "pixi_jupyter_desk"
"""Where the server's settings keep what the handlers share."""

_LARGEST_BODY = 1_000_000
_MOST_RESULTS = 100
_MISSING = (ManifestNotFoundError, OperationNotFoundError, OutsideRootError)
_WRONG = (UsageError, VerbNotServedError)
_MISSING_CODES = frozenset(
    ("manifest-not-found", "environment-not-found", "operation-not-found")
)


class PixiHandler(APIHandler):
    """What all routes share."""

    auth_resource = RESOURCE

    @property
    def desk(self) -> Desk:
        """What answers."""
        found: Desk = self.settings[DESK]
        return found

    def place(self) -> Place:
        """Give the workspace that ``path`` is in.

        Raises
        ------
        OutsideRootError
        """
        place = place_of(self.desk.root, self.get_query_argument("path", ""))
        if place.manifest is not None:
            self.desk.watch.look_after(place.manifest)
        return place

    def manifest(self) -> Path:
        """Give the manifest of the workspace that is asked about.

        Raises
        ------
        OutsideRootError, ManifestNotFoundError
        """
        place = self.place()
        if place.manifest is None:
            raise ManifestNotFoundError(place.folder)
        return place.manifest

    async def may(self, right: str) -> bool:
        """Tell whether the user has a right."""
        allowed = self.authorizer.is_authorized(
            self, self.current_user, right, RESOURCE
        )
        return bool(await ensure_async(allowed))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401  tornado's
        """Say what went wrong, in our words."""
        raised = kwargs.get("exc_info", (None, None, None))[1]
        status, data = _told(status_code, raised)
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"message": data["message"], "error": data}))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ANN401  tornado's
        """Log what is a fault of ours, and nothing that the answer tells."""
        if not isinstance(value, PixiJupyterError | CallError):
            super().log_exception(typ, value, tb)


def _told(status: int, raised: object) -> tuple[int, dict[str, Any]]:
    if isinstance(raised, PixiJupyterError):
        data = error_json(raised.to_wire())
        if isinstance(raised, _MISSING):
            return HTTPStatus.NOT_FOUND, data
        wrong = isinstance(raised, _WRONG)
        return HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.CONFLICT, data
    if isinstance(raised, CallError):
        data = error_json({"message": raised.message, **raised.data})
        if isinstance(raised, CallLostError):
            return HTTPStatus.SERVICE_UNAVAILABLE, data
        missing = data["code"] in _MISSING_CODES
        return HTTPStatus.NOT_FOUND if missing else HTTPStatus.CONFLICT, data
    message = HTTPStatus(status).phrase
    if isinstance(raised, web.HTTPError) and raised.log_message:
        message = (
            raised.log_message % raised.args if raised.args else raised.log_message
        )
    return status, error_json({"code": f"http-{status}", "message": message})


class WorkspaceHandler(PixiHandler):
    """GET workspace."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell which workspace a notebook, file or folder is in."""
        rights = {each: await self.may(each) for each in ("read", "write", "execute")}
        self.finish(json.dumps(await self.desk.views.workspace(self.place(), rights)))


class EnvironmentsHandler(PixiHandler):
    """GET environments."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List environments with their states."""
        self.finish(json.dumps(await self.desk.views.environments(self.manifest())))


class PackagesHandler(PixiHandler):
    """GET environments/NAME/packages."""

    @web.authenticated
    @authorized
    async def get(self, environment: str) -> None:
        """List what is locked for an environment, and why."""
        platform = self.get_query_argument("platform", None)
        views, manifest = self.desk.views, self.manifest()
        self.finish(json.dumps(await views.packages(manifest, environment, platform)))


class LockHandler(PixiHandler):
    """GET lock."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell whether the lock fits the manifest, and if not, why."""
        self.finish(json.dumps(await self.desk.views.lock(self.manifest())))


class TasksHandler(PixiHandler):
    """GET tasks."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List tasks with their arguments."""
        self.finish(json.dumps(await self.desk.views.tasks(self.manifest())))


class SearchHandler(PixiHandler):
    """GET search."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Find packages in the workspace's channels."""
        limit = self.get_query_argument("limit", "30")
        if not limit.isdigit():
            what = "limit is a number"
            raise UsageError(what)
        found = await self.desk.views.search(
            self.place().manifest,
            self.get_query_argument("query", ""),
            min(int(limit), _MOST_RESULTS),
        )
        self.finish(json.dumps(found))


class OperationsHandler(PixiHandler):
    """GET and POST operations."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List what runs and ran in a workspace, in any process."""
        place = self.place()
        found = await self.desk.views.operations(place.manifest, place.folder)
        found["operations"] += self.desk.kernels(place.manifest)
        self.finish(json.dumps(found))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Start a verb; answers at once with the operation."""
        if len(self.request.body) > _LARGEST_BODY:
            raise web.HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self._body()
        verb, request = str(body.get("verb")), body.get("request", {})
        right = right_for(verb)
        if not await self.may(right):
            raise web.HTTPError(
                HTTPStatus.FORBIDDEN, "User is not authorized to %s", right
            )
        place = place_of(self.desk.root, str(body.get("path", "")))
        if place.manifest is None and verb != "init":
            raise ManifestNotFoundError(place.folder)
        root = self.desk.root
        operation = self.desk.operations.start(
            verb,
            prepared(root, verb, request, place.manifest, place.folder),
            workspace=key_of(root, place.manifest or place.folder),
            manifest=place.manifest,
        )
        if place.manifest is not None:
            self.desk.watch.look_after(place.manifest)
        self.set_status(HTTPStatus.ACCEPTED)
        at = url_path_join(self.base_url, "pixi-jupyter", "operations", operation.id)
        self.set_header("Location", at)
        self.finish(json.dumps(operation.to_json()))

    def _body(self) -> dict[str, Any]:
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError) as error:
            what = "The body is not JSON"
            raise UsageError(what) from error
        if not isinstance(body, dict) or not isinstance(body.get("request", {}), dict):
            what = "The body is an object with path, verb and request"
            raise UsageError(what)
        return body


class OperationHandler(PixiHandler):
    """GET and DELETE operations/ID."""

    @web.authenticated
    @authorized
    async def get(self, operation: str) -> None:
        """Tell of one operation, with its log and its result."""
        self.finish(json.dumps(await self.desk.detail(operation, self.place())))

    @web.authenticated
    @authorized
    async def delete(self, operation: str) -> None:
        """Ask that it be stopped; its state tells when that is done."""
        found = await self.desk.cancel(operation, self.place())
        self.set_status(HTTPStatus.ACCEPTED)
        self.finish(json.dumps(found))


class DescriptionHandler(PixiHandler):
    """GET openapi.json."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Describe the routes, as OpenAPI 3.1."""
        self.finish(json.dumps(DESCRIPTION))


ROUTES: tuple[tuple[str, type[PixiHandler]], ...] = (
    ("workspace", WorkspaceHandler),
    ("environments", EnvironmentsHandler),
    (r"environments/([^/]+)/packages", PackagesHandler),
    ("lock", LockHandler),
    ("tasks", TasksHandler),
    ("search", SearchHandler),
    ("operations", OperationsHandler),
    (r"operations/([^/]+)", OperationHandler),
    ("openapi.json", DescriptionHandler),
)
