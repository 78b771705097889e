"""What `tree`, `clean`, `operations` and `shell-hook` give, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.html import elements
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet
from pixi_jupyter.commands.plain import clean as plain_clean
from pixi_jupyter.commands.plain import environments as plain_environments
from pixi_jupyter.commands.plain import operations as plain_operations
from pixi_jupyter.commands.plain import tree as plain_tree
from pixi_jupyter.commands.text import size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.commands.text import Line
    from pixi_jupyter.verbs.clean import CleanResult
    from pixi_jupyter.verbs.init import InitResult
    from pixi_jupyter.verbs.operations import OperationsResult
    from pixi_jupyter.verbs.shell_hook import ShellHookResult
    from pixi_jupyter.verbs.tree import TreeResult

_MOST_LINES = 200


def tree(result: TreeResult, command: str) -> str:
    """Give the tree in lines that do not wrap."""
    lines = plain_tree.tree_lines(result)
    rest = len(lines) - _MOST_LINES
    words = quiet(escape(plain_tree.tree_words(result)))
    verb = "tree --invert" if result.invert else "tree"
    return elements.box(
        elements.paragraph(f"{bold(result.environment)} {words}"),
        *map(elements.note, plain_tree.tree_notes(result)),
        _lines(lines[:_MOST_LINES]),
        elements.paragraph(
            f"and {rest} more lines; {code(f'{command} {verb} PACKAGE')} shows a part"
        )
        if rest > 0
        else "",
    )


def operations(result: OperationsResult, command: str) -> str:
    """Give the operations of a workspace, the newest first."""
    del command
    if not result.operations:
        return elements.box(elements.paragraph(plain_operations.NOTHING))
    rows = []
    for each in result.operations:
        what, state, began, took, by, where = plain_operations.row(each)
        color = plain_operations.STYLES.get(each.state, "")
        shown = elements.mark(state, color) if color else escape(state)
        rows.append(
            [bold(what), shown, *map(escape, (began, took)), *map(_quiet, (by, where))]
        )
        if each.error:
            rows.append([_quiet(each.error), *[""] * 5])
    return elements.box(elements.table(plain_operations.HEADER, rows, right=[3]))


def clean(result: CleanResult, command: str) -> str:
    """Say what is gone, and what the disk gained."""
    rows = [
        [
            escape(result.shown(each.path)),
            quiet(escape(each.kind)),
            size(each.freed_bytes),
        ]
        for each in result.removed
    ]
    mark = "" if result.dry_run or not rows else elements.tick()
    rows += [
        [escape(name), quiet(f"workspace, {escape(str(place))} is gone"), ""]
        for name, place in result.pruned
    ]
    cut = elements.split(len(rows))
    rest = len(rows) - cut
    return elements.box(
        elements.paragraph(mark + elements.spans(plain_clean.sum_line(result))),
        elements.table(["Path", "", "Freed"], rows[:cut], right=[2]),
        elements.paragraph(quiet(f"and {rest} more")) if rest else "",
        *(
            elements.note(text.replace("{command}", command))
            for text in plain_clean.clean_notes(result)
        ),
    )


def shell_hook(result: ShellHookResult, command: str) -> str:
    """Give the script, and say how a terminal comes by it."""
    del command
    if result.variables is not None:
        return elements.box(elements.facts(result.variables.items()))
    use = code('eval "$(pixi-jupyter shell-hook)"')
    return elements.box(
        elements.paragraph(
            f"Activates {bold(result.environment)} in {escape(result.shell)};"
            f" a terminal asks for it itself: {use}"
        ),
        elements.preformatted(result.script),
    )


def init(result: InitResult, command: str) -> str:
    """Say what was made, and how it goes on."""
    tick = elements.tick() if result.changed else ""
    return elements.box(
        *(
            elements.paragraph(f"{tick}{escape(text)}")
            for text in plain_environments.init_lines(result)
        ),
        elements.paragraph(code(f"{command} add python ipykernel")),
    )


def _lines(lines: Sequence[Line]) -> str:
    body = "\n".join(map(elements.spans, lines))
    return (
        '<pre style="margin:.3em 0;padding:0;background:none;color:inherit;'
        f'white-space:pre;overflow-x:auto">{body}</pre>'
    )


def _quiet(text: str) -> str:
    return quiet(escape(text))
