"""What the cells of a notebook say: its language, its Python, its commands.

A cell is Python with lines that are not: ``!shell``, ``%magic``, ``name = !shell``,
``thing?``. Those are found where a statement may begin, outside strings and brackets,
and taken out, so that the rest can be parsed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 1_000_000
"""Characters of a cell; a longer one is not read."""
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<triple>\"{3}|'{3})
  | (?P<string>"(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?)
  | (?P<open>[(\[{]) | (?P<close>[)\]}])
  | (?P<joined>\\\n) | (?P<newline>\n)
  | (?P<plain>[^\#"'()\[\]{}\\\n]+ | \\.?)
    """,
    re.VERBOSE | re.DOTALL,
)
_ENDS = {
    mark: re.compile(rf"(?:[^\\]|\\.)*?{mark}", re.DOTALL) for mark in ('"""', "'''")
}
_ASSIGNED = re.compile(r"[A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_]\w*)*\s*=\s*([!%].*)")
_HELP = re.compile(r"\?{0,2}\s*%{0,2}[A-Za-z_][\w.*\[\]]*\s*\?{0,2}\s*;?\s*")
_BARE = re.compile(
    r"(?:pip3?|conda|mamba|micromamba|uv)[ \t]+(?:-q[ \t]+)?(?:install|add|pip)[ \t]+[^=\s].*"
)
"""What IPython takes for a magic though it has no sign."""
_PROMPT = re.compile(r"(?m)^[ \t]*(?:>>>|\.\.\.)(?: |$)")
_LANGUAGES = {"ir": "r", "ijavascript": "javascript", "deno": "typescript"}
_MOST_COMMANDS = 2_000
"""Of a cell; who writes more does not install packages."""


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a cell that is not Python."""

    kind: str
    """``!`` for the shell, ``%`` for a magic, ``%%`` for the first line of a cell."""
    text: str
    """Without the sign; lines that go on are joined."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell with code, taken apart."""

    number: int
    """Among all cells, from 1."""
    python: str = ""
    """What is Python; as many lines as the cell has."""
    commands: tuple[Command, ...] = ()
    body: str = ""
    """Of a cell in another language, without its first line."""
    problem: str = ""
    """Why it was not read."""

    @property
    def magic(self) -> str:
        """The name of the magic that takes the whole cell; empty if none does."""
        first = next((each.text for each in self.commands if each.kind == "%%"), "")
        return first.split(maxsplit=1)[0] if first.strip() else ""


def language_of(notebook: Mapping[str, Any]) -> str:
    """Give the language of a notebook's kernel, in lower case."""
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    spec, info = metadata.get("kernelspec"), metadata.get("language_info")
    for table, key in ((spec, "language"), (info, "name")):
        found = table.get(key) if isinstance(table, dict) else None
        if isinstance(found, str) and found:
            return "python" if found.lower() == "ipython" else found.lower()
    name = spec.get("name") if isinstance(spec, dict) else None
    return _LANGUAGES.get(name, "python") if isinstance(name, str) else "python"


def python_of(notebook: Mapping[str, Any]) -> tuple[int, int] | None:
    """Give the Python that ran a notebook last, if it says so."""
    metadata = notebook.get("metadata")
    info = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = info.get("version") if isinstance(info, dict) else None
    found = (
        re.match(r"(\d{1,3})\.(\d{1,3})\b", version)
        if isinstance(version, str)
        else None
    )
    if found and language_of(notebook) == "python":
        return int(found[1]), int(found[2])
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    is_two = isinstance(spec, dict) and spec.get("name") == "python2"
    return (2, 7) if is_two else None


