"""An engine whose `ensure_installed` makes a toy environment, as a test tells it.

What it shall do stands beside the manifest: a file ``fail`` holds the text of an
error, a file ``wait`` the path of a file to wait for. What it did stands in ``log``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.engine.streams import claim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation


class Request(dict[str, Any]):
    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> Request:
        return cls(data)


class Answer(dict[str, Any]):
    def to_json(self) -> dict[str, Any]:
        return self


async def ensure_installed(request: Request, operation: Operation) -> Answer:
    """Install."""
    import asyncio
    from pathlib import Path

    from pixi_jupyter.errors import OverlayError
    from support.environments import install_environment

    manifest = Path(request["manifest"])
    root = manifest.parent

    def note(text: str) -> None:
        with (root / "log").open("a") as log:
            log.write(f"{text}\n")

    note(f"install {request['environment']} kernel={request['kernel']}")
    operation.say("fetch", "numpy", done=1, total=2, unit="packages")
    if (root / "fail").exists():
        raise OverlayError(request["environment"], report=(root / "fail").read_text())
    if (root / "wait").exists():
        awaited = Path((root / "wait").read_text())
        try:
            while not awaited.exists():  # noqa: ASYNC110, ASYNC240  a test's signal is a file
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            note("cancelled")
            raise
    payload = install_environment(manifest, request["environment"])
    operation.finish("link", "1 package")
    prefix = payload["activation"]["prefix"]
    return Answer(prefix=prefix, changed=True, payload=payload)


if __name__ == "__main__":
    READ, WRITE = claim()
    import sys
    from pathlib import Path

    sys.path.append(str(Path(__file__).parent.parent))
    from pixi_jupyter.engine.worker import Engine, run

    run(Engine(lambda _: (ensure_installed, Request), read=READ, write=WRITE))
