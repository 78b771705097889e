from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.asked import Asked, write_workspace
from support.registry import CondaToken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel

pytest_plugins = ["pytest_jupyter.jupyter_server"]


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "study/../../x",
        "%2e%2e",
        "study/%2E%2E/%2e%2e",
        "study\\..\\..",
        "study%5c..",
        "study\0",
        "study%00",
        "x" * 5000,
        "way-out",
        "way-out/pixi.toml",
        "linked",
    ],
    ids=lambda path: repr(path)[:20],
)
def test_a_path_that_leads_out_is_refused(
    server: Asked, study: Path, tmp_path: Path, channel: str, path: str
) -> None:
    outside = write_workspace(tmp_path / "outside", channel, "tool")
    root = study.parent.parent
    (root / "way-out").symlink_to(outside.parent)
    (root / "linked").mkdir()
    (root / "linked" / "pixi.toml").symlink_to(outside)
    body = {"path": path, "verb": "add", "request": {"specs": ["base"]}}

    asked = server.refused("GET", "workspace", path=path)
    posted = server.refused("POST", "operations", body)

    assert [asked[0], asked[1]["code"]] == [404, "outside-root"]
    assert posted == asked
    assert "base" not in outside.read_text()


@pytest.mark.parametrize(
    ("verb", "request_"),
    [
        ("import_file", {"file": "../secret.yml"}),
        ("init", {"path": "../elsewhere"}),
        ("init", {"import_from": "../secret.yml"}),
        ("init", {"script": "../x.py"}),
    ],
    ids=["import_file.file", "init.path", "init.import_from", "init.script"],
)
def test_no_argument_names_a_file_outside(
    server: Asked, study: Path, verb: str, request_: dict[str, str]
) -> None:
    path = study.parent.name
    body = {"path": path, "verb": verb, "request": request_}

    status, error = server.refused("POST", "operations", body)

    assert (status, error["code"]) == (404, "outside-root")


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("", "usage", "not JSON"),
        (b"\xff\xfe", "usage", "not JSON"),
        ("[" * 100_000, "usage", "not JSON"),
        ("[]", "usage", "an object"),
        ({"verb": 3}, "usage", "an object"),
        ({"verb": "add", "request": []}, "usage", "an object"),
        ({"verb": "add", "wait": True}, "usage", "an object"),
        ({"verb": "ad", "request": {}}, "verb-not-served", "did you mean add?"),
        ({"verb": "clean"}, "verb-not-served", "cannot be asked of a server"),
        ({"verb": "add", "request": {"spec": ["x"]}}, "usage", "no argument spec"),
        ({"verb": "add", "request": {"specs": "x"}}, "usage", "a list of texts"),
        ({"verb": "add", "request": {"specs": [1]}}, "usage", "a list of texts"),
        ({"verb": "lock", "request": {"offline": 1}}, "usage", "true or false"),
        ({"verb": "remove", "request": {}}, "usage", "remove needs names"),
        ({"verb": "add", "request": {"manifest": "x"}}, "usage", "cannot be chosen"),
        ({"verb": "run", "request": {"cwd": "/"}}, "usage", "cannot be chosen"),
        ({"verb": "run", "request": {"output": "inherit"}}, "usage", "chosen"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_is_wrong_is_refused_in_words(
    server: Asked, study: Path, body: Any, code: str, words: str
) -> None:
    if isinstance(body, dict):
        body = {"path": study.parent.name, **body}

    status, error = server.refused("POST", "operations", body)

    assert (status, error["code"]) == (400, code)
    assert words in json.dumps(error)
    assert server.get("operations", "study")["operations"] == []


def test_a_body_that_is_too_large_is_refused(server: Asked) -> None:
    status, error = server.refused("POST", "operations", '"' + "x" * 1_000_001 + '"')

    assert (status, error["code"]) == (413, "http-413")


@pytest.mark.parametrize("limit", ["-1", "x", "²", ""])
def test_a_limit_is_a_number(server: Asked, limit: str) -> None:
    status, error = server.refused("GET", "search", query="base", limit=limit)

    assert (status, error["code"]) == (400, "usage")


def test_no_answer_event_or_log_has_a_secret(
    server: Asked,
    jp_root_dir: Path,
    mock_channel: Callable[..., MockChannel],
    caplog: pytest.LogCaptureFixture,
) -> None:
    channel = mock_channel({"name": "base"}, {"name": "app", "depends": ["base"]})
    channel.credentials = CondaToken("s3cret-token")
    head, _, host = channel.url.rstrip("/").partition("://")
    manifest = write_workspace(
        jp_root_dir / "study", f"{head}://{host}/t/s3cret-token/", "app"
    )

    server.done("install", "study")
    server.end(server.start("add", "study", specs=["nowhere"]), "study")
    spec = f"{head}://ann:s3cret-word@{host}/noarch/base-1.0-0.conda"
    server.end(server.start("add", "study", specs=[spec]), "study")
    for route in ("workspace", "environments", "lock", "tasks", "operations"):
        server.get(route, "study")
    server.get("environments/default/packages", "study")
    assert server.get("search", "study", query="base")["results"]

    assert "s3cret-token" in manifest.read_text()
    assert len(server.events) > 5
    assert [text for text in server.texts if "s3cret" in text] == []
    assert "s3cret" not in caplog.text
