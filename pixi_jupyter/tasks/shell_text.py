"""The text that the task shell is given.

Rules: pixi 0.77.0, rendering and quoting (read 2026-11). A value from outside of the
manifest is inserted as text, and refused where it would change the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import ShellArgumentError
from pixi_jupyter.tasks.quoting import appended, element, escaped, quoted
from pixi_jupyter.tasks.structure import (
    TWIN,
    becomes_command,
    changes_number,
    digits_hidden,
    first_character,
    is_changed,
    redirects_empty,
    twin_of,
)
from pixi_jupyter.tasks.template import (
    is_template,
    outside_values,
    render,
    rendered_twin,
    with_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pixi_jupyter.tasks.models import Node

_PASSED = "the words passed through"


def script_of(
    node: Node, context: Mapping[str, object], *, allow_shell_arguments: bool = False
) -> str:
    """Give the text of a node's command, without exports.

    Parameters
    ----------
    node
        The node; an alias has an empty text.
    context
        What its templates can see; from `template.context_of`.
    allow_shell_arguments
        Values may change the command.

    Raises
    ------
    TemplateError, ShellArgumentError
    """
    if node.task is None:
        return _ad_hoc(node, context)
    command = node.task.command
    if command is None:
        return ""
    if isinstance(command, str):
        text = _Text(node, "cmd", (command,), _as_it_is)
    else:
        text = _Text(node, "cmd", command, _as_list)
    script = appended(text.with_context(context), node.extra)
    if not allow_shell_arguments:
        _check(text, context, script)
        _check_extra(text, context, script)
    return script


def exports_of(
    node: Node, context: Mapping[str, object], *, allow_shell_arguments: bool = False
) -> str:
    """Give what stands in front of the command: a task's own variables.

    Raises
    ------
    TemplateError, ShellArgumentError
    """
    found: list[str] = []
    for name, value in (node.task.env if node.task else {}).items():
        text = _Text(node, f"env.{name}", (f"{name}={value}",), _as_export)
        made = text.with_context(context)
        if not allow_shell_arguments:
            _check(text, context, made)
        found.append(made)
    return "".join(found)


class _Text:
    """A text made of templates."""

    def __init__(
        self,
        node: Node,
        key: str,
        parts: tuple[str, ...],
        joined: Callable[[list[str], list[str]], str],
    ) -> None:
        self.node, self.key = node, key
        self._parts, self._joined = parts, joined
        self._rendered: list[str] = []

    @property
    def is_template(self) -> bool:
        return any(map(is_template, self._parts))

    def with_context(self, context: Mapping[str, object]) -> str:
        """Render with the values."""
        self._rendered = [
            render(part, task=self.node.name, where=self.key, context=context)
            for part in self._parts
        ]
        return self._joined(self._rendered, self._rendered)

    def with_twins(
        self, context: Mapping[str, object], twins: Mapping[str, str]
    ) -> str | None:
        """Render with twins; None where the template refuses them."""
        changed = with_values(context, twins)
        parts = [
            rendered_twin(part, task=self.node.name, where=self.key, context=changed)
            for part in self._parts
        ]
        known = [part for part in parts if part is not None]
        return self._joined(known, self._rendered) if len(known) == len(parts) else None


def _as_it_is(parts: list[str], models: list[str]) -> str:
    del models
    return parts[0]


def _as_list(parts: list[str], models: list[str]) -> str:
    return " ".join(map(element, parts, models))


def _as_export(parts: list[str], models: list[str]) -> str:
    return f'export "{escaped(parts[0], models[0], chr(34))}";\n'


def _ad_hoc(node: Node, context: Mapping[str, object]) -> str:
    words = node.extra
    if node.templated:
        words = tuple(
            render(word, task=node.name, where="the command", context=context)
            for word in words
        )
    return words[0] if len(words) == 1 else " ".join(map(quoted, words))


def _check(text: _Text, context: Mapping[str, object], made: str) -> None:
    """Refuse values that change a text."""
    if not text.is_template:
        return
    node = text.node
    values = outside_values(node, context)
    twins = {
        name: node.twins[name] if name in node.twins else twin_of(value)
        for name, value in values.items()
    }
    risky = {name: twin for name, twin in twins.items() if twin != values[name]}
    made = text.with_context(context)
    if risky and _is_changed(text, context, made, risky, values.values()):
        raise _blamed(text, context, values, risky)
    if any(char in made for char in "<>)"):
        _check_places(text, context, made, values)


def _check_places(
    text: _Text, context: Mapping[str, object], made: str, values: Mapping[str, str]
) -> None:
    """Refuse values in places where this shell makes more of a word than a word."""
    empty = {name: TWIN for name, value in values.items() if not value}
    filled = text.with_twins(context, empty) if empty else None
    if filled is not None and redirects_empty(made, filled):
        raise _refused(text, next(iter(empty)), "", "")
    hidden = {name: digits_hidden(value) for name, value in values.items()}
    other = text.with_twins(context, hidden)
    if other is not None and changes_number(made, other):
        name = next(each for each in values if hidden[each] != values[each])
        raise _refused(text, name, values[name], values[name][-1])
    for name, value in values.items():
        whole = text.with_twins(context, {name: TWIN * len(value)})
        if whole is not None and value and becomes_command(whole):
            raise _refused(text, name, value, "")


def _is_changed(
    text: _Text,
    context: Mapping[str, object],
    made: str,
    twins: Mapping[str, str],
    values: Iterable[str],
) -> bool:
    twin = text.with_twins(context, twins)
    return is_changed(made, "" if twin is None else twin, tuple(values))


def _blamed(
    text: _Text,
    context: Mapping[str, object],
    values: Mapping[str, str],
    twins: Mapping[str, str],
) -> ShellArgumentError:
    """Find the value, and the character in it, that is to blame."""
    for name, twin in twins.items():
        rest = {each: other for each, other in twins.items() if each != name}
        base = with_values(context, rest)
        alone = _Text(text.node, text.key, text._parts, text._joined)  # noqa: SLF001  its own class
        mine = alone.with_context(base)
        value = values[name]
        if not _is_changed(alone, base, mine, {name: twin}, [value]):
            continue
        for char in dict.fromkeys(value):
            if twin_of(char) != TWIN:
                continue
            only = "".join(
                old if old in (char, new) else new
                for old, new in zip(value, twin, strict=True)
            )
            one = with_values(base, {name: only})
            mine = alone.with_context(one)
            if _is_changed(alone, one, mine, {name: twin}, [only]):
                return _refused(text, name, value, char)
        return _refused(text, name, value, first_character(value))
    name = next(iter(twins))
    return _refused(text, name, values[name], first_character(values[name]))


def _check_extra(text: _Text, context: Mapping[str, object], script: str) -> None:
    """Refuse to pass words through where they would not be words of the command."""
    extra = text.node.extra
    if not extra:
        return
    made = text.with_context(context)
    twins = tuple(TWIN * len(word.replace("'", "'\"'\"'")) for word in extra)
    harmless = appended(made, twins)
    words = " ".join(extra)
    behind = len(made.rstrip())
    if is_changed_behind(script, harmless, behind):
        raise _refused(text, _PASSED, words, "")


def is_changed_behind(script: str, harmless: str, at: int) -> bool:
    """Tell whether words behind a command are anything but its arguments."""
    from pixi_jupyter.tasks.shape import shape_of

    shape, other = shape_of(script), shape_of(harmless)
    if not shape.is_whole or not other.is_whole:
        return True
    if any(start >= at for start in other.commands):
        return True
    states = other.states[at:]
    return set(states) - set(" qs") != set() or "#" in shape.states[at:]


def _refused(
    text: _Text, argument: str, value: str, character: str
) -> ShellArgumentError:
    return ShellArgumentError(
        text.node.name,
        argument=argument,
        value=value,
        character=character,
        key=text.key,
    )
