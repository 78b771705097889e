"""A Jupyter server with our extension, asked as a browser asks it."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jsonschema import (  # type: ignore[import-untyped]  # comes without types
    Draft202012Validator,
)
from tornado.httpclient import HTTPClientError

from pixi_jupyter.kernels.progress import SCHEMA_ID
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.server.base import DESK
from pixi_jupyter.server.events import CHANGE, OPERATION, OUTPUT
from pixi_jupyter.server.openapi import DESCRIPTION, PATHS

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from pixi_jupyter.server.desk import Desk

OVER = ("succeeded", "failed", "cancelled")
MANIFEST = """\
[workspace]
name = "{name}"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
{dependencies}

{more}
"""


def write_workspace(
    folder: Path, channel: str, *dependencies: str, more: str = ""
) -> Path:
    """Write a manifest; gives its path."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / "pixi.toml"
    lines = "\n".join(f'{name} = "*"' for name in dependencies)
    text = MANIFEST.format(
        name=folder.name,
        channel=channel,
        platform=host_subdir(),
        dependencies=lines,
        more=more,
    )
    manifest.write_text(text, encoding="utf-8")
    return manifest


def check(method: str, route: str, status: int, data: Any) -> None:
    """Hold an answer against the description."""
    for path, methods in PATHS.items():
        pattern = re.sub(r"{\w+}", "[^/]+", path)
        if re.fullmatch(pattern, route) and method.lower() in methods:
            responses = methods[method.lower()]["responses"]
            assert str(status) in responses, (method, route, status, data)
            content = responses[str(status)]["content"]
            fits("", data, content["application/json"]["schema"])
            return
    raise AssertionError((method, route))


def fits(shape: str, data: Any, schema: Any = None) -> None:
    """Hold data against a shape of the description."""
    schema = schema or {"$ref": f"#/components/schemas/{shape}"}
    whole = {**schema, "components": DESCRIPTION["components"]}
    Draft202012Validator(whole).validate(data)


class Asked:
    """The server; its loop runs while something is waited for, and only then."""

    def __init__(
        self, app: Any, fetch: Callable[..., Any], loop: asyncio.AbstractEventLoop
    ) -> None:
        self.app, self._fetch, self.loop = app, fetch, loop
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.texts: list[str] = []
        """Everything that was answered or told."""
        self._news = asyncio.Event()
        for schema in (OPERATION, OUTPUT, CHANGE, SCHEMA_ID):
            app.event_logger.add_listener(schema_id=schema, listener=self._hear)

    @property
    def desk(self) -> Desk:
        """What the handlers share."""
        found: Desk = self.app.web_app.settings[DESK]
        return found

    async def _hear(self, logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        del logger
        self.events.append((schema_id, data))
        self.texts.append(json.dumps(data))
        self._news.set()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something on the server's loop."""
        return self.loop.run_until_complete(asyncio.wait_for(work, 60))

    async def ask(
        self, method: str, route: str, body: Any = None, **params: str
    ) -> tuple[int, Any]:
        """Ask a route; gives status and answer, which has to be as described."""
        kept: dict[str, Any] = {}
        if body is not None:
            kept["body"] = body if isinstance(body, bytes | str) else json.dumps(body)
        elif method == "POST":
            kept["body"] = ""
        try:
            answer = await self._fetch(
                "pixi-jupyter", route, method=method, params=params, **kept
            )
        except HTTPClientError as error:
            if error.response is None:
                raise
            answer = error.response
        self.texts.append(answer.body.decode())
        data = json.loads(answer.body)
        check(method, route, answer.code, data)
        return answer.code, data

    def get(self, route: str, path: str = "", **params: str) -> Any:
        """Ask what has an answer."""
        status, data = self.run(self.ask("GET", route, path=path, **params))
        assert status == 200, data
        return data

    def refused(self, method: str, route: str, body: Any = None, **params: str) -> Any:
        """Ask what is refused; gives status and error."""
        status, data = self.run(self.ask(method, route, body, **params))
        assert status >= 400, data
        return status, data["error"]

    def start(self, verb: str, path: str = "", **request: Any) -> str:
        """Start a verb; gives the id of the operation."""
        body = {"path": path, "verb": verb, "request": request}
        status, data = self.run(self.ask("POST", "operations", body))
        assert status == 202, data
        return str(data["id"])

    def cancel(self, operation: str, path: str = "") -> Any:
        """Ask that an operation be stopped."""
        route = f"operations/{quote(operation)}"
        return self.run(self.ask("DELETE", route, path=path))

    def of(self, operation: str, schema: str = OPERATION) -> list[dict[str, Any]]:
        """Give the events about one operation."""
        key = "operation" if schema == OUTPUT else "id"
        return [
            data
            for each, data in self.events
            if each == schema and data[key] == operation
        ]

    def until(self, claim: Callable[[], Any]) -> Any:
        """Wait, event by event, until a claim holds; gives what it gave."""

        async def wait() -> Any:
            while not (found := claim()):
                self._news.clear()
                await self._news.wait()
            return found

        return self.run(wait())

    def end(self, operation: str, path: str = "") -> Any:
        """Wait for the end of an operation; gives it as it then is."""
        self.until(lambda: [x for x in self.of(operation) if x["state"] in OVER])
        return self.get(f"operations/{operation}", path)

    def done(self, verb: str, path: str = "", **request: Any) -> Any:
        """Run a verb that has to succeed, to its end."""
        found = self.end(self.start(verb, path, **request), path)
        assert found["state"] == "succeeded", found
        return found
