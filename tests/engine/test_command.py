"""Commands and completion, asked of a real engine on a tiny channel."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from support.study import make_study

from pixi_jupyter.engine.protocol import CANCELLED, FAILED, INVALID_PARAMS
from pixi_jupyter.install.filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.engine_caller import Caller

    Start = Callable[..., Caller]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path)


@pytest.fixture
def asked(engine: Start, study: Path) -> Callable[..., dict[str, Any]]:
    """Ask one engine, which stands where nothing is."""
    caller = engine("-m", "pixi_jupyter.engine")
    numbers = iter(range(1000))

    def ask(*words: str, **place: Any) -> dict[str, Any]:
        number = next(numbers)
        command(caller, number, *words, **{"cwd": str(study), **place})
        return caller.answer(number)

    return ask


@pytest.fixture
def held_prefix(study: Path) -> Iterator[FileLock]:
    """Keep everybody from changing the installed default environment."""
    state = ".pixi-environment-fingerprint"
    path = study / ".pixi" / "envs" / "default" / "conda-meta" / state
    lock = FileLock(path)
    yield lock
    if lock.is_held:
        lock.release()


def command(caller: Caller, number: int, *words: str, **place: Any) -> None:
    params = {"words": list(words), "manifest": None, "face": "%pixi", **place}
    caller.send(id=number, method="command", params=params)


def complete(caller: Caller, number: int, line: str, **place: Any) -> list[str]:
    params = {"line": line, "cursor": len(line), "manifest": None, **place}
    caller.send(id=number, method="complete", params=params)
    result = caller.answer(number)["result"]
    partial = line[result["start"] :]
    assert all(match["text"].startswith(partial) for match in result["matches"])
    return [match["text"] for match in result["matches"]]


def test_words_are_answered_with_text_html_and_data(
    asked: Callable[..., dict[str, Any]], study: Path
) -> None:
    result = asked("add", "app")["result"]

    assert set(result) == {
        "verb",
        "exit_code",
        "text",
        "html",
        "data",
        "changed",
        "prefix",
        "run",
        "quiet",
    }
    assert (result["verb"], result["exit_code"]) == ("add", 0)
    assert "Added app" in result["text"]
    assert "app" in result["html"]
    assert result["changed"] == ["app", "base"]
    assert result["prefix"] == str(study / ".pixi" / "envs" / "default")
    assert (result["run"], result["quiet"]) == (None, False)


def test_relative_paths_start_from_the_askers_folder(
    asked: Callable[..., dict[str, Any]], study: Path, tmp_path: Path
) -> None:
    outside = asked("list", "-m", "study", "--json", cwd=str(tmp_path))
    named = asked(
        "list", "--json", cwd=str(tmp_path), manifest=str(study / "pixi.toml")
    )
    below = asked("init", "other", cwd=str(tmp_path))

    assert outside["result"]["data"] == named["result"]["data"]
    assert below["result"]["data"]["manifest_path"] == str(
        tmp_path / "other" / "pixi.toml"
    )


def test_a_command_is_handed_back_and_can_be_started(
    asked: Callable[..., dict[str, Any]],
) -> None:
    run = asked("run", "-e", "test", "hello")["result"]["run"]

    done = subprocess.run(
        [run["program"], *run["command"][1:]],
        env=run["environ"],
        cwd=run["cwd"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "hello\n"
    assert "MALLOC_ARENA_MAX" not in run["environ"]


@pytest.mark.parametrize(
    ("words", "code", "name", "hint"),
    [
        (["ad"], INVALID_PARAMS, "usage", "%pixi --help"),
        (["add"], INVALID_PARAMS, "usage", "%pixi add --help"),
        (["add", "nope"], FAILED, "package-not-found", "{command} search '*nope*'"),
        (["run", "nope"], FAILED, "command-not-found", "{command} add nope"),
        (["list", "-m", "/nowhere"], FAILED, "manifest-not-found", "{command} init"),
    ],
)
def test_failures_have_the_form_of_our_errors_and_end_nothing(
    asked: Callable[..., dict[str, Any]],
    words: list[str],
    code: int,
    name: str,
    hint: str,
) -> None:
    error = asked(*words)["error"]

    assert (error["code"], error["data"]["code"]) == (code, name)
    assert error["message"] == error["data"]["message"]
    assert hint in error["data"]["hints"]
    assert isinstance(error["data"]["details"], list)
    assert "{command}" not in error["data"]["html"]
    assert error["data"]["html"].startswith("<")
    assert asked("--version")["result"]["exit_code"] == 0


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"words": "add numpy", "cwd": "/"},
        {"words": [1], "cwd": "/"},
        {"words": ["info"]},
        {"words": ["info"], "cwd": "here"},
    ],
)
def test_a_request_of_another_shape_is_refused(
    engine: Start, params: dict[str, Any]
) -> None:
    caller = engine("-m", "pixi_jupyter.engine")

    caller.send(id=1, method="command", params=params)

    assert caller.answer(1)["error"]["code"] == INVALID_PARAMS


def test_help_and_results_are_messages_and_nothing_else_is_written(
    engine: Start, study: Path
) -> None:
    caller = engine("-m", "pixi_jupyter.engine")
    for number, words in enumerate((["--help"], ["kernel"], ["list"], ["--version"])):
        command(caller, number, *words, cwd=str(study))

    texts = [caller.answer(number)["result"]["text"] for number in range(4)]

    code, out, log = caller.rest()
    assert texts[0].startswith("Usage: %pixi [OPTIONS] COMMAND")
    assert "base" in texts[2]
    assert (code, out) == (0, "")
    assert "Usage" not in log


def test_of_two_commands_the_second_waits_and_reading_does_not(
    engine: Start, study: Path, held_prefix: FileLock
) -> None:
    caller = engine("-m", "pixi_jupyter.engine")
    command(caller, 1, "install", cwd=str(study))
    caller.answer(1)
    assert held_prefix.acquire()
    command(caller, 2, "add", "app", cwd=str(study))
    caller.event("waiting")

    command(caller, 3, "add", "extra", cwd=str(study))
    waiting = caller.event("waiting")
    while waiting["id"] != 3:
        waiting = caller.event("waiting")
    command(caller, 4, "list", "--frozen", "--json", cwd=str(study))
    listed = caller.answer(4)["result"]["data"]

    assert waiting["event"]["label"] == "for add app"
    assert "base" in {each["name"] for each in listed}
    held_prefix.release()
    assert caller.answer(2)["result"]["changed"] == ["app"]
    assert caller.answer(3)["result"]["changed"] == ["extra"]


def test_a_cancelled_command_leaves_all_as_it_was_and_the_engine_alive(
    engine: Start, study: Path, held_prefix: FileLock
) -> None:
    caller = engine("-m", "pixi_jupyter.engine")
    command(caller, 1, "install", cwd=str(study))
    caller.answer(1)
    files = [study / "pixi.toml", study / "pixi.lock"]
    before = [path.read_bytes() for path in files]
    assert held_prefix.acquire()
    command(caller, 2, "add", "app", cwd=str(study))
    caller.event("waiting")
    assert [path.read_bytes() for path in files] != before

    caller.send(id=3, method="cancel", params={"id": 2})
    assert caller.answer(3)["result"] is True
    held_prefix.release()
    error = caller.answer(2)["error"]

    assert error["code"] == CANCELLED
    assert error["message"] == "add app was cancelled, nothing was changed"
    assert error["data"]["code"] == "cancelled"
    assert [path.read_bytes() for path in files] == before
    command(caller, 4, "add", "app", cwd=str(study))
    assert caller.answer(4)["result"]["changed"] == ["app"]
    assert caller.process.poll() is None


def test_a_command_that_waits_for_its_turn_can_be_cancelled(
    engine: Start, study: Path, held_prefix: FileLock
) -> None:
    caller = engine("-m", "pixi_jupyter.engine")
    command(caller, 1, "install", cwd=str(study))
    caller.answer(1)
    assert held_prefix.acquire()
    command(caller, 2, "add", "app", cwd=str(study))
    caller.event("waiting")
    command(caller, 3, "add", "extra", cwd=str(study))

    caller.send(method="cancel", params={"id": 3})

    assert caller.answer(3)["error"]["code"] == CANCELLED
    held_prefix.release()
    assert caller.answer(2)["result"]["changed"] == ["app"]
    assert "extra" not in (study / "pixi.toml").read_text()


def test_completion_knows_the_workspace_and_its_channels(
    engine: Start, study: Path, tmp_path: Path
) -> None:
    caller = engine("-m", "pixi_jupyter.engine")
    command(caller, 1, "install", cwd=str(study))
    caller.answer(1)
    command(caller, 2, "install", "-e", "test", cwd=str(study))
    caller.answer(2)
    numbers = iter(range(3, 1000))

    def completed(line: str, cwd: Path = study) -> list[str]:
        return complete(caller, next(numbers), line, cwd=str(cwd))

    assert completed("%pixi rem") == ["remove"]
    assert completed("%pixi add -e ") == ["default", "test"]
    assert completed("%pixi add -f t") == ["test"]
    assert completed("%pixi add -p lin") == ["linux-64"]
    assert completed("%pixi remove ")[0] == "base"
    assert completed("%pixi remove -f test ")[0] == "hello"
    assert completed("%pixi list ")[:2] == ["base", "hello"]
    assert completed("%pixi add app ex") == ["extra"]
    assert completed("%pixi search h") == ["hello"]
    assert completed("%pixi run -e test h") == ["hello"]
    assert completed("%pixi init s", tmp_path) == ["study/"]
    assert completed("%pixi lock -m study/", tmp_path) == ["study/pixi.toml"]
    assert completed("%pixi remove -m study ", tmp_path)[0] == "base"


def test_completion_sees_what_was_changed_since(engine: Start, study: Path) -> None:
    caller = engine("-m", "pixi_jupyter.engine")
    place = {"cwd": str(study)}
    assert complete(caller, 1, "%pixi remove a", **place) == []

    command(caller, 2, "add", "app", **place)
    caller.answer(2)

    assert complete(caller, 3, "%pixi remove a", **place) == ["app"]
    assert complete(caller, 4, "%pixi list a", **place) == ["app"]


def test_completion_answers_while_an_operation_runs(
    engine: Start, study: Path, held_prefix: FileLock
) -> None:
    caller = engine("-m", "pixi_jupyter.engine")
    command(caller, 1, "install", cwd=str(study))
    caller.answer(1)
    assert held_prefix.acquire()
    command(caller, 2, "add", "app", cwd=str(study))
    caller.event("waiting")

    assert complete(caller, 3, "%pixi list -e te", cwd=str(study)) == ["test"]
    held_prefix.release()
    assert "result" in caller.answer(2)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"line": "%pixi list -e ", "cursor": "x", "cwd": "/"},
        {"line": "%pixi list -e ", "cursor": 14},
        {"line": "%pixi list -e ", "cursor": 14, "cwd": "here"},
        {"line": "%pixi list -e ", "cursor": 14, "cwd": "/nowhere", "manifest": "x"},
        {"line": "%pixi init no/where/", "cursor": 20, "cwd": "/nowhere"},
        {"line": "%pixi nonsense ", "cursor": 15, "cwd": "/"},
    ],
)
def test_completion_never_fails(engine: Start, params: dict[str, Any]) -> None:
    caller = engine("-m", "pixi_jupyter.engine")

    caller.send(id=1, method="complete", params=params)

    assert caller.answer(1)["result"]["matches"] == []


def test_completion_of_a_manifest_that_cannot_be_read_is_empty(
    engine: Start, study: Path
) -> None:
    (study / "pixi.toml").write_text("[workspace")
    caller = engine("-m", "pixi_jupyter.engine")

    assert complete(caller, 1, "%pixi list -e ", cwd=str(study)) == []


def test_completion_never_asks_the_network(engine: Start, study: Path) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815  the library's name

        def log_message(self, *_: object) -> None:
            pass

    text = (study / "pixi.toml").read_text()
    line = next(line for line in text.splitlines() if line.startswith("channels"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/channel"
        (study / "pixi.toml").write_text(text.replace(line, f'channels = ["{url}"]'))
        caller = engine("-m", "pixi_jupyter.engine")
        names = complete(caller, 1, "%pixi add nu", cwd=str(study))
        unasked = list(asked)
        # the same engine does ask where it may, so the server was there to be asked
        command(caller, 2, "search", "nu", cwd=str(study))
        caller.answer(2)
        server.shutdown()

    assert names == []
    assert unasked == []
    assert asked
