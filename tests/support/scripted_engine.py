"""An engine whose verbs do what a test needs; run as a program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.engine.streams import claim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.events import Operation


_HELD: list[bytes] = []


class Answer(dict[str, Any]):
    """A result that is a table."""

    def to_json(self) -> dict[str, Any]:
        return self


class Request(dict[str, Any]):
    """A request that takes all there is."""

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> Request:
        if "unknown" in data:
            from pixi_jupyter.errors import UsageError

            what = "Request has no unknown"
            raise UsageError(what)
        return cls(data)


async def echo(request: Request, operation: Operation) -> Answer:
    """Say `count` events, then give the request back."""
    for number in range(request.get("count", 0)):
        operation.say("solve", "numpy", done=number + 1, total=request["count"])
    return Answer(request)


async def look(request: Request, operation: Operation) -> Answer:
    """Tell where it runs, beside whatever else runs."""
    del request, operation
    import os
    from pathlib import Path

    return Answer(cwd=str(Path.cwd()), environ=dict(os.environ), pid=os.getpid())


async def wait(request: Request, operation: Operation) -> Answer:
    """Wait until a file is there; may be cut off at any moment."""
    import asyncio
    from pathlib import Path

    operation.say("link", "begun")
    while not Path(request["until"]).exists():  # noqa: ASYNC110, ASYNC240  a test's signal is a file
        await asyncio.sleep(0.01)
    return Answer(request)


async def guarded(request: Request, operation: Operation) -> Answer:
    """Wait as `wait` does, but finish what it began, and say so in a file."""
    import asyncio
    from pathlib import Path

    from pixi_jupyter.errors import OperationCancelledError

    inner = asyncio.ensure_future(wait(request, operation))
    try:
        return await asyncio.shield(inner)
    except asyncio.CancelledError:
        operation.say("undo")
        await inner
        Path(request["undone"]).write_text("yes")  # noqa: ASYNC240  a test's signal is a file
        raise OperationCancelledError("guarded") from None  # noqa: EM101  the verb's name


async def stubborn(request: Request, operation: Operation) -> Answer:
    """Block the whole engine, as a native library may."""
    del request
    import time

    operation.say("link", "begun")
    time.sleep(600)  # noqa: ASYNC251  that is the point
    return Answer()


async def hold(request: Request, operation: Operation) -> Answer:
    """Keep memory for good."""
    del operation
    _HELD.append(b"x" * request["count"])
    return Answer(request)


async def fail(request: Request, operation: Operation) -> Answer:
    """Fail in one of several ways."""
    del operation
    from pathlib import Path

    from pixi_jupyter.errors import LinkError, ManifestNotFoundError

    match request["how"]:
        case "link":
            raise LinkError(Path("/prefix"), reason="no space left")
        case "manifest":
            raise ManifestNotFoundError(Path("/nowhere"))
        case how:
            raise RuntimeError(how)


async def noise(request: Request, operation: Operation) -> Answer:
    """Write to every stream there is, and read."""
    del request, operation
    import os
    import subprocess
    import sys

    print("a print")  # noqa: T201  that is the point
    sys.stdout.flush()
    os.write(1, b"a raw write\n")
    subprocess.run(["/bin/sh", "-c", "echo a child"], check=True)  # noqa: ASYNC221
    return Answer(read=sys.stdin.read())


VERBS = {
    verb.__name__: verb
    for verb in (echo, look, wait, guarded, stubborn, hold, fail, noise)
}


def load(verb: str) -> tuple[Any, type[Request]]:
    """Find a verb as the real registry does."""
    if verb not in VERBS:
        from pixi_jupyter.errors import UsageError

        what = f"There is no verb named {verb}"
        raise UsageError(what)
    return VERBS[verb], Request


if __name__ == "__main__":
    READ, WRITE = claim()
    import sys

    from pixi_jupyter.engine.worker import Engine, run

    run(
        Engine(
            load,
            read=READ,
            write=WRITE,
            quick=("look",),
            idle_seconds=float(sys.argv[1]) if len(sys.argv) > 1 else 60,
        )
    )
