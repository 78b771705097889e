"""Run notebooks from their locks in clean prefixes, and compare what they give."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.config import read_settings
from pixi_jupyter.errors import PixiJupyterError, WriteError
from pixi_jupyter.events import Event
from pixi_jupyter.install.locks import is_alive
from pixi_jupyter.notebook.checking import run_job
from pixi_jupyter.notebook.copies import write_home
from pixi_jupyter.notebook.junit import junit_xml
from pixi_jupyter.notebook.places import FOLDER, MANIFEST, SHORT
from pixi_jupyter.notebook.verify import Heard, NotebookCheck, checked
from pixi_jupyter.trust.consent import require_trust
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.notebook_verify_source import Source, source_of
from pixi_jupyter.verbs.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pixi_jupyter.events import Operation

_SCRATCH = "verify-"
PHASE = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookVerifyRequest(Request):
    """Which notebooks, and how."""

    files: tuple[Path, ...]
    cwd: Path | None = None
    """What relative paths start from; None: the current folder."""
    jobs: int = 1
    """So many at once."""
    trust: bool = False
    """Whether the user agrees now to what the notebooks carry."""
    lax: bool = False
    """Compare only cells that ask for it."""
    timeout: float = 600.0
    """Seconds that a cell may take."""
    junit: Path | None = None
    """Where to write a report."""
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookVerifyResult:
    """What came of each notebook, in the order in which they were named."""

    checks: tuple[NotebookCheck, ...]
    junit: Path | None = None

    @property
    def exit_code(self) -> int:
        """Nothing but 0 means that all are as they should be."""
        return int(any(each.status != "ok" for each in self.checks))

    def to_json(self) -> list[dict[str, Any]]:
        """Give the JSON form."""
        return [each.to_json() for each in self.checks]


async def notebook_verify(
    request: NotebookVerifyRequest, operation: Operation
) -> NotebookVerifyResult:
    """Run each notebook from its own lock, or its workspace's, and compare.

    Raises
    ------
    ConsentNeededForNotebookError, NotebookRefusedError, NotebookForbiddenError
        If one of them carries what was not agreed to; none was run.
    WriteError
        If the report cannot be written.

    Notes
    -----
    What a notebook carries is installed into a prefix of its own that is gone
    afterwards. A cancel ends all that was started before it goes on.
    """
    here = request.cwd or Path.cwd()
    sources = [await asyncio.to_thread(source_of, path, here) for path in request.files]
    for source in sources:
        if source.carried is not None:
            name = source.path.name
            require_trust(source.carried, trust=request.trust, name=name)
    scratch = await asyncio.to_thread(_scratch)
    try:
        work = _Work(request, operation, scratch)
        checks = await _all(work.check, sources)
    finally:
        await asyncio.shield(asyncio.to_thread(_remove, scratch))
    result = NotebookVerifyResult(checks=tuple(checks), junit=request.junit)
    if request.junit is not None:
        _write(here / request.junit, junit_xml(result.checks))
    return result


class _Work:
    """What all runs of one verification share."""

    def __init__(
        self, request: NotebookVerifyRequest, operation: Operation, scratch: Path
    ) -> None:
        self._request, self._operation, self._scratch = request, operation, scratch
        self._room = asyncio.Semaphore(max(1, request.jobs))
        self._homes: set[Path] = set()

    async def check(self, source: Source) -> NotebookCheck:
        """Run one notebook."""
        if source.error is not None:
            return NotebookCheck(
                notebook=source.named,
                environment=source.environment,
                origin=source.origin,
                reason=source.error.message,
                details=tuple(source.error.details),
                hints=tuple(source.error.hints),
            )
        async with self._room:
            try:
                return await self._run(source)
            except (PixiJupyterError, OSError) as error:
                reason = getattr(error, "message", str(error))
                return NotebookCheck(
                    notebook=source.named,
                    environment=source.environment,
                    origin=source.origin,
                    digest=source.digest,
                    reason=reason,
                )

    async def _run(self, source: Source) -> NotebookCheck:
        heard = Heard()
        telling = _Telling(self._operation.child(), str(source.named), heard)
        own = Path(tempfile.mkdtemp(prefix="run-", dir=self._scratch))
        job = {
            "notebook": str(source.path),
            "manifest": str(self._manifest(source)),
            "environment": source.name,
            "mode": "frozen" if source.carried is not None else "locked",
            "language": source.language,
            "kernel": source.kernel,
            "timeout": self._request.timeout,
            "lax": self._request.lax,
            "offline": self._request.offline,
        }
        try:
            tail = await run_job(job, scratch=own, take=telling.take)
        finally:
            telling.end()
        return checked(
            heard,
            notebook=source.named,
            content=source.content,
            tail=tail,
            environment=source.environment,
            origin=source.origin,
            digest=source.digest,
        )

    def _manifest(self, source: Source) -> Path:
        """Give the workspace to run in: a clean one for what a notebook carries."""
        if source.carried is None:
            assert source.manifest is not None  # noqa: S101  else there is an error
            return source.manifest
        home = self._scratch / source.carried.digest[:SHORT]
        if home not in self._homes:  # notebooks with equal environments share it
            write_home(home, source.carried)
            self._homes.add(home)
        return home / MANIFEST


class _Telling:
    """Says how far one notebook is."""

    def __init__(self, operation: Operation, name: str, heard: Heard) -> None:
        self._operation, self._name, self._heard = operation, name, heard

    def take(self, message: Mapping[str, Any]) -> None:
        """Learn from the process, and pass on what a person wants to know."""
        if "event" in message:
            self._pass_on(Event.from_wire(message["event"]))
            return
        self._heard.take(message)
        done = len(self._heard.cells)
        self._operation.say(PHASE, self._name, done=done, total=self._heard.total)

    def _pass_on(self, event: Event) -> None:
        if event.level == "warning":
            self._operation.warn(f"{self._name}: {event.label}")
        elif event.level == "progress" and event.state == "running":
            # as a part of this one: what it installs is gone afterwards
            label = f"{self._name}: {event.phase}"
            self._operation.say(PHASE, label, done=event.done, total=event.total)

    def end(self) -> None:
        """Leave nothing open on a screen."""
        self._operation.finish(PHASE, self._name)


async def _all(
    check: Callable[[Source], Any], sources: Sequence[Source]
) -> list[NotebookCheck]:
    """Check all; where that is cancelled, wait until each has come to its end."""
    tasks = [asyncio.ensure_future(check(each)) for each in sources]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.shield(asyncio.gather(*tasks, return_exceptions=True))
        raise


def _scratch() -> Path:
    """Make a folder for this verification, on the disk of the package cache."""
    parent = read_settings().cache_dir / FOLDER
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for left in _left_behind(parent):
            _remove(left)
        prefix = f"{_SCRATCH}{os.getpid()}-"
        return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    except OSError as error:
        raise WriteError(parent, reason=error.strerror or str(error)) from error


def _left_behind(parent: Path) -> Iterator[Path]:
    """List the folders of verifications that were killed."""
    for path in parent.glob(f"{_SCRATCH}*"):
        number = path.name.split("-")[1]
        if number.isdecimal() and not is_alive(int(number)):
            yield path


def _remove(scratch: Path) -> None:
    for link in scratch.glob("*/.pixi/envs"):
        if link.is_symlink():  # environments are kept elsewhere, see `detached`
            shutil.rmtree(link.resolve().parent, ignore_errors=True)
    shutil.rmtree(scratch, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            path.unlink()
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WriteError(path, reason=error.strerror or str(error)) from error
