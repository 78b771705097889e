"""The widget in which the arguments of a task are filled in."""

from typing import Any, Callable, Dict, List, Optional

import ipywidgets

from . import page

ENVIRONMENT = "environment"


class Form:
    """A field for each argument, the command that comes of them, and two buttons.

    Parameters
    ----------
    task
        As the command `tasks` tells of it.
    shared
        The layout of boxes.
    on_change
        Called when something was filled in.
    """

    def __init__(
        self,
        task: Dict[str, Any],
        shared: ipywidgets.Layout,
        on_change: Callable[[], None],
    ) -> None:
        self._arguments = list(task.get("arguments") or ())
        self._fields: List[Any] = [_field(each) for each in self._arguments]
        self._hints = [ipywidgets.HTML(page.hint(each)) for each in self._arguments]
        lines = list(zip(self._fields, self._hints))  # noqa: B905  3.8 has no strict
        self._place = _place(task)
        if self._place is not None:
            note = "Several environments have this task"
            small = '<small class="pjk-meta">%s</small>' % note
            lines.append((self._place, ipywidgets.HTML(small)))
        rows = [ipywidgets.Box(line, layout=shared) for line in lines]
        for row in rows:
            row.add_class("pjk-Argument")
        self.run = ipywidgets.Button(description="Run")
        self.run.add_class("pjk-mod-accept")
        self.cancel = ipywidgets.Button(description="Cancel")
        self._command = ipywidgets.HTML(page.command(task.get("command")))
        acts = ipywidgets.HBox([self.run, self.cancel, self._command], layout=shared)
        acts.add_class("pjk-acts")
        self.box = ipywidgets.VBox([*rows, acts], layout=shared)
        self.box.add_class("pjk-Form")
        for field, _ in lines:
            field.observe(lambda _: on_change(), "value")

    @property
    def values(self) -> List[str]:
        """What is filled in, in the order of the arguments."""
        return [str(field.value) for field in self._fields]

    @property
    def environment(self) -> Optional[str]:
        """What was chosen, where there is a choice."""
        return None if self._place is None else str(self._place.value)

    @property
    def is_needed(self) -> bool:
        """Whether nothing can run before somebody has filled in something."""
        return self._place is not None or any(self._missing)

    @property
    def _missing(self) -> List[bool]:
        return [
            each.get("default") is None and not field.value
            for each, field in zip(self._arguments, self._fields)  # noqa: B905
        ]

    def check(self) -> bool:
        """Mark what is missing, and tell whether all is there."""
        missing = self._missing
        parts = zip(self._arguments, self._hints, missing)  # noqa: B905
        for each, hint, is_missing in parts:
            hint.value = page.hint(each, missing=is_missing)
        if any(missing):
            self._fields[missing.index(True)].focus()
        return not any(missing)

    def focus(self) -> None:
        """Let what is typed go into the first field."""
        first = self._fields[0] if self._fields else self._place
        if first is not None:
            first.focus()

    def show_command(self, text: Optional[str]) -> None:
        """Show what would run."""
        self._command.value = page.command(text)

    def show_refusal(self, lines: List[str]) -> None:
        """Show why nothing would."""
        self._command.value = page.refusal(lines)


def _field(argument: Dict[str, Any]) -> Any:  # noqa: ANN401  one of two widgets
    name, default = str(argument["name"]), argument.get("default")
    choices = [str(each) for each in argument.get("choices") or ()]
    if choices:
        value = default if default in choices else choices[0]
        return ipywidgets.Dropdown(options=choices, value=value, description=name)
    return ipywidgets.Text(value=default or "", description=name)


def _place(task: Dict[str, Any]) -> Any:  # noqa: ANN401  a widget or None
    places = [str(each) for each in task.get("environments") or ()]
    if task.get("environment") or len(places) < 2:  # noqa: PLR2004  nothing to choose
        return None
    return ipywidgets.Dropdown(options=places, description=ENVIRONMENT)
