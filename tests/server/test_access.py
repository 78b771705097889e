from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from tornado.httpclient import HTTPClientError

from pixi_jupyter.server.handlers import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.asked import Asked


pytest_plugins = ["pytest_jupyter.jupyter_server"]


class Chosen(Authorizer):
    """Allows the rights that a test names, on our resource."""

    rights: frozenset[str] = frozenset()

    def is_authorized(
        self, handler: Any, user: Any, action: str, resource: str
    ) -> bool:
        del handler, user
        return resource == "pixi_jupyter" and action in self.rights


class Nobody(Chosen):
    pass


class Reader(Chosen):
    rights = frozenset(("read",))


class Writer(Chosen):
    rights = frozenset(("read", "write"))


class Runner(Chosen):
    rights = frozenset(("read", "execute"))


def rules(router: Any) -> Iterator[Any]:
    """Give all rules of a router and of those in it."""
    for rule in router.rules:
        if hasattr(rule.target, "rules"):
            yield from rules(rule.target)
        else:
            yield rule


def walked(server: Asked) -> list[tuple[str, str]]:
    """List method and path of all our routes, as the application itself has them."""
    found = set()
    for rule in rules(server.app.web_app.default_router):
        pattern = getattr(getattr(rule.matcher, "regex", None), "pattern", "")
        if "pixi-jupyter/" not in pattern:
            continue
        path = pattern.partition("pixi-jupyter/")[2].rstrip("$").replace("([^/]+)", "x")
        methods = ("get", "head", "post", "put", "patch", "delete")
        found |= {(x.upper(), path) for x in methods if x in vars(rule.target)}
    return sorted(found)


def test_no_route_answers_who_has_not_signed_in(
    server: Asked, http_server_client: Any, jp_base_url: str
) -> None:
    routes = walked(server)

    async def status(method: str, route: str) -> int:
        body = "{}" if method == "POST" else None
        url = f"{jp_base_url}pixi-jupyter/{route}"
        try:
            answer = await http_server_client.fetch(url, method=method, body=body)
        except HTTPClientError as error:
            return int(error.code)
        return int(answer.code)

    assert {route for _, route in routes} == {
        route.replace("([^/]+)", "x") for route, _ in ROUTES
    }
    assert len(routes) >= len(ROUTES) + 2
    assert {each: server.run(status(*each)) for each in routes} == dict.fromkeys(
        routes, 403
    )


def who_may(authorizer: type[Authorizer]) -> dict[str, Any]:
    """Give the settings of a server whose user has certain rights."""
    return {"ServerApp": {"authorizer_class": authorizer}}


@pytest.mark.parametrize("settings", [who_may(Nobody)], ids=["nothing"])
def test_no_route_answers_who_may_do_nothing(server: Asked, study: Path) -> None:
    routes = walked(server)

    found = {each: server.refused(*each, path=study.parent.name)[0] for each in routes}

    assert found == dict.fromkeys(routes, 403)


@pytest.mark.parametrize(
    ("settings", "add", "run"),
    [
        (who_may(Reader), 403, 403),
        (who_may(Writer), 202, 403),
        (who_may(Runner), 403, 202),
    ],
    ids=["may read", "may write", "may execute"],
)
def test_each_verb_needs_its_right(
    server: Asked, study: Path, add: int, run: int
) -> None:
    adding = {"path": "study", "verb": "add", "request": {"specs": ["tool"]}}
    running = {"path": "study", "verb": "run", "request": {"command": ["hello"]}}

    may = server.get("workspace", "study")["may"]
    added, first = server.run(server.ask("POST", "operations", adding))
    ran, second = server.run(server.ask("POST", "operations", running))

    assert (added, ran) == (add, run)
    assert may == {"read": True, "write": add == 202, "execute": run == 202}
    stopped = [server.cancel(x["id"])[0] for x in (first, second) if "id" in x]
    assert stopped == [202] * [add, run].count(202)
    assert "tool" not in study.read_text() or add == 202


@pytest.mark.parametrize("settings", [who_may(Writer)], ids=["may write"])
def test_who_may_not_execute_cannot_stop_what_runs(server: Asked, study: Path) -> None:
    request = {"command": ["hello"], "manifest": str(study), "cwd": str(study.parent)}
    progress = server.run(_started(server, request, study))

    status, error = server.refused("DELETE", f"operations/{progress.id}")

    assert (status, error["code"]) == (403, "http-403")


async def _started(server: Asked, request: dict[str, Any], manifest: Path) -> Any:
    return server.desk.operations.start(
        "run", request, workspace="study/pixi.toml", manifest=manifest
    )
