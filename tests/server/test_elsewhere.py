from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.asked import Asked, write_workspace
from support.registry import Slow
from support.served import Served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel

pytest_plugins = ["pytest_jupyter.jupyter_server"]


def test_what_another_process_does_is_told_and_cannot_be_stopped_here(
    server: Asked,
    mock_channel: Callable[..., MockChannel],
    tmp_path: Path,
    jp_root_dir: Path,
) -> None:
    channel = mock_channel({"name": "base"}, {"name": "tool"})
    hang = channel.faults.put("*.conda", Slow())
    terminal = Served(tmp_path, channel)
    terminal.write("base")
    write_workspace(jp_root_dir / "study", channel.url, "base")
    server.get("environments", "study")

    process = terminal.start("add", "tool", "-m", str(jp_root_dir / "study"))
    told = server.until(lambda: [x for _, x in server.events if x.get("verb") == "add"])
    status, refusal = server.run(
        server.ask("DELETE", f"operations/{told[0]['id']}", path="study")
    )
    hang.release()
    server.until(lambda: server.of(told[0]["id"])[-1]["state"] == "succeeded")
    process.communicate(timeout=30)

    whats = {
        (x["what"], x["environment"])
        for _, x in server.events
        if "what" in x and "verb" not in x
    }
    found = server.get(f"operations/{told[0]['id']}", "study")
    assert {("manifest", None), ("lock", None), ("prefix", "default")} <= whats
    assert (status, refusal["error"]["code"]) == (409, "operation-elsewhere")
    assert (found["what"], found["can_cancel"]) == ("add tool", False)


def test_an_operation_nobody_knows_is_not_found(server: Asked, study: Path) -> None:
    path = study.parent.name

    asked = server.refused("GET", "operations/nonesuch", path=path)
    stopped: Any = server.cancel("kernel-nonesuch", path)

    assert (asked[0], asked[1]["code"]) == (404, "operation-not-found")
    assert (stopped[0], stopped[1]["error"]["code"]) == (404, "operation-not-found")
