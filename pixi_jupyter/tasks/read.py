"""Tasks as the manifest has them, read into values.

The manifest's tables were checked when it was read; nothing is judged here again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.tasks.models import Argument, Dependency, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform


def tasks_of(environment: Environment, platform: Platform) -> dict[str, Task]:
    """Give the tasks of an environment on a platform, by name."""
    written = environment.tasks(platform)
    return {name: read_task(name, each) for name, each in written.items()}


def read_task(name: str, written: object) -> Task:
    """Read one task.

    Parameters
    ----------
    name
        Its name.
    written
        What stands behind it: a command, a list of tasks, or a table.
    """
    match written:
        case str():
            return Task(name=name, command=written)
        case dict():
            return _from_table(name, written)
        case _:
            return Task(name=name, depends_on=_dependencies(written))


def _from_table(name: str, table: Mapping[str, Any]) -> Task:
    command = table.get("cmd")
    needs = table.get("depends-on", table.get("depends_on", ()))
    return Task(
        name=name,
        command=_words(command) if isinstance(command, list) else command,
        cwd=table.get("cwd"),
        env=dict(table.get("env", {})),
        depends_on=_dependencies(needs),
        inputs=_words(table.get("inputs")),
        outputs=_words(table.get("outputs")),
        args=_arguments(table.get("args")),
        default_environment=table.get("default-environment"),
        description=table.get("description"),
        clean_env=table.get("clean-env", False),
    )


def _words(value: Any) -> tuple[str, ...] | None:  # noqa: ANN401  a table's value
    return None if value is None else tuple(value)


def _arguments(value: Any) -> tuple[Argument, ...] | None:  # noqa: ANN401  a table's value
    if value is None:
        return None
    tables = [{"arg": each} if isinstance(each, str) else each for each in value]
    return tuple(
        Argument(
            name=table["arg"],
            default=table.get("default"),
            choices=_words(table.get("choices")),
        )
        for table in tables
    )


def _dependencies(value: Any) -> tuple[Dependency, ...]:  # noqa: ANN401  a table's value
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(_dependency(item) for item in items)


def _dependency(item: Any) -> Dependency:  # noqa: ANN401  a table's value
    if isinstance(item, str):
        return Dependency(task=item)
    return Dependency(
        task=item["task"],
        args=tuple(
            word if isinstance(word, str) else next(iter(word.items()))
            for word in item.get("args", ())
        ),
        environment=item.get("environment"),
    )
