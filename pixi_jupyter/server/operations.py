"""What runs in a server's engines, what waits for its turn, and what ended."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pixi_jupyter.errors import (
    OperationElsewhereError,
    OperationNotFoundError,
    UnknownTaskError,
)
from pixi_jupyter.inkernel.client import (
    CallCancelledError,
    CallError,
    CallLostError,
)
from pixi_jupyter.redaction import redacted
from pixi_jupyter.server.pool import Call, Pool
from pixi_jupyter.server.progress import Progress
from pixi_jupyter.server.wording import (
    engine_stopped,
    error_json,
    never_begun,
    without_secrets,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


KEPT = 50
"""How many operations that ended are remembered."""
_CONCURRENT = frozenset(("run",))
"""Verbs that hold no lock for long: they need not wait for others."""
_INSTALLING = frozenset(("add", "install", "reinstall", "remove", "update", "upgrade"))
_CLOSING_SECONDS = 3.0
"""How long what runs may put things in order when the server ends."""


@dataclass(slots=True, kw_only=True)
class _Running:
    task: asyncio.Task[None]
    call: Call | None = None


class Operations:
    """The operations of one server.

    Parameters
    ----------
    pool
        Where they run.
    tell
        Is given an operation whenever its state is another one.
    hint
        Is given an operation whenever it moved on a little.
    """

    def __init__(
        self,
        pool: Pool,
        tell: Callable[[Progress], None],
        hint: Callable[[Progress], None],
    ) -> None:
        self._pool, self._tell, self._hint = pool, tell, hint
        self._known: dict[str, Progress] = {}
        self._running: dict[str, _Running] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def start(
        self,
        verb: str,
        request: Mapping[str, Any],
        *,
        workspace: str,
        manifest: Path | None,
    ) -> Progress:
        """Begin an operation, or put it behind those of its workspace."""
        progress = Progress(
            id=uuid4().hex[:12],
            verb=verb,
            what=_what(verb, request),
            workspace=workspace,
            manifest=manifest,
            environment=_environment(request),
            installs=verb in _INSTALLING
            and not request.get("dry_run")
            and not request.get("no_install"),
        )
        self._known[progress.id] = progress
        task = asyncio.ensure_future(self._run(progress, dict(request)))
        self._running[progress.id] = _Running(task=task)
        task.add_done_callback(lambda _: self._ended(progress))
        self._forget()
        self._tell(progress)
        return progress

    async def _run(self, progress: Progress, request: dict[str, Any]) -> None:
        try:
            if progress.verb in _CONCURRENT:
                await self._carry_out(progress, request)
            else:
                async with self._turns[progress.workspace]:
                    await self._carry_out(progress, request)
        except CallError as error:  # no engine could be started
            progress.end("failed", error=_words(error))

    def _ended(self, progress: Progress) -> None:
        """Give the end of an operation, also of one that never had its turn."""
        self._running.pop(progress.id, None)
        if not progress.is_over:
            progress.end("cancelled", error=never_begun(progress.what))
        self._tell(progress)

    async def _carry_out(self, progress: Progress, request: dict[str, Any]) -> None:
        runs_task = progress.verb in _CONCURRENT
        async with self._pool.engine(runs_task=runs_task) as client:
            seconds = self._pool.grace_seconds
            call = Call(client, progress.verb, request, grace_seconds=seconds)
            self._running[progress.id].call = call
            progress.state = "running"
            self._tell(progress)

            def hear(event: dict[str, Any]) -> None:
                progress.hear(event)
                self._hint(progress)

            try:
                result = await call.result(hear)
            except CallCancelledError as error:
                progress.end("cancelled", error=_words(error))
            except CallLostError as error:
                progress.end("failed", error=engine_stopped(progress.what, error.data))
            except CallError as error:
                progress.end("failed", error=_words(error))
            else:
                await self._judge(progress, request, result)

    async def _judge(
        self,
        progress: Progress,
        request: Mapping[str, Any],
        result: Any,  # noqa: ANN401  JSON
    ) -> None:
        """End an operation as what its verb gave tells.

        What is no task is not run by a server: `run` then says how a face would
        start it in its own place, with all the variables of this process.
        """
        is_table = isinstance(result, dict)
        if progress.verb == "run" and is_table and "tasks" not in result:
            asked = {"manifest": request["manifest"]}
            known = await self._pool.ask("tasks", asked)
            names = [each["name"] for each in known["tasks"] if not each["hidden"]]
            word = str(next(iter(request.get("command") or ()), ""))
            unknown = UnknownTaskError(word.partition(" ")[0], available=names)
            progress.end("failed", error=error_json(unknown.to_wire()))
            return
        code = result.get("exit_code") if is_table else 0
        progress.end("failed" if code else "succeeded", without_secrets(result))

    def cancel(self, operation: str) -> Progress:
        """Ask that an operation be stopped.

        Raises
        ------
        OperationNotFoundError
        """
        progress = self.get(operation)
        running = self._running.get(operation)
        if running is not None:
            if running.call is not None:
                running.call.cancel()
            else:
                running.task.cancel()
        return progress

    def get(self, operation: str) -> Progress:
        """Give an operation.

        Raises
        ------
        OperationNotFoundError
        """
        if operation not in self._known:
            raise OperationNotFoundError(operation)
        return self._known[operation]

    def of(self, workspace: str) -> list[Progress]:
        """List the operations of a workspace, newest first."""
        mine = [each for each in self._known.values() if each.workspace == workspace]
        return mine[::-1]

    def at_work_on(self, workspace: str, environment: str) -> str | None:
        """Name the operation that is installing an environment."""
        for each in self.of(workspace):
            if each.installs and not each.is_over:
                wanted = each.environment or "default"
                if wanted == environment and each.state != "queued":
                    return each.id
        return None

    async def close(self) -> None:
        """Stop everything, politely first."""
        tasks = [running.task for running in self._running.values()]
        for operation in list(self._running):
            self.cancel(operation)
        if tasks:
            await asyncio.wait(tasks, timeout=_CLOSING_SECONDS)
        await self._pool.kill()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self) -> None:
        over = [each.id for each in self._known.values() if each.is_over]
        for operation in over[:-KEPT]:
            del self._known[operation]


def foreign(record: Mapping[str, Any], workspace: str) -> dict[str, Any]:
    """Give the form of `IOperation` of a record that another process keeps."""
    error = record.get("error")
    is_failed = record["state"] == "failed"
    return {
        "id": record["id"],
        "verb": record["verb"],
        "what": redacted(record["what"]),
        "workspace": workspace,
        "environment": None,
        "state": record["state"],
        "phase": record["phase"],
        "label": redacted(record["label"]),
        "done": record["done"],
        "total": record["total"],
        "unit": record["unit"],
        "seconds": record.get("age_seconds") or record.get("seconds"),
        "started": record["started"],
        "error": error_json({"code": "elsewhere", "message": error})
        if error and is_failed
        else None,
        "can_cancel": False,
    }


def elsewhere(record: Mapping[str, Any]) -> OperationElsewhereError:
    """Say why an operation of another process cannot be stopped here."""
    pid, host = record.get("pid"), str(record.get("host"))
    return OperationElsewhereError(str(record["id"]), pid=pid, host=host)


_LONG = 200


def _what(verb: str, request: Mapping[str, Any]) -> str:
    words = ["task" if verb == "run" else verb.replace("_", " ")]
    for key in ("specs", "names", "packages", "command"):
        value = request.get(key)
        words += [str(each) for each in value] if isinstance(value, list) else []
    environment = _environment(request)
    text = " ".join(words) + (f" -e {environment}" if environment else "")
    return redacted(text if len(text) <= _LONG else text[: _LONG - 1] + "…")


def _environment(request: Mapping[str, Any]) -> str | None:
    several = request.get("environments")
    if isinstance(several, list) and len(several) == 1:
        return str(several[0])
    found = request.get("environment")
    return str(found) if found else None


def _words(error: CallError) -> dict[str, Any]:
    return error_json({"message": error.message, **error.data})
