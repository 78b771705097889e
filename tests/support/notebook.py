"""A notebook's page without a browser: runs cells, and presses what widgets show."""

from __future__ import annotations

import contextlib
import queue
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

_REFERENCE = "IPY_MODEL_"


@dataclass
class Output:
    """What became of a cell."""

    displays: list[dict[str, Any]] = field(default_factory=list)
    stdout: str = ""
    stderr: str = ""
    error: str = ""


class Page:
    """What a browser knows of a kernel.

    Parameters
    ----------
    manager, client
        Of the kernel, which runs.
    """

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager, self.client = manager, client
        self.models: dict[str, dict[str, Any]] = {}
        self.bytes = 0
        """How much widgets have sent."""

    def run(
        self,
        code: str,
        *,
        on_stdout: Callable[[str], None] | None = None,
        seconds: float = 60,
    ) -> Output:
        """Run a cell."""
        output = Output()

        def hook(message: dict[str, Any]) -> None:
            content, kind = message["content"], message["msg_type"]
            self._learn(message)
            if kind in {"display_data", "update_display_data"}:
                output.displays.append(content["data"])
            elif kind == "stream":
                name = content["name"]
                setattr(output, name, getattr(output, name) + content["text"])
                if on_stdout is not None:
                    on_stdout(output.stdout)
            elif kind == "error":
                output.error = "\n".join(content["traceback"])

        self.client.execute_interactive(code, timeout=seconds, output_hook=hook)
        return output

    def wait(self, claim: Callable[[], object], seconds: float = 30) -> None:
        """Wait until widgets have become what is claimed of them."""
        end = time.monotonic() + seconds
        while not claim():
            with contextlib.suppress(queue.Empty):
                self._learn(self.client.get_iopub_msg(timeout=0.2))
            assert time.monotonic() < end, "it did not come to that"

    def row(self, task: str) -> str:
        """Give the line of a task as HTML."""
        return str(self.models[self._line(task)]["value"])

    def words(self, task: str) -> str:
        """Give what the line of a task says at its end."""
        found = re.search(r'<span class="pjk-right">(.*?)</span>', self.row(task))
        return found[1] if found else ""

    def state(self, task: str) -> str:
        """Give the state of a task."""
        found = re.search(r'data-state="(\w+)"', self.row(task))
        return found[1] if found else ""

    def text(self, task: str) -> str:
        """Give all that stands below the line of a task."""
        _, *below = self.models[self._item(task)]["children"]
        return "\n".join(
            str(self.models[each].get("value", ""))
            for each in self._inside(below)
            if self.models[each]["_model_name"] == "HTMLModel"
        )

    def press(self, task: str, word: str) -> None:
        """Press the button of a task that has a word on it."""
        for each in self._inside([self._item(task)]):
            model = self.models[each]
            if word in (model.get("description"), model.get("tooltip")) and (
                "pjk-hidden" not in model["_dom_classes"]
            ):
                content = {"method": "custom", "content": {"event": "click"}}
                return self._send(each, content)
        raise LookupError(word)

    def fill(self, task: str, name: str, value: str) -> None:
        """Fill in a field of a task's form."""
        for each in self._inside([self._item(task)]):
            model = self.models[each]
            if model.get("description") == name:
                key: str = "value"
                new: Any = value
                if "index" in model:
                    key, new = "index", model["_options_labels"].index(value)
                state = {"method": "update", "state": {key: new}, "buffer_paths": []}
                return self._send(each, state)
        raise LookupError(name)

    def _line(self, task: str) -> str:
        mark = f'data-task="{task}"'
        return [
            each
            for each, model in self.models.items()
            if mark in str(model.get("value"))
        ][-1]

    def _item(self, task: str) -> str:
        line = self._line(task)
        return next(
            each
            for each, model in self.models.items()
            if "pjk-Item" in model.get("_dom_classes", ())
            and line in self._inside([each])
        )

    def _inside(self, ids: list[str]) -> list[str]:
        found: list[str] = []
        for each in ids:
            number = each.removeprefix(_REFERENCE)
            found.append(number)
            found += self._inside(list(self.models[number].get("children", ())))
        return found

    def _send(self, model: str, data: dict[str, Any]) -> None:
        content = {"comm_id": model, "data": data}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", content))

    def _learn(self, message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] not in {"comm_open", "comm_msg"}:
            return
        state = content["data"].get("state") or {}
        self.bytes += len(str(state))
        self.models.setdefault(content["comm_id"], {}).update(state)
