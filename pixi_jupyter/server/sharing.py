"""Routes about notebooks from elsewhere: what they would use, and the agreement."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from pixi_jupyter.errors import UsageError
from pixi_jupyter.server.base import PixiHandler
from pixi_jupyter.server.paths import contents_path, inside
from pixi_jupyter.server.wording import without_secrets

_LARGEST_BODY = 10_000


class NotebookHandler(PixiHandler):
    """What both routes share."""

    async def look(self, path: str, **request: Any) -> None:  # noqa: ANN401  JSON
        """Answer with what a notebook would use.

        Raises
        ------
        OutsideRootError, CallError
        """
        root = self.desk.root
        file = await asyncio.to_thread(inside, root, path)
        # an engine reads it: what somebody else wrote is never taken apart in here
        data = {"files": [str(file)], **request}
        found = await self.desk.pool.ask("notebook_trust", data)
        notebook = without_secrets(found["notebooks"][0])
        notebook["notebook"] = contents_path(root, file) or path
        self.finish(json.dumps(notebook))


class NotebookFactsHandler(NotebookHandler):
    """GET notebook/facts."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell what the environment of a notebook would use; nothing is done."""
        await self.look(self.get_query_argument("path", ""), dry_run=True)


class NotebookTrustHandler(NotebookHandler):
    """POST notebook/trust."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Agree to the content whose list was shown, and to no other."""
        if len(self.request.body) > _LARGEST_BODY:
            raise web.HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError) as error:
            what = "The body is not JSON"
            raise UsageError(what) from error
        keys = {"path", "digest"}
        if (
            not isinstance(body, dict)
            or body.keys() != keys
            or not all(isinstance(body[key], str) for key in keys)
        ):
            what = "The body is an object with path and digest"
            raise UsageError(what)
        await self.look(body["path"], digest=body["digest"])


ROUTES: tuple[tuple[str, type[PixiHandler]], ...] = (
    ("notebook/facts", NotebookFactsHandler),
    ("notebook/trust", NotebookTrustHandler),
)
