"""Values for the arguments of a task.

Rules: pixi 0.77.0, arguments of tasks (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    ArgumentChoiceError,
    MissingArgumentError,
    SurplusArgumentError,
)
from pixi_jupyter.tasks.structure import twin_of
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.tasks.models import Argument, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a task is given."""

    arguments: Mapping[str, str]
    """The value of each declared argument."""
    twins: Mapping[str, str]
    """The twins of those that the manifest does not say itself."""
    extra: tuple[str, ...]
    """Words passed through."""


def from_words(task: Task, words: Sequence[str]) -> Given:
    """Fill in what a person wrote behind the name of a task.

    Parameters
    ----------
    task
        The task.
    words
        Values in order; behind a ``--`` all is passed through. For a task that
        declares no arguments all is, and one leading ``--`` is dropped.

    Raises
    ------
    MissingArgumentError, SurplusArgumentError, ArgumentChoiceError
    """
    if task.args is None:
        extra = tuple(words[1:] if words and words[0] == "--" else words)
        _refuse_extra(task, extra)
        return Given(arguments={}, twins={}, extra=extra)
    end = list(words).index("--") if "--" in words else len(words)
    values, extra = words[:end], tuple(words[end + 1 :])
    if len(values) > len(task.args):
        raise SurplusArgumentError(
            task.name,
            argument=values[len(task.args)],
            arguments=[each.name for each in task.args],
        )
    _refuse_extra(task, extra)
    given = dict(zip((each.name for each in task.args), values, strict=False))
    twins = {name: twin_of(value) for name, value in given.items()}
    return _filled(task, given, twins, extra=extra, needed_by="")


def from_dependency(
    task: Task,
    args: Sequence[tuple[str | None, str, str]],
    *,
    needed_by: str,
) -> Given:
    """Fill in what a task that depends on another gives it.

    Parameters
    ----------
    task
        The task that is given something.
    args
        (name or None, value, twin), rendered.
    needed_by
        The task that depends on it.

    Raises
    ------
    MissingArgumentError, SurplusArgumentError, ArgumentChoiceError
    """
    if task.args is None:
        extra = tuple(
            value if name is None else f"{name}={value}" for name, value, _ in args
        )
        _refuse_extra(task, extra, needed_by=needed_by)
        return Given(arguments={}, twins={}, extra=extra)
    declared = [each.name for each in task.args]
    given: dict[str, str] = {}
    twins: dict[str, str] = {}
    for number, (name, value, twin) in enumerate(args):
        if name is None and number < len(declared):
            slot = declared[number]
        elif name in declared:
            slot = name
        else:
            raise SurplusArgumentError(
                task.name,
                argument=value if name is None else name,
                arguments=declared,
                needed_by=needed_by,
            )
        if slot not in given:  # what stands in order wins
            given[slot], twins[slot] = value, twin
    return _filled(task, given, twins, extra=(), needed_by=needed_by)


def _filled(
    task: Task,
    given: Mapping[str, str],
    twins: Mapping[str, str],
    *,
    extra: tuple[str, ...],
    needed_by: str,
) -> Given:
    values: dict[str, str] = {}
    untrusted: dict[str, str] = {}
    for argument in task.args or ():
        value = given.get(argument.name, argument.default)
        if value is None:
            raise MissingArgumentError(
                task.name,
                argument=argument.name,
                choices=argument.choices,
                needed_by=needed_by,
            )
        _check_choice(task, argument, value)
        values[argument.name] = value
        if not _is_declared(argument, value) and argument.name in twins:
            untrusted[argument.name] = twins[argument.name]
    return Given(arguments=values, twins=untrusted, extra=extra)


def _check_choice(task: Task, argument: Argument, value: str) -> None:
    if argument.choices is not None and value not in argument.choices:
        raise ArgumentChoiceError(
            task.name, argument=argument.name, value=value, choices=argument.choices
        )


def _is_declared(argument: Argument, value: str) -> bool:
    """Tell whether the manifest says the value itself."""
    return value == argument.default or value in (argument.choices or ())


def _refuse_extra(task: Task, extra: tuple[str, ...], *, needed_by: str = "") -> None:
    """Refuse words for an alias, which has no command to pass them to."""
    if extra and task.command is None:
        raise SurplusArgumentError(
            task.name,
            argument=extra[0],
            arguments=[each.name for each in task.args or ()],
            needed_by=needed_by,
        )
