"""Tasks, the nodes of a graph of them, and the plan that runs them.

Source of the rules: pixi 0.77.0, tasks (read 2026-11).
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A value that a task asks for."""

    name: str
    default: str | None = None
    """None: it has to be given."""
    choices: tuple[str, ...] | None = None
    """None: anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A task that runs before another."""

    task: str
    args: tuple[str | tuple[str, str], ...] = ()
    """Values in order, or (name, value); may hold templates."""
    environment: str | None = None
    """As written; None: looked for as any task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the manifest says of one task."""

    name: str
    command: str | tuple[str, ...] | None = None
    """None: an alias, which only groups others."""
    cwd: str | None = None
    """Relative to the workspace's root; None: the root."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables; values may hold templates and are expanded by the shell."""
    depends_on: tuple[Dependency, ...] = ()
    inputs: tuple[str, ...] | None = None
    """Globs; None where none are declared."""
    outputs: tuple[str, ...] | None = None
    args: tuple[Argument, ...] | None = None
    """None where none are declared: words are then passed through."""
    default_environment: str | None = None
    description: str | None = None
    clean_env: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether lists leave it out."""
        return self.name.startswith("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One run of a task, or of a command that is no task."""

    number: int
    """Its place in the plan, from 0."""
    task: Task | None
    """None: a command that is no task."""
    name: str
    """Of the task; of a command, its first word."""
    environment: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    """The value of each declared argument."""
    twins: Mapping[str, str] = field(default_factory=dict)
    """For each argument that came from outside of the manifest: the value with all
    that could mean something to a shell made harmless; see `tasks.structure`."""
    extra: tuple[str, ...] = ()
    """Words passed through. Of a command, all its words; a single one is shell text."""
    templated: bool = False
    """Whether the words of a command are a template."""
    needs: tuple[int, ...] = ()
    """Numbers of the nodes that run before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What runs, dependencies first; the last is what was asked for."""

    nodes: tuple[Node, ...]

    @property
    def asked(self) -> Node:
        """What was asked for."""
        return self.nodes[-1]
