"""Which package needs which, and scripts for shells, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.plain.changed import noted
from pixi_jupyter.commands.text import Line, Rendered, Span, count, line

if TYPE_CHECKING:
    from pixi_jupyter.verbs.shell_hook import ShellHookResult
    from pixi_jupyter.verbs.tree import Branch, TreeResult


def tree(result: TreeResult) -> Rendered:
    """Show the packages of an environment as a tree, in pixi's form."""
    heading = line(Span(result.environment, "bold"), f"   {tree_words(result)}")
    notes = noted(tree_notes(result))
    return Rendered(stdout=tuple(tree_lines(result)), stderr=(heading, *notes, ()))


def shell_hook(result: ShellHookResult) -> Rendered:
    """Show a script as it is, for a shell to read."""
    if result.variables is None:
        return Rendered(stdout=(line(result.script),))
    rows = [line(f"{name}={value}") for name, value in result.variables.items()]
    return Rendered(stdout=tuple(rows))


def tree_words(result: TreeResult) -> str:
    """Say how much there is, as ``148 packages, 9 of them explicit, linux-64``."""
    explicit = sum(node.is_explicit for node in result.nodes.values())
    amount = count(len(result.nodes), "package")
    return f"{amount}, {explicit} of them explicit, {result.platform}"


def tree_notes(result: TreeResult) -> list[str]:
    """Say what else there is to know."""
    if not result.is_transitive:
        return []
    return ["the manifest itself names no such package, others of the lock do match"]


def tree_lines(result: TreeResult) -> list[Line]:
    """Give the lines of the tree; what was shown before is marked with ``(*)``."""
    lines: list[Line] = []
    for branch in result.branches():
        if lines and not branch.guide:
            lines.append(())
        lines.append(_branch_line(branch))
    return lines


def _branch_line(branch: Branch) -> Line:
    node = branch.node
    version = f" {node.version}" if node.version else ""
    return line(
        branch.guide,
        Span(node.name, "bold" if node.is_explicit else ""),
        Span(version, "cyan" if node.kind == "pypi" else ""),
        Span(f" (extra: {', '.join(branch.extras)})" if branch.extras else "", "dim"),
        " (*)" if branch.is_again else "",
    )
