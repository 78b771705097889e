"""What has to run for a task, and in which order.

Rules: pixi 0.77.0, the graph of tasks (read 2026-11), with one difference: a cycle
is an error here.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from pixi_jupyter.errors import TaskCycleError, TaskGraphError, UsageError
from pixi_jupyter.tasks.arguments import Given, from_dependency, from_words
from pixi_jupyter.tasks.choice import TaskFinder
from pixi_jupyter.tasks.models import Node, Plan
from pixi_jupyter.tasks.template import context_of, render_pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pixi_jupyter.manifest.compose import Composition, Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.tasks.models import Dependency, Task

MOST_NODES = 5_000
_DEFAULT = "default"


def make_plan(
    composition: Composition,
    words: Sequence[str],
    *,
    environment: str | None,
    executable: bool = False,
    skip_deps: bool = False,
    templated: bool = False,
    platform_of: Callable[[Environment], Platform | None],
) -> Plan:
    """Plan what runs for the words of a command.

    Parameters
    ----------
    composition
        All environments.
    words
        The name of a task and its arguments, or a command. A single word with
        blanks in it is taken apart.
    environment
        The only one where tasks are looked for; None: by the rules.
    executable
        The first word is a program, whatever tasks there are.
    skip_deps
        Nothing runs before the task.
    templated
        The words of a command that is no task are templates.
    platform_of
        The platform of an environment that runs here; None where none does.

    Raises
    ------
    UnknownTaskError, AmbiguousTaskError, TaskPlatformError, TaskCycleError
    MissingArgumentError, SurplusArgumentError, ArgumentChoiceError, TemplateError
    EnvironmentNotFoundError, UsageError
    """
    if environment is not None:
        composition.environment(environment)
    finder = TaskFinder(composition, platform_of)
    apart = _apart(words)
    name = apart[0]
    if executable or not finder.has(name, environment):
        return Plan(
            nodes=(
                Node(
                    number=0,
                    task=None,
                    name=name,
                    environment=environment or _DEFAULT,
                    extra=tuple(words),
                    templated=templated,
                ),
            )
        )
    chosen = finder.choose(name, environment=environment)
    task = finder.tasks(chosen)[name]
    graph = _Graph(finder, environment)
    graph.add(task, chosen, from_words(task, apart[1:]), parent=None)
    if not skip_deps:
        graph.expand()
    return Plan(nodes=tuple(graph.ordered()))


def _apart(words: Sequence[str]) -> list[str]:
    """Take a single word apart as a shell does."""
    if not words or not words[0].strip():
        msg = "run needs the name of a task, or a command"
        raise UsageError(msg)
    if len(words) > 1 or not any(map(str.isspace, words[0])):
        return list(words)
    try:
        return shlex.split(words[0])
    except ValueError as error:
        msg = f"{words[0]!r} cannot be split: {error}"
        raise UsageError(msg) from error


class _Graph:
    """Nodes in the order in which they were found."""

    def __init__(self, finder: TaskFinder, environment: str | None) -> None:
        self._finder = finder
        self._explicit = environment
        self._nodes: list[Node] = []
        self._parents: list[int | None] = []
        self._known: dict[object, int] = {}

    def add(
        self, task: Task, environment: str, given: Given, *, parent: int | None
    ) -> int:
        """Add a run of a task."""
        if len(self._nodes) >= MOST_NODES:
            raise TaskGraphError(self._nodes[0].name, limit=MOST_NODES)
        number = len(self._nodes)
        self._nodes.append(
            Node(
                number=number,
                task=task,
                name=task.name,
                environment=environment,
                arguments=given.arguments,
                twins=given.twins,
                extra=given.extra,
            )
        )
        self._parents.append(parent)
        return number

    def expand(self) -> None:
        """Add what the nodes need, breadth first."""
        number = 0
        while number < len(self._nodes):
            node = self._nodes[number]
            known: list[int] = []
            new: list[tuple[object, int]] = []
            for dependency in node.task.depends_on if node.task else ():
                args = self._rendered(node, dependency)
                key = (
                    dependency.task,
                    tuple((name, value) for name, value, _ in args),
                    dependency.environment,
                )
                if key in self._known:
                    known.append(self._known[key])
                else:
                    new.append((key, self._add_dependency(node, dependency, args)))
            # only now: what stands twice in one list runs twice, as in pixi
            for added, found in new:
                self._known.setdefault(added, found)
            needs = (*known, *(found for _, found in new))
            self._nodes[number] = replace(node, needs=needs)
            number += 1

    def ordered(self) -> Iterator[Node]:
        """Give the nodes depth first, numbered in this order."""
        places: dict[int, int] = {}
        on_way: dict[int, None] = {}
        pending: list[tuple[int, Iterator[int]]] = [(0, iter(self._nodes[0].needs))]
        on_way[0] = None
        while pending:
            number, rest = pending[-1]
            needed = next((each for each in rest if each not in places), None)
            if needed is None:
                pending.pop()
                del on_way[number]
                places[number] = len(places)
                node = self._nodes[number]
                needs = dict.fromkeys(places[each] for each in node.needs)
                yield replace(node, number=places[number], needs=tuple(needs))
            elif needed in on_way:
                way = [*on_way, needed]
                raise TaskCycleError(
                    [self._nodes[each].name for each in way[way.index(needed) :]]
                )
            else:
                on_way[needed] = None
                pending.append((needed, iter(self._nodes[needed].needs)))

    def _rendered(
        self, node: Node, dependency: Dependency
    ) -> list[tuple[str | None, str, str]]:
        """Render what a dependency is given: (name, value, twin)."""
        if not dependency.args:
            return []
        context, twins = self._contexts(node)
        found: list[tuple[str | None, str, str]] = []
        for word in dependency.args:
            name, text = (None, word) if isinstance(word, str) else word
            value, twin = render_pair(
                text, task=node.name, where="depends-on", context=context, twins=twins
            )
            found.append((name, value, twin))
        return found

    def _contexts(self, node: Node) -> tuple[Mapping[str, object], Mapping[str, str]]:
        platform = self._finder.platform(node.environment)
        return context_of(node, platform=platform), node.twins

    def _add_dependency(
        self,
        parent: Node,
        dependency: Dependency,
        args: list[tuple[str | None, str, str]],
    ) -> int:
        wanted = dependency.environment
        if wanted not in self._finder.composition.environments:
            wanted = self._explicit  # as pixi: a name that is none is passed over
        environment = self._finder.choose(
            dependency.task, environment=wanted, needed_by=parent.name
        )
        task = self._finder.tasks(environment)[dependency.task]
        self._refuse_cycle(parent, task, environment)
        given = from_dependency(task, args, needed_by=parent.name)
        return self.add(task, environment, given, parent=parent.number)

    def _refuse_cycle(self, parent: Node, task: Task, environment: str) -> None:
        """Refuse a task that needs itself, with whatever arguments."""
        way: list[str] = []
        number: int | None = parent.number
        while number is not None:
            node = self._nodes[number]
            way.append(node.name)
            if (node.name, node.environment) == (task.name, environment):
                raise TaskCycleError([*reversed(way), task.name])
            number = self._parents[number]
