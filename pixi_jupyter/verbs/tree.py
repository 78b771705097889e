"""Show which package of an environment needs which.

What is shown and in which order: pixi 0.77.0, `tree` (read 2026-11).
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import PackageNotLockedError, UsageError
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.install import current_solution
from pixi_jupyter.verbs.request import LockingRequest
from pixi_jupyter.workspace.graph import Node, package_graph
from pixi_jupyter.workspace.hosts import locked_platform, platform_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pixi_jupyter.events import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRequest(LockingRequest):
    """Which environment, and which of its packages."""

    environment: str = "default"
    platform: str | None = None
    regex: str | None = None
    """What the names at the top have to match."""
    invert: bool = False
    """Show what needs a package, not what it needs."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a tree."""

    node: Node
    guide: str = ""
    """What stands before the name: ``│   ├── ``."""
    extras: tuple[str, ...] = ()
    """Of the package above, for which this one is needed."""
    is_again: bool = False
    """Whether it was shown before, with all that is below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeResult:
    """The packages of one environment on one platform, and how they hang together."""

    environment: str
    platform: str
    roots: tuple[str, ...]
    """Names at the top."""
    nodes: Mapping[str, Node] = field(repr=False)
    """All packages of the environment, by name."""
    invert: bool = False
    is_transitive: bool = False
    """Whether nothing that the manifest names fits, so that others are at the top."""

    def branches(self) -> Iterator[Branch]:
        """Give the lines of the tree from top to bottom."""
        seen: set[str] = set()
        flat = self.invert or self.is_transitive
        roots = self.roots if self.invert else self._tops()
        for number, name in enumerate(roots, start=1):
            is_again = name in seen
            seen.add(name)
            is_last = number == len(roots)
            guide = "" if flat else ("└── " if is_last else "├── ")
            yield Branch(self.nodes[name], guide, (), is_again)
            if not is_again:
                below = "" if flat else ("    " if is_last else "│   ")
                yield from self._below(name, below, seen)

    def _tops(self) -> list[str]:
        """Leave out what stands below one that comes before it."""
        found: list[str] = []
        seen: set[str] = set()
        for name in self.roots:
            if name not in seen:
                found.append(name)
                seen.update(self.depths([name]))
        return found

    def _below(self, top: str, indent: str, seen: set[str]) -> Iterator[Branch]:
        """Walk without recursion: a chain of packages may be long."""
        stack = [(indent, iter(self._next(top)))]
        while stack:
            indent, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                continue
            name, extras, is_last = step
            is_again = name in seen
            seen.add(name)
            node = self.nodes.get(name) or Node(name=name, version="", kind="conda")
            guide = indent + ("└── " if is_last else "├── ")
            yield Branch(node, guide, extras, is_again)
            if not is_again:
                inside = indent + ("    " if is_last else "│   ")
                stack.append((inside, iter(self._next(name))))

    def _next(self, name: str) -> list[tuple[str, tuple[str, ...], bool]]:
        node = self.nodes.get(name)
        if node is None:
            return []
        found: list[tuple[str, tuple[str, ...]]] = (
            [(parent, ()) for parent in node.needed_by]
            if self.invert
            else [(need.name, need.extras) for need in node.needs]
        )
        return [(*each, n == len(found)) for n, each in enumerate(found, start=1)]

    def depths(self, tops: Iterable[str] | None = None) -> dict[str, int]:
        """Tell how far below the top each package is, along the shortest way.

        Parameters
        ----------
        tops
            None: the roots.
        """
        found = dict.fromkeys(self.roots if tops is None else tops, 0)
        queue = list(found)
        for name in queue:
            for below, _, _ in self._next(name):
                if below not in found and below in self.nodes:
                    found[below] = found[name] + 1
                    queue.append(below)
        return found

    def to_json(self) -> list[dict[str, Any]]:
        """Give each package that is shown once, those at the top first.

        A flat list, because a package may hang below many others: nested, it would
        stand there as often, or be cut off at all places but one.
        """
        depths = self.depths()
        return [
            {
                "name": node.name,
                "version": node.version,
                "kind": node.kind,
                "depth": depths[node.name],
                "is_explicit": node.is_explicit,
                "depends": [need.name for need in node.needs],
                "required_by": list(node.needed_by),
            }
            for node in sorted(
                (self.nodes[name] for name in depths),
                key=lambda node: (depths[node.name], node.name),
            )
        ]


async def tree(request: TreeRequest, operation: Operation) -> TreeResult:
    """Read from the lock what the packages of an environment need.

    Raises
    ------
    EnvironmentNotFoundError, PlatformNotDeclaredError, UsageError
    PackageNotLockedError
        If no package matches.
    SolveError
        Where the lock did not fit and could not be made to.
    """
    if request.invert and not request.regex:
        msg = "--invert needs the name of a package"
        raise UsageError(msg, hints=("{command} tree --invert PACKAGE",))
    pattern = _pattern(request.regex)
    current = await current_solution(
        request,
        operation,
        environments=[request.environment],
        platform=request.platform,
    )
    environment = current.workspace.composition.environment(request.environment)
    platform = platform_named(environment, request.platform) or locked_platform(
        current.workspace, environment
    )
    nodes = package_graph(current.solution, environment, platform)
    explicit = [name for name, node in nodes.items() if node.is_explicit]
    matching = [name for name in nodes if pattern.search(name)]
    at_top = [name for name in matching if name in explicit]
    if request.regex and not matching:
        raise PackageNotLockedError(
            request.regex,
            environments=[environment.name],
            available=nodes,
            verb="tree --invert" if request.invert else "tree",
            is_pattern=True,
        )
    is_transitive = bool(request.regex) and not at_top and not request.invert
    return TreeResult(
        environment=environment.name,
        platform=platform.name,
        roots=tuple(matching if request.invert or is_transitive else at_top),
        nodes=nodes,
        invert=request.invert,
        is_transitive=is_transitive,
    )


def _pattern(regex: str | None) -> re.Pattern[str]:
    try:
        return re.compile(regex or "")
    except re.error as error:
        msg = f"{regex!r} is no regular expression"
        raise UsageError(msg) from error
