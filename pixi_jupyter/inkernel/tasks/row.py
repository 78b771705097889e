"""The widgets of one task: its line, its form, and what its last run said."""

import threading
from typing import Any, Dict, List, Optional, Protocol

import ipywidgets

from ..failures import CallError
from . import page
from .form import Form
from .log_view import LogView
from .state import Run
from .work import Work


class Engines(Protocol):
    """What a row needs of those who can run something."""

    def work(self, task: str, words: List[str], run: Run) -> Work:
        """Run a task."""

    def last(self, task: str) -> Optional[Work]:
        """Give what was run last, if anything was."""

    def preview(self, words: List[str], answer: Any, refuse: Any) -> None:  # noqa: ANN401
        """Ask what would run."""


class Row:
    """A task that can be run.

    Parameters
    ----------
    task
        As the command `tasks` tells of it.
    engines
        Run it.
    shared
        The layout of boxes.
    """

    def __init__(
        self, task: Dict[str, Any], engines: Engines, shared: ipywidgets.Layout
    ) -> None:
        self.task, self._engines, self._shared = task, engines, shared
        self.name: str = task["name"]
        self._lock = threading.RLock()
        self._work: Optional[Work] = engines.last(self.name)
        self._form: Optional[Form] = None
        self._shows_form, self._shows_run = False, self._work is not None
        self._log: Optional[LogView] = None
        self._make_widgets()
        if self._work is not None:
            self._log = LogView(self._shared)
            self._work.shown_by(self.paint)
        self.paint()

    def _make_widgets(self) -> None:
        self._line = ipywidgets.HTML(layout=self._shared)
        self._button = ipywidgets.Button()
        self._button.add_class("pjk-mod-row")
        self._button.on_click(lambda _: self._press())
        self._more = ipywidgets.Button(tooltip="Details of " + self.name)
        self._more.add_class("pjk-mod-open")
        self._more.on_click(lambda _: self._toggle())
        line = ipywidgets.HBox(
            [self._line, self._more, self._button], layout=self._shared
        )
        line.add_class("pjk-Line")
        self._chain = ipywidgets.HTML(layout=self._shared)
        self._whole = ipywidgets.HTML(layout=self._shared)
        self._open = ipywidgets.VBox(layout=self._shared)
        self._open.add_class("pjk-Open")
        self._top = line
        self.box = ipywidgets.VBox([line], layout=self._shared)
        self.box.add_class("pjk-Item")

    @property
    def run(self) -> Optional[Run]:
        """The last run."""
        return self._work.run if self._work else None

    @property
    def _is_busy(self) -> bool:
        return self.run is not None and not self.run.is_over

    @property
    def _has_form(self) -> bool:
        several = len(self.task.get("environments") or ()) > 1
        asks = not self.task.get("environment") and several
        return bool(self.task.get("arguments")) or asks

    def _press(self) -> None:
        with self._lock:
            if self._is_busy and self._work is not None:
                self._work.cancel()
                self.paint()
            elif self._has_form and self._ready_form().is_needed:
                self._show_form()
            else:
                self._start()

    def _toggle(self) -> None:
        with self._lock:
            if self._shows_form or self._shows_run:
                self._shows_form = self._shows_run = False
                self.paint()
                return
            self._shows_run = self.run is not None
            if self._has_form and not self._is_busy:
                self._show_form()
            self.paint()

    def _ready_form(self) -> Form:
        if self._form is None:
            self._form = Form(self.task, self._shared, self._preview)
            self._form.run.on_click(lambda _: self._submit())
            self._form.cancel.on_click(lambda _: self._close_form())
        return self._form

    def _show_form(self) -> None:
        self._shows_form = True
        self.paint()
        self._ready_form().focus()
        self._preview()

    def _close_form(self) -> None:
        with self._lock:
            self._shows_form = False
            self.paint()

    def _submit(self) -> None:
        with self._lock:
            if self._ready_form().check():
                self._start()

    def _words(self) -> List[str]:
        form = self._form if self._has_form else None
        place = form.environment if form else None
        before = ["--environment", place] if place else []
        return [*before, self.name, *(form.values if form else ())]

    def _preview(self) -> None:
        form = self._ready_form()

        def answer(result: Dict[str, Any]) -> None:
            steps = (result.get("data") or {}).get("tasks") or [{}]
            form.show_command(steps[-1].get("command"))

        def refuse(error: CallError) -> None:
            details = [str(each) for each in error.data.get("details", ())]
            form.show_refusal([error.message, *details])

        if not form.is_needed or form.environment:
            self._engines.preview(self._words(), answer, refuse)
        else:
            form.show_command(self.task.get("command"))

    def _start(self) -> None:
        self._shows_form, self._shows_run = False, True
        self._log = LogView(self._shared)
        self._work = self._engines.work(self.name, self._words(), Run(self.name))
        self._work.shown_by(self.paint)
        self.paint()
        self._work.start()

    def paint(self) -> int:
        """Show where it stands; gives about how many bytes were sent for that."""
        with self._lock:
            run = self.run
            self._paint_buttons()
            sent = 0
            shown: List[Any] = []
            if self._shows_form and not self._is_busy:
                shown.append(self._ready_form().box)
            if run is not None and self._shows_run:
                sent += _set(self._chain, page.chain(run))
                sent += _set(self._whole, page.whole(run))
                if self._log is not None:
                    sent += self._log.paint(run)
                    said = bool(run.log.pieces)
                    shown += [self._chain] if self._chain.value else []
                    shown += [self._log.box] if said else []
                    shown += [self._whole] if self._whole.value else []
            self._show(shown)
            # what says how it ended comes when all else is there
            return sent + _set(self._line, page.row(self.task, run))

    def _show(self, parts: List[Any]) -> None:
        if tuple(parts) != self._open.children:
            self._open.children = tuple(parts)
        children = (self._top, self._open) if parts else (self._top,)
        if children != self.box.children:
            self.box.children = children

    def _paint_buttons(self) -> None:
        word = "Cancel" if self._is_busy else "Run"
        if self._button.description != word:
            self._button.description = word
            self._button.tooltip = "%s %s" % (word, self.name)
            change = _unclass if self._is_busy else _class
            change(self._button, "pjk-mod-run")
        runs = self.task.get("runs_here", True)
        hides = not runs or (self._shows_form and not self._is_busy)
        (_class if hides else _unclass)(self._button, "pjk-hidden")
        # what could be opened has to have something in it
        run = self.run
        said = run is not None and (len(run.steps) > 1 or bool(run.log.pieces))
        has_more = runs and (self._has_form or said)
        (_unclass if has_more else _class)(self._more, "pjk-hidden")
        is_open = self._shows_form or self._shows_run
        (_class if is_open else _unclass)(self._more, "pjk-is-open")


def _set(widget: Any, value: str) -> int:  # noqa: ANN401  a widget
    if widget.value == value:
        return 0
    widget.value = value
    return len(value)


def _class(widget: Any, name: str) -> None:  # noqa: ANN401
    if name not in widget._dom_classes:  # noqa: SLF001  it has no other way to ask
        widget.add_class(name)


def _unclass(widget: Any, name: str) -> None:  # noqa: ANN401
    if name in widget._dom_classes:  # noqa: SLF001
        widget.remove_class(name)
