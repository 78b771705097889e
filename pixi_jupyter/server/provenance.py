"""The route that tells which outputs came from another environment."""

from __future__ import annotations

import asyncio
import json

from jupyter_server.auth.decorator import authorized
from tornado import web

from pixi_jupyter.server.base import PixiHandler
from pixi_jupyter.server.paths import contents_path, inside
from pixi_jupyter.server.wording import without_secrets


class NotebookProvenanceHandler(PixiHandler):
    """GET notebook/provenance."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell where the outputs of a notebook came from, as it was saved last."""
        root, path = self.desk.root, self.get_query_argument("path", "")
        file = await asyncio.to_thread(inside, root, path)
        # an engine reads it: what somebody else wrote is never taken apart in here
        found = await self.desk.pool.ask("notebook_provenance", {"file": str(file)})
        answer = without_secrets(found)
        answer["notebook"] = contents_path(root, file) or path
        self.finish(json.dumps(answer))


ROUTES: tuple[tuple[str, type[PixiHandler]], ...] = (
    ("notebook/provenance", NotebookProvenanceHandler),
)
