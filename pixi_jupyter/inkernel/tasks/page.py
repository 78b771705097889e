"""How tasks and their runs look, as HTML. Pure; the classes are those of `style`."""

import html
from typing import Any, Dict, List, Optional

from .state import Run, Step

_MARKS = {
    "waiting": "Waiting",
    "running": "Running",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cached": "Unchanged",
    "cancelled": "Cancelled",
    "skipped": "Not run",
}
_PLAIN = {"cached": "unchanged", "cancelled": "cancelled"}
_TURN_SECONDS = 1.2
_MINUTE = 60

Task = Dict[str, Any]
"""A task as the command `tasks` tells of it."""


def head(tasks: Dict[str, Any]) -> str:
    """Say whose tasks these are."""
    shown = [task for task in tasks["tasks"] if not task.get("hidden")]
    many = "1 task" if len(shown) == 1 else "%d tasks" % len(shown)
    places = {task.get("environment") for task in shown}
    if len(places) == 1 and None not in places:
        many += ", in %s" % places.pop()
    return '<span class="pjk-strong">%s</span> <span class="pjk-meta">%s</span>' % (
        html.escape(str(tasks.get("workspace") or "")),
        html.escape(many),
    )


def row(task: Task, run: Optional[Run]) -> str:
    """Show a task in one line: mark, name, description, state in words."""
    name, text = html.escape(task["name"]), html.escape(task.get("description") or "")
    shown = (
        mark(state_of(run), run.own_seconds if run is not None else 0),
        '<span class="pjk-name" title="%s">%s</span>' % (name, name),
        '<span class="pjk-desc" title="%s">%s</span>' % (text, text),
        '<span class="pjk-right">%s</span>' % html.escape(words(task, run)),
    )
    return '<div class="pjk-Task" data-task="%s" data-state="%s">%s</div>' % (
        name,
        state_of(run) or "idle",
        "".join(shown),
    )


def state_of(run: Optional[Run]) -> str:
    """Give the state that the mark of a row shows; empty where nothing ran."""
    if run is None:
        return ""
    if run.is_over:
        return run.state
    return "waiting" if run.waits_for else "running"


def words(task: Task, run: Optional[Run]) -> str:
    """Say in words where a task stands."""
    if run is None:
        return _idle(task)
    if run.is_over:
        return _ended(run.state, run.exit_code, run.own_seconds)
    if run.cancelling:
        return "cancelling"
    if run.waits_for:
        return "waits for " + run.waits_for
    if run.phase and not any(step.state == "running" for step in run.steps):
        return run.phase
    return clock(run.own_seconds)


def _idle(task: Task) -> str:
    if not task.get("runs_here", True):
        return "not on this computer"
    before = ", ".join(task.get("before") or ())
    return "after " + before if before else ""


def chain(run: Run) -> str:
    """Show what runs, in that order; empty where the task is alone."""
    steps = run.steps
    if len(steps) < 2:  # noqa: PLR2004  itself
        return ""
    shown = ["<li>%s</li>" % _step(run, step, steps[-1]) for step in steps]
    return '<ol class="pjk-Chain" aria-label="Runs before">%s</ol>' % "".join(shown)


def _step(run: Run, step: Step, last: Step) -> str:
    seconds = run.seconds_of(step)
    if step.state == "running":
        text = clock(seconds or 0)
    elif step.state in ("waiting", "skipped"):
        text = ""
    else:
        text = _ended(step.state, step.exit_code, seconds)
    kind = "pjk-strong" if step is last else ""
    return '%s<span class="%s">%s</span> <span class="pjk-meta">%s</span>' % (
        mark(step.state, seconds or 0),
        kind,
        html.escape(step.name),
        text,
    )


def mark(state: str, seconds: float = 0) -> str:
    """Show a state as a shape."""
    if state not in _MARKS:
        return '<span class="pjk-st"></span>'
    # the shape is made anew with each second, and has to go on where it was
    turned = int(seconds) % _TURN_SECONDS
    style = ' style="animation-delay:-%.1fs"' % turned if state == "running" else ""
    return '<i class="pjk-st" data-state="%s" role="img" aria-label="%s"%s></i>' % (
        state,
        _MARKS[state],
        style,
    )


def clock(seconds: float) -> str:
    """Give how long something takes by now."""
    return "%d:%02d" % divmod(int(seconds), _MINUTE)


def _ended(state: str, exit_code: Optional[int], seconds: Optional[float]) -> str:
    if state in _PLAIN:
        return _PLAIN[state]
    if state == "failed":
        if exit_code is None:
            return "could not run"
        return "signal %d" % -exit_code if exit_code < 0 else "exit %d" % exit_code
    if seconds is None:
        return ""
    return clock(seconds) if seconds >= _MINUTE else "%.1f s" % seconds


def piece(text: str, name: str, *, is_last: bool) -> str:
    """Show a piece of a log; what comes new is read out where that is wanted."""
    if not is_last:
        return "<pre>%s</pre>" % text
    return '<pre role="log" aria-label="Log of %s">%s</pre>' % (html.escape(name), text)


def whole(run: Run) -> str:
    """Say where all lines are, once some of them are not shown."""
    shown = len(run.log.lines)
    if not run.is_over or not run.path or shown == run.log.total:
        return ""
    return '<span class="pjk-meta">The last %s of %s lines. All of them: %s</span>' % (
        "{:,}".format(shown),
        "{:,}".format(run.log.total),
        '<code class="pjk-code">%s</code>' % html.escape(run.path),
    )


def hint(argument: Dict[str, Any], *, missing: bool = False) -> str:
    """Say what an argument takes."""
    choices: List[str] = [str(each) for each in argument.get("choices") or ()]
    if choices:
        *most, last = choices
        text = "%s or %s" % (", ".join(most), last) if most else last
    else:
        text = "needed" if argument.get("default") is None else "default"
    kind = "pjk-bad" if missing else "pjk-meta"
    return '<small class="%s">%s</small>' % (kind, html.escape(text))


def command(text: Optional[str]) -> str:
    """Show the command that would run."""
    if not text:
        return ""
    shown = html.escape(text)
    return '<span class="pjk-meta pjk-code" title="%s">$ %s</span>' % (shown, shown)


def refusal(lines: List[str]) -> str:
    """Say why a command would not run."""
    shown = "<br>".join(html.escape(line) for line in lines)
    return '<span class="pjk-bad" role="alert">%s</span>' % shown
