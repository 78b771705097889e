"""A module imports only from rows above its own (design.md, the rooms)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "pixi_jupyter"
ROWS = [
    {"_version", "redaction", "values"},
    {"errors", "events"},
    {"adapters"},
    {"config", "platforms", "names"},
    {"manifest"},
    {"solve", "lock", "channel"},
    {"install"},
    {"activation"},
    {"tasks", "kernelspecs", "notebook", "trust", "exchange", "history"},
    {"workspace"},
    {"verbs"},
    {"commands"},
    {"engine", "cli"},
    {"kernels"},
    {"server"},
]
ROW_OF = {name: number for number, row in enumerate(ROWS) for name in row}
# The doors may take our value types in and hand them out.
VALUES = {("adapters", "platforms")}
# Faces that live long speak to an engine through this one client.
CLIENTS = {("kernels", "inkernel"), ("server", "inkernel"), ("cli", "inkernel")}
FOREIGN = {"rattler", "tomlkit", "yaml"}
MODULES = sorted(SOURCE.rglob("*.py"))


def imports_of(path: Path) -> list[tuple[str, bool]]:
    """List (module, whether it is imported for type checking alone)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found.append((node.module or "", id(node) in typing_only))
        elif isinstance(node, ast.Import):
            found += [(alias.name, id(node) in typing_only) for alias in node.names]
    return found


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_imports_only_from_rows_above_its_own(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return

    wrong = []
    for module, _ in imports_of(path):
        if not module.startswith("pixi_jupyter."):
            continue
        other = module.split(".")[1]
        if other == room or (room, other) in VALUES | CLIENTS:
            continue
        if room == "inkernel" or ROW_OF[other] >= ROW_OF[room]:
            wrong.append(module)

    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_what_we_did_not_write_is_reached_through_its_door(path: Path) -> None:
    if room_of(path) == "adapters":
        return

    wrong = [
        module
        for module, typing_only in imports_of(path)
        if module.split(".")[0] in FOREIGN and not typing_only
    ]

    assert not wrong


def test_every_room_has_its_row() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__", "__main__", "inkernel"}

    assert rooms <= ROW_OF.keys()
