"""Tables of tasks: what cannot be run, said where it stands.

Rules: pixi 0.77.0, tasks and their validation (read 2026-11). Tasks are kept as
written; they are read for good when one is run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_WITHOUT_COMMAND = ("depends-on", "depends_on", "description", "args")
_DEPENDENCY_KEYS = ("task", "args", "environment")
_ENVIRONMENT = re.compile(r"[a-z0-9-]+")


def check_tasks(table: Mapping[str, Any], source: Source, keys: Keys) -> None:
    """Check a table of tasks.

    Parameters
    ----------
    table
        Tasks by name, as written.
    source
        The manifest's text; is given what is wrong.
    keys
        Path of the table.
    """
    for name, task in table.items():
        if isinstance(task, str):
            continue
        here = (*keys, name)
        with source.keep:
            if isinstance(task, list):
                _check_dependencies(task, source, here)
            else:
                _check_task(task, source, here)


def _check_task(task: Mapping[str, Any], source: Source, here: Keys) -> None:
    if "depends-on" in task and "depends_on" in task:
        reason = "`depends_on` is the old name of `depends-on`; only one can be there"
        raise source.error((*here, "depends_on"), reason, at="key")
    if "cmd" not in task:
        for key in task:
            if key not in _WITHOUT_COMMAND:
                reason = "a task without `cmd` cannot have this"
                raise source.error((*here, key), reason, at="key")
    for key in ("depends-on", "depends_on"):
        if key in task:
            inside = (*here, key)
            value = task[key]
            if not isinstance(value, list):
                _check_dependency(value, source, inside)
            else:
                _check_dependencies(value, source, inside, texts=True)
    if name := task.get("default-environment"):
        _check_environment(name, source, (*here, "default-environment"))
    _check_arguments(task.get("args", []), source, (*here, "args"))


def _check_arguments(args: Sequence[Any], source: Source, here: Keys) -> None:
    optional = ""
    for number, argument in enumerate(args):
        table = {"arg": argument} if isinstance(argument, str) else argument
        word, inside = table["arg"], (*here, number)
        if word == "pixi" or "-" in word:
            reason = "a name other than `pixi`, without `-`, belongs here"
            raise source.error(inside, reason, hint=f'"{word.replace("-", "_")}"')
        choices = table.get("choices")
        if choices == []:
            raise source.error((*inside, "choices"), "there is nothing to choose from")
        default = table.get("default")
        if choices is not None and default is not None and default not in choices:
            reason = f"`{default}` is not one of the choices"
            close = nearest(default, choices)
            hint = f'did you mean "{close}"?' if close else ""
            raise source.error((*inside, "default"), reason, hint=hint)
        if default is not None:
            optional = word
        elif optional:
            reason = f"`{word}` needs a default, because `{optional}` before it has one"
            raise source.error(inside, reason)


def _check_dependencies(
    items: Sequence[Any], source: Source, here: Keys, *, texts: bool = False
) -> None:
    for number, item in enumerate(items):
        if isinstance(item, str) and not texts:
            reason = "a task given as an array holds tables only"
            hint = f'{{ task = "{item}" }}'
            raise source.error((*here, number), reason, hint=hint)
        _check_dependency(item, source, (*here, number))


def _check_dependency(item: object, source: Source, here: Keys) -> None:
    if isinstance(item, str):
        return
    if not isinstance(item, dict):
        raise source.error(here, "the name of a task or a table belongs here")
    table: dict[str, Any] = item
    for key in table:
        if key not in _DEPENDENCY_KEYS:
            close = nearest(key, _DEPENDENCY_KEYS)
            hint = f"did you mean `{close}`?" if close else ""
            reason = "no such key belongs here"
            raise source.error((*here, key), reason, hint=hint, at="key")
    if not isinstance(table.get("task"), str):
        raise source.error(here, "`task` is missing", hint='{ task = "NAME" }')
    if "environment" in table:
        _check_environment(table["environment"], source, (*here, "environment"))
    _check_words(table.get("args", []), source, (*here, "args"))


def _check_words(words: object, source: Source, here: Keys) -> None:
    if not isinstance(words, list):
        raise source.error(here, "an array belongs here")
    is_named = False
    for number, word in enumerate(words):
        match word:
            case str() if is_named:
                reason = "an argument without a name cannot follow one with a name"
                raise source.error((*here, number), reason)
            case str():
                continue
            case dict() if len(word) == 1 and isinstance(
                next(iter(word.values())), str
            ):
                is_named = True
            case _:
                reason = "a string or a table with one key belongs here"
                raise source.error((*here, number), reason)


def _check_environment(name: object, source: Source, here: Keys) -> None:
    if not isinstance(name, str) or not _ENVIRONMENT.fullmatch(name):
        reason = "the name of an environment belongs here: a-z, 0-9 and `-`"
        raise source.error(here, reason)
