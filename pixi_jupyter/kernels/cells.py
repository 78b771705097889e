"""The cells of a notebook, run one after the other and compared with what it shows."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.comparison import disagreements, short, wanted_of
from pixi_jupyter.notebook.stamps import Stamp, stamp_from_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Cells:
    """The code cells of one notebook.

    Parameters
    ----------
    client
        nbclient's, with a kernel that runs.
    job
        What was asked for: ``timeout``, ``lax``.
    tell
        Is given ``{"cell": …}`` after each cell, then ``{"end": …}``.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401  nbclient has no types
        job: Mapping[str, Any],
        tell: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._client, self._job, self._tell = client, job, tell
        self._stamp: Stamp | None = None
        client.on_cell_executed = self._executed

    def _executed(self, *, execute_reply: Mapping[str, Any], **_: object) -> None:
        self._stamp = stamp_from_reply(execute_reply.get("metadata")) or self._stamp

    async def run(self) -> None:
        """Run all of them, or up to the one after which no other can run."""
        cells = self._client.nb.cells
        code = [n for n, cell in enumerate(cells) if cell.cell_type == "code"]
        total = sum(1 for n in code if cells[n].source.strip())
        self._tell({"total": total})
        began = time.monotonic()
        for place in code:
            cell = cells[place]
            if not cell.source.strip():
                continue
            found = await self._checked(cell, place)
            goes_on = found.pop("goes_on")
            self._tell({"cell": found})
            if not goes_on:
                break
        stamp = None if self._stamp is None else self._stamp.to_json()
        seconds = round(time.monotonic() - began, 3)
        self._tell({"end": {"seconds": seconds, "stamp": stamp}})

    async def _checked(self, cell: Any, place: int) -> dict[str, Any]:  # noqa: ANN401  nbformat's
        wanted = wanted_of(cell.source, cell.metadata, lax=self._job["lax"])
        found: dict[str, Any] = {
            "place": place,
            "id": cell.get("id"),
            "execution_count": cell.execution_count,
            "source": cell.source.strip().splitlines()[0][:200],
            "status": "ok",
            "reason": "",
            "differences": [],
            "seconds": 0.0,
            "goes_on": True,
        }
        if wanted.skip:
            return {**found, "status": "skipped"}
        shown, was_run = copy.deepcopy(cell.outputs), cell.execution_count is not None
        began = time.monotonic()
        found |= await self._ran(cell, place)
        found["seconds"] = round(time.monotonic() - began, 3)
        if found["status"] != "ok":
            return found
        error = next((x for x in cell.outputs if x.output_type == "error"), None)
        if error is not None and not wanted.raises:
            text = f"{error.ename}: {error.evalue}"
            return {**found, "status": "fails", "reason": short(text)}
        if not was_run and shown:
            reason = "it has outputs, but was not run"
            return {**found, "status": "differs", "reason": reason}
        if wanted.check and was_run and (odd := disagreements(cell.outputs, shown)):
            reason = f"{odd[0]['key']} differs"
            return {
                **found,
                "status": "differs",
                "reason": reason,
                "differences": odd,
            }
        return found

    async def _ran(self, cell: Any, place: int) -> dict[str, Any]:  # noqa: ANN401  nbformat's
        """Run one cell; say what kept it from coming to its end."""
        from nbclient.exceptions import CellTimeoutError, DeadKernelError

        try:
            await self._client.async_execute_cell(cell, place)
        except CellTimeoutError:
            seconds = self._job["timeout"]
            reason = f"it took longer than {seconds:g} s"
            return {"status": "fails", "reason": reason, "goes_on": False}
        except DeadKernelError:
            reason = "the kernel died"
            return {"status": "fails", "reason": reason, "goes_on": False}
        return {}