def cells_of(notebook: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Give number and text of each cell with code."""
    cells = notebook.get("cells")
    for number, cell in enumerate(cells if isinstance(cells, list) else (), start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source")
            if isinstance(source, list):
                source = "".join(each for each in source if isinstance(each, str))
            if isinstance(source, str) and source.strip():
                yield number, source


PYTHON_MAGICS = frozenset(
    [
        "capture",
        "time",
        "timeit",
        "prun",
        "memit",
        "mprun",
        "pypy",
        "python",
        "python3",
        "snakeviz",
        "scalene",
    ]
)
"""Magics of a cell whose body is Python that belongs to the notebook."""


def read_cell(number: int, text: str) -> Cell:
    """Take a cell of Python apart."""
    if len(text) > LONGEST:
        problem = f"it has {len(text) / 1e6:.1f} million characters, it was not read"
        return Cell(number=number, problem=problem)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    if text.lstrip().startswith(">>> "):
        text = _PROMPT.sub("", text)  # pasted from a documentation, as IPython takes it
    first, _, rest = text.lstrip().partition("\n")
    if first.startswith("%%"):
        skipped = text[: len(text) - len(rest)].count("\n")
        command = Command("%%", first[2:].strip(), skipped)
        if first[2:].split(maxsplit=1)[:1] and command.text.split()[0] in PYTHON_MAGICS:
            inner = read_cell(number, rest) if rest.strip() else Cell(number=number)
            return Cell(
                number=number,
                python=inner.python,
                commands=(command, *inner.commands),
                body=inner.body,
            )
        return Cell(number=number, commands=(command,), body=rest)
    python, commands = split_python(text)
    return Cell(number=number, python=python, commands=tuple(commands))


def split_python(text: str) -> tuple[str, list[Command]]:
    """Part a cell into Python and the lines that are not.

    Returns
    -------
    tuple
        Python with ``pass`` in the place of each such line, and the lines.
    """
    lines = text.split("\n")
    found: list[Command] = []
    done = -1
    for number in beginnings(text):
        if number <= done:
            continue
        stripped = lines[number].strip()
        command, last = _command(stripped, lines, number)
        if command is None:
            continue
        if len(found) == _MOST_COMMANDS:
            break
        found.append(command)
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        lines[number] = f"{indent}pass"
        for each in range(number + 1, last + 1):
            lines[each] = ""
        done = last
    return "\n".join(lines), found


def _command(
    stripped: str, lines: list[str], number: int
) -> tuple[Command | None, int]:
    """Read a command that begins on a line; give the last line that it takes."""
    if _BARE.fullmatch(stripped):
        stripped = f"%{stripped}"
    if stripped[:1] not in ("!", "%"):
        assigned = _ASSIGNED.fullmatch(stripped)
        if assigned is None:
            is_help = "?" in stripped and _HELP.fullmatch(stripped)
            return (Command("?", "", number + 1) if is_help else None), number
        stripped = assigned[1]
    last, parts = number, [stripped]
    while parts[-1].endswith("\\") and last + 1 < len(lines):
        last += 1
        parts[-1] = parts[-1][:-1].rstrip()
        parts.append(lines[last].strip())
    kind = "!" if stripped.startswith("!") else "%"
    return Command(kind, " ".join(parts).lstrip("!%").strip(), number + 1), last


def beginnings(text: str) -> Iterator[int]:
    """Give the numbers, from 0, of the lines on which a statement may begin."""
    at, line, depth = 0, 0, 0
    is_command = False  # quotes and brackets of a shell line are not Python's
    yield 0
    is_command = _is_command(text, 0)
    while at < len(text):
        if is_command:
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            is_command = False
            continue
        match = _TOKEN.match(text, at)
        if match is None:  # a lone surrogate of nothing: go on
            at += 1
            continue
        at = match.end()
        kind = match.lastgroup
        if kind == "triple":
            end_match = _ENDS[match[0]].match(text, at)
            stop = end_match.end() if end_match else len(text)
            line += text.count("\n", at, stop)
            at = stop
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind in ("joined", "string", "plain"):
            line += match[0].count("\n")
        elif kind == "newline":
            line += 1
            if depth == 0:
                yield line
                is_command = _is_command(text, at)


def _is_command(text: str, at: int) -> bool:
    end = text.find("\n", at)
    stripped = text[at : len(text) if end < 0 else end].lstrip()
    is_signed = stripped[:1] in ("!", "%") or _ASSIGNED.match(stripped) is not None
    return is_signed or _BARE.fullmatch(stripped) is not None
