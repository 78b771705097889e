"""What the routes below ``pixi-jupyter/`` share: who asks, for what, and errors.

An answer that is an error has the form of `IError`, whatever went wrong.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import ensure_async
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
from pixi_jupyter.server.paths import place_of
from pixi_jupyter.server.wording import error_json

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.server.desk import Desk
    from pixi_jupyter.server.paths import Place

RESOURCE = "pixi_jupyter"
"""What authorizers are asked about."""
DESK = "pixi_jupyter_desk"
"""Where the server's settings keep what the handlers share."""

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

    async def place(self, path: str | None = None) -> Place:
        """Give the workspace that ``path`` is in.

        Raises
        ------
        OutsideRootError
        """
        if path is None:
            # as it was sent: tornado would take spaces and other characters away
            raw = self.request.query_arguments.get("path", [b""])[-1]
            path = raw.decode("utf-8", "surrogateescape")
        # a thread, because a disk may take its time
        place = await asyncio.to_thread(place_of, self.desk.root, path)
        if place.manifest is not None:
            await self.desk.watch.look_after(place.manifest)
        return place

    async def workspace(self) -> tuple[Path, str]:
        """Give the manifest of the workspace that is asked about, and its key.

        Raises
        ------
        OutsideRootError, ManifestNotFoundError, NotSupportedYetError
        """
        place = await self.place()
        if place.error is not None:
            raise place.error
        if place.manifest is None:
            raise ManifestNotFoundError(place.folder)
        return place.manifest, place.key

    async def has_to_be(self, *rights: str) -> None:
        """Refuse a user who has none of these rights.

        Raises
        ------
        tornado.web.HTTPError
        """
        for right in rights:
            if await self.may(right):
                return
        what = "User is not authorized to %s here"
        raise web.HTTPError(HTTPStatus.FORBIDDEN, what, " or ".join(rights))

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
