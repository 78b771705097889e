from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from support.asked import Asked, write_workspace
from support.registry import Slow

from pixi_jupyter.kernels.progress import SCHEMA_ID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.registry import MockChannel

pytest_plugins = ["pytest_jupyter.jupyter_server"]


def test_an_installation_that_a_kernel_waits_for_is_seen_and_stopped(
    server: Asked,
    jp_fetch: Callable[..., Any],
    mock_channel: Callable[..., MockChannel],
    jp_root_dir: Path,
) -> None:
    channel = mock_channel(
        {"name": "python", "version": "3.12.0"},
        {"name": "ipykernel", "version": "7.0", "depends": ["python"]},
    )
    hang = channel.faults.put("*.conda", Slow())
    write_workspace(jp_root_dir, channel.url, "python", "ipykernel")
    server.get("workspace")
    kernel = server.run(start(jp_fetch))
    server.run(reached(hang))

    (row,) = (x for x in rows(server) if x["id"] == f"kernel-{kernel}")
    (environment,) = server.get("environments")["environments"]
    status, _ = server.cancel(row["id"])
    last = server.until(
        lambda: [x for x in told(server) if x["event"]["state"] == "cancelled"]
    )
    hang.release()

    assert (row["state"], row["can_cancel"]) == ("running", True)
    assert (environment["state"], environment["operation"]) == ("installing", row["id"])
    assert status == 202
    assert last[0]["kernel_id"] == kernel
    assert [x for x in rows(server) if x["can_cancel"]] == []
    assert not (jp_root_dir / ".pixi" / "envs" / "default" / "share").exists()


async def start(fetch: Callable[..., Any]) -> str:
    """Start the only kernel that is ours; gives its id."""
    listed = json.loads((await fetch("api", "kernelspecs")).body)["kernelspecs"]
    (name,) = (each for each in listed if each.startswith("pixi-root"))
    body = json.dumps({"name": name})
    answer = await fetch("api", "kernels", method="POST", body=body)
    return str(json.loads(answer.body)["id"])


async def reached(hang: Slow) -> None:
    assert await asyncio.to_thread(hang.reached.wait, 30)


def rows(server: Asked) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get("operations")["operations"]
    return found


def told(server: Asked) -> list[dict[str, Any]]:
    return [data for schema, data in server.events if schema == SCHEMA_ID]
