"""The routes below ``pixi-jupyter/``: each asks who it is, and what they may do."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado import web

from pixi_jupyter.errors import ManifestNotFoundError, UsageError
from pixi_jupyter.server import provenance, sharing
from pixi_jupyter.server.allowed import RIGHTS, prepared, right_for
from pixi_jupyter.server.base import PixiHandler
from pixi_jupyter.server.openapi import DESCRIPTION

_LARGEST_BODY = 1_000_000
_MOST_RESULTS = 100


class WorkspaceHandler(PixiHandler):
    """GET workspace."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell which workspace a notebook, file or folder is in."""
        rights = {each: await self.may(each) for each in ("read", "write", "execute")}
        place = await self.place()
        self.finish(json.dumps(await self.desk.views.workspace(place, rights)))


class EnvironmentsHandler(PixiHandler):
    """GET environments."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List environments with their states."""
        found = await self.desk.views.environments(*await self.workspace())
        self.finish(json.dumps(found))


class PackagesHandler(PixiHandler):
    """GET environments/NAME/packages."""

    @web.authenticated
    @authorized
    async def get(self, environment: str) -> None:
        """List what is locked for an environment, and why."""
        platform = self.get_query_argument("platform", None)
        manifest, _ = await self.workspace()
        views = self.desk.views
        self.finish(await views.packages(manifest, environment, platform))


class LockHandler(PixiHandler):
    """GET lock."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell whether the lock fits the manifest, and if not, why."""
        manifest, _ = await self.workspace()
        self.finish(json.dumps(await self.desk.views.lock(manifest)))


class TasksHandler(PixiHandler):
    """GET tasks."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List tasks with their arguments."""
        manifest, _ = await self.workspace()
        self.finish(json.dumps(await self.desk.views.tasks(manifest)))


class SearchHandler(PixiHandler):
    """GET search."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Find packages in the workspace's channels."""
        limit = self.get_query_argument("limit", "30")
        if not (limit.isascii() and limit.isdigit()):
            what = "limit is a number"
            raise UsageError(what)
        place = await self.place()
        found = await self.desk.views.search(
            place.manifest,
            self.get_query_argument("query", ""),
            min(int(limit[:9]), _MOST_RESULTS),
        )
        self.finish(json.dumps(found))


class OperationsHandler(PixiHandler):
    """GET and POST operations."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """List what runs and ran in a workspace, in any process."""
        place = await self.place()
        found = await self.desk.views.operations(place.manifest, place.key)
        self.finish(json.dumps(found))

    @web.authenticated
    async def post(self) -> None:
        """Start a verb; answers at once with the operation."""
        await self.has_to_be("write", "execute")
        if len(self.request.body) > _LARGEST_BODY:
            raise web.HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        path, verb, request = self._body()
        await self.has_to_be(right_for(verb))
        place = await self.place(path)
        if verb != "init":
            if place.error is not None:
                raise place.error
            if place.manifest is None:
                raise ManifestNotFoundError(place.folder)
        desk = self.desk
        operation = desk.operations.start(
            verb,
            await asyncio.to_thread(prepared, desk.root, verb, request, place),
            workspace=place.key,
            manifest=place.manifest,
        )
        desk.views.forget_choices()
        self.set_status(HTTPStatus.ACCEPTED)
        at = url_path_join(self.base_url, "pixi-jupyter", "operations", operation.id)
        self.set_header("Location", at)
        self.finish(json.dumps(operation.to_json()))

    def _body(self) -> tuple[str, str, dict[str, Any]]:
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError) as error:
            what = "The body is not JSON"
            raise UsageError(what) from error
        if isinstance(body, dict) and not body.keys() - {"path", "verb", "request"}:
            path, verb = body.get("path", ""), body.get("verb")
            request = body.get("request", {})
            are_texts = isinstance(path, str) and isinstance(verb, str)
            if are_texts and isinstance(request, dict):
                return str(path), str(verb), request
        what = "The body is an object with path, verb and request"
        raise UsageError(what)


class OperationHandler(PixiHandler):
    """GET and DELETE operations/ID."""

    @web.authenticated
    @authorized
    async def get(self, operation: str) -> None:
        """Tell of one operation, with its log and its result."""
        found = await self.desk.detail(operation, await self.place())
        self.finish(json.dumps(found))

    @web.authenticated
    async def delete(self, operation: str) -> None:
        """Ask that it be stopped; its state tells when that is done."""
        await self.has_to_be("write", "execute")
        verb = self.desk.verb_of(operation)
        await self.has_to_be(RIGHTS.get(verb, "write") if verb else "write")
        found = await self.desk.cancel(operation, await self.place())
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
    *sharing.ROUTES,
    *provenance.ROUTES,
)
