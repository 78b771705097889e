"""Templates in tasks: what they can see, and their text.

Source: pixi 0.77.0, templates of tasks (read 2026-11). A text without a template
never loads the engine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pixi_jupyter._version import PIXI_VERSION
from pixi_jupyter.errors import TemplateError
from pixi_jupyter.platforms import is_unix
from pixi_jupyter.tasks.structure import is_aligned, twin_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.tasks.models import Node

_TEMPLATE = re.compile(r"\{[{%#]")
_PLAIN = re.compile(
    r"(?<!\{)\{\{\s*([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?\s*\}\}", re.ASCII
)
_CONSTANTS = frozenset(("true", "false", "none", "True", "False", "None"))
_PLACES = ("manifest_path", "init_cwd")


def is_template(text: str) -> bool:
    """Tell whether a text holds a template."""
    return _TEMPLATE.search(text) is not None


def context_of(
    node: Node,
    *,
    platform: Platform | None,
    manifest: Path | None = None,
    init_cwd: Path | None = None,
) -> dict[str, object]:
    """Give what a task's templates can see.

    Parameters
    ----------
    node
        The run of a task.
    platform
        The platform of its environment.
    manifest, init_cwd
        The manifest, and where the command was given; None where templates cannot
        see them: in what a task gives to those it depends on.
    """
    subdir = platform.subdir if platform else ""
    pixi: dict[str, object] = {
        "platform": platform.name if platform else "",
        "environment": {"name": node.environment},
        "version": PIXI_VERSION,
        "is_win": subdir.startswith("win-"),
        "is_unix": is_unix(subdir),
        "is_linux": subdir.startswith("linux-"),
        "is_osx": subdir.startswith("osx-"),
    }
    if manifest is not None:
        pixi["manifest_path"] = str(manifest)
    if init_cwd is not None:
        pixi["init_cwd"] = str(init_cwd)
    return {**node.arguments, "pixi": pixi}


def outside_values(node: Node, context: Mapping[str, object]) -> dict[str, str]:
    """Give the values that the manifest does not say, by their names in templates."""
    found = {name: node.arguments[name] for name in node.twins}
    pixi = context.get("pixi")
    if isinstance(pixi, dict):
        found |= {f"pixi.{key}": pixi[key] for key in _PLACES if key in pixi}
    return found


def with_values(
    context: Mapping[str, object], values: Mapping[str, str]
) -> dict[str, object]:
    """Put other values into a context; a name may begin with ``pixi.``."""
    changed = dict(context)
    for name, value in values.items():
        if name.startswith("pixi."):
            inner = changed["pixi"]
            inside = dict(inner) if isinstance(inner, dict) else {}
            changed["pixi"] = {**inside, name.removeprefix("pixi."): value}
        else:
            changed[name] = value
    return changed


def render(text: str, *, task: str, where: str, context: Mapping[str, object]) -> str:
    """Render a text.

    Parameters
    ----------
    text
        With or without a template.
    task, where
        The task and the key in it, for the error.
    context
        What the template can see.

    Raises
    ------
    TemplateError
    """
    if not is_template(text):
        return text
    plain = _plainly(text, context)
    if plain is not None:
        return plain
    from pixi_jupyter.tasks.minijinja import Problem, rendered

    try:
        return rendered(text, context)
    except Problem as problem:
        lines = text.splitlines()
        line = problem.line
        raise TemplateError(
            task,
            key=where,
            reason=problem.reason,
            line=line if len(lines) > 1 else None,
            source_line=lines[line - 1] if line and line <= len(lines) else "",
            hint=problem.hint,
        ) from problem


def _plainly(text: str, context: Mapping[str, object]) -> str | None:
    """Put in values where a template does nothing else; the engine takes 50 ms."""
    if is_template(_PLAIN.sub("", text)):
        return None
    values: list[str] = []
    for name, inner in _PLAIN.findall(text):
        value = context.get(name)
        if inner and isinstance(value, dict):
            value = value.get(inner)
        elif inner:
            return None
        if not isinstance(value, str) or name in _CONSTANTS:
            return None
        values.append(value)
    rest = iter(values)
    return _PLAIN.sub(lambda _: next(rest), text.removesuffix("\n"))


def render_pair(
    text: str,
    *,
    task: str,
    where: str,
    context: Mapping[str, object],
    twins: Mapping[str, str],
) -> tuple[str, str]:
    """Render a text with values and with their twins.

    Returns
    -------
    tuple of str
        The text, and its twin: equal to it where the manifest says all of it.

    Raises
    ------
    TemplateError
    """
    value = render(text, task=task, where=where, context=context)
    risky = any(context.get(name) != twin for name, twin in twins.items())
    if not risky or not is_template(text):
        return value, value
    twin = rendered_twin(text, task=task, where=where, context={**context, **twins})
    if twin is None or not is_aligned(value, twin):
        return value, twin_of(value)
    return value, twin


def rendered_twin(
    text: str, *, task: str, where: str, context: Mapping[str, object]
) -> str | None:
    """Render a text with twins; None where they cannot be rendered."""
    try:
        return render(text, task=task, where=where, context=context)
    except TemplateError:
        return None
