"""Text about tasks that run, ran, or would run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands.text import Line, Rendered, Span, line, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.verbs.run_tasks import TaskRunResult

_MINUTE = 60


def run(result: TaskRunResult) -> Rendered:
    """Say what became of tasks, or what would run."""
    if result.is_dry:
        shown = [line("Nothing is run; this would be:")]
        for each in result.results:
            if each.command is not None:
                shown += [line(), *banner(each.to_json())]
        return Rendered(stderr=tuple(shown))
    available: tuple[Line, ...] = ()
    if result.available:
        available = (
            line(),
            line(Span("Tasks that can be run:", "bold")),
            *(line(f"  {name}") for name in result.available),
        )
    ended = [
        line(Span(each.node.name, "bold"), f"  {state_text(each.to_json())}")
        for each in result.results
    ]
    return Rendered(stdout=tuple(ended), stderr=available)


def banner(data: Mapping[str, Any]) -> list[Line]:
    """Give the lines that stand above what a task says.

    Parameters
    ----------
    data
        Of an event of the phase ``task``.
    """
    where = f" in {data['place']}" if data.get("place") else ""
    title: list[str | Span] = [Span(str(data["task"]), "bold"), where]
    if data.get("description"):
        title.append(Span(f"  {data['description']}", "dim"))
    command = str(data["command"] or "").strip("\n").split("\n")
    return [line(*title), *(line(Span(f"  $ {each}", "cyan")) for each in command)]


def state_text(data: Mapping[str, Any]) -> str:
    """Give a state as people read it."""
    state, code = data["state"], data.get("exit_code")
    taken = data.get("seconds")
    text = f"{state}, exit {code}" if state == "failed" else str(state)
    if taken is None:
        return text
    if taken < _MINUTE:
        return f"{text}, {seconds(taken)}"
    return f"{text}, {int(taken) // _MINUTE}:{int(taken) % _MINUTE:02}"
