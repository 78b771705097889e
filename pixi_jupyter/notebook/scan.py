"""What a notebook needs, as its cells and the files beside it say.

Everything is read and nothing run. What comes out are facts with the place of each;
`scan_proposal` makes a manifest of them.
"""

from __future__ import annotations

import re
import time
from dataclasses import field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pixi_jupyter.notebook.imports import KERNEL, is_standard
from pixi_jupyter.notebook.scan_cells import (
    cells_of,
    language_of,
    python_of,
    read_cell,
)
from pixi_jupyter.notebook.scan_commands import (
    read_command,
    read_comments,
    read_shell,
    shown,
)
from pixi_jupyter.notebook.scan_installers import Asked
from pixi_jupyter.notebook.scan_metadata import asked_in_block, asked_in_metadata
from pixi_jupyter.notebook.scan_python import read_python
from pixi_jupyter.notebook.scan_r import OWN, foreign_of, packages_of
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pixi_jupyter.notebook.scan_cells import Cell
    from pixi_jupyter.notebook.scan_python import Import

MOST_CODE = 10_000_000
"""Characters of code; what a notebook has beyond is not read."""
_MOST_FILES = 100
_SHELLS = frozenset(("bash", "sh", "!", "system", "sx", "script"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a notebook needs."""

    asked: Asked
    """Kind `module` for an import."""
    names: tuple[str, ...] = ()
    """What an import takes from its module."""
    where: str = ""
    """How certain it is: empty, optional, function or comment."""
    place: str
    """Notebook and cell, or the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookScan:
    """What was found in one notebook."""

    name: str
    language: str
    python: tuple[int, int] | None
    cells: int
    facts: tuple[Fact, ...]
    doubts: tuple[tuple[str, str], ...]
    """What cannot be told, and why."""
    own: tuple[str, ...]
    """Modules that it imports from beside itself."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Files that its cells write, by name."""
    seconds: float = 0.0


def scan_notebook(
    notebook: Mapping[str, Any],
    name: str,
    *,
    beside: frozenset[str] = frozenset(),
    sources: Callable[[str], list[tuple[str, str]]] = lambda _: [],
) -> NotebookScan:
    """Find what a notebook needs.

    Parameters
    ----------
    notebook
        Its JSON, version 4.
    name
        As it is shown; empty where there is only one.
    beside
        Modules that stand beside it.
    sources
        Gives name and text of the files of such a module.
    """
    started = time.monotonic()
    scanner = _Scanner(
        name, language_of(notebook), python_of(notebook), beside, sources
    )
    scanner.told(asked_in_metadata(notebook), "metadata")
    cells, size = 0, 0
    for number, text in cells_of(notebook):
        cells += 1
        size += len(text)
        if size > MOST_CODE:
            scanner.too_much(number)
            break
        if cells == 1:
            scanner.told(asked_in_block(text), scanner.place(number))
        scanner.cell(number, text)
    scanner.finish()
    return NotebookScan(
        name=name,
        language=scanner.language,
        python=scanner.python,
        cells=cells,
        facts=tuple(scanner.facts),
        doubts=tuple(dict.fromkeys(scanner.doubts)),
        own=tuple(sorted(scanner.own)),
        written=scanner.written,
        seconds=time.monotonic() - started,
    )


class _Scanner:
    """One notebook while it is read."""

    def __init__(
        self,
        name: str,
        language: str,
        python: tuple[int, int] | None,
        beside: frozenset[str],
        sources: Callable[[str], list[tuple[str, str]]],
    ) -> None:
        self._name, self.language, self.python = name, language, python
        self._beside, self._sources = beside, sources
        self.facts: list[Fact] = []
        self.doubts: list[tuple[str, str]] = []
        self.own: set[str] = set()
        self.written: dict[str, str] = {}
        self._imports: list[tuple[Import, str]] = []

    def place(self, number: int) -> str:
        """Name a cell."""
        return f"{self._name}, cell {number}" if self._name else f"cell {number}"

    def told(self, asked: Iterable[Asked], place: str) -> None:
        """Take what the notebook says itself."""
        for each in asked:
            self._add(each, place)

    def too_much(self, number: int) -> None:
        """Say that a cell and those after it are not read."""
        amount = f"{MOST_CODE // 1_000_000} million characters"
        place = f"{self.place(number)} and those after it"
        self.doubts.append((place, f"only {amount} of code are read"))

    def cell(self, number: int, text: str) -> None:
        """Read a cell."""
        place = self.place(number)
        if self.language not in ("python", "r"):
            return
        if self.language == "r":
            self._r(text, place)
            return
        cell = read_cell(number, text)
        if cell.problem:
            self.doubts.append((place, cell.problem))
            return
        for command in cell.commands:
            for asked in read_command(command):
                self._add(asked, place)
        if cell.body and cell.magic:
            self._body(cell, place)
            return
        self._python(cell.python, place)
        for asked in read_comments(cell.python):
            self._add(asked, place, "comment")

    def _body(self, cell: Cell, place: str) -> None:
        """Read a cell that is not Python of the notebook's own."""
        words = next(x.text for x in cell.commands if x.kind == "%%").split()
        if words[0] in _SHELLS:
            for asked in read_shell(cell.body):
                self._add(asked, place)
        elif words[0] == "R":
            self._r(cell.body, place)
        elif words[0] in ("writefile", "file") and len(words) > 1:
            self.written[PurePosixPath(words[-1]).name] = cell.body

    def _python(self, text: str, place: str) -> None:
        found = read_python(text)
        if found.problem and re.search(r"\b(?:import|install)\b", text):
            self.doubts.append((place, f"{found.problem}; it was read line by line"))
        self._imports += [(each, place) for each in found.imports]
        for command in found.commands:
            for asked in read_command(command):
                self._add(asked, place)
        for _, text_ in found.unclear:
            self.doubts.append((f"{place}: {text_}", "the name is made while it runs"))

    def _r(self, text: str, place: str) -> None:
        for package, said in packages_of(text):
            if package not in OWN:
                self._add(Asked("r", package, said), place)
        for source in foreign_of(text):
            self.doubts.append(
                (
                    f"{place}: {shown(source)}",
                    "R installs it from a repository, conda does not",
                )
            )

    def _add(self, asked: Asked, place: str, where: str = "") -> None:
        if asked.kind == "r" and not re.fullmatch(r"[A-Za-z][\w.]*", asked.text):
            self._r(asked.text, place)
            return
        self.facts.append(Fact(asked=asked, where=where, place=place))

    def finish(self) -> None:
        """Part the imports into what is beside the notebook and what is not."""
        own = self._beside | {
            name.removesuffix(".py") for name in self.written if name.endswith(".py")
        }
        files = 0
        position = 0
        while position < len(self._imports):
            each, place = self._imports[position]
            position += 1
            top = each.module.partition(".")[0]
            if top in own and not is_standard(top):
                if top not in self.own:
                    self.own.add(top)
                    for name, text in self._texts(top)[: _MOST_FILES - files]:
                        files += 1
                        self._python(text, name)
                continue
            if is_standard(top, self.python) or top in KERNEL:
                continue
            asked = Asked("module", each.module, each.said or f"import {each.module}")
            self.facts.append(
                Fact(asked=asked, names=each.names, where=each.where, place=place)
            )

    def _texts(self, module: str) -> list[tuple[str, str]]:
        written = self.written.get(f"{module}.py")
        return (
            [(f"{module}.py", written)]
            if written is not None
            else self._sources(module)
        )
