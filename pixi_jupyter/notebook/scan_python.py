"""What Python text imports, and the installs that it runs as other programs.

The text is parsed, never run. What cannot be parsed (another version of Python, a
slip) is read line by line.
"""

from __future__ import annotations

import ast
import re
import shlex
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.notebook.scan_cells import Command, beginnings
from pixi_jupyter.notebook.scan_words import METRIC_LOADERS, METRICS, PANDAS
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Where: TypeAlias = Literal["", "optional", "function"]
"""Whether an import is certain: else it may fail, or is done when a function is called."""


@dataclass(frozen=True, slots=True)
class Import:
    """A module that is imported."""

    module: str
    """As it is written: ``google.cloud``."""
    names: tuple[str, ...]
    """What is taken from it, which may be modules too."""
    line: int
    where: Where = ""
    said: str = ""
    """What needs it, where that is not an import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonText:
    """What was found in a text."""

    imports: tuple[Import, ...] = ()
    commands: tuple[Command, ...] = ()
    """What `subprocess`, `os.system` and IPython's functions are told to run."""
    unclear: tuple[tuple[int, str], ...] = ()
    """Line and text of what is imported by a name that is made while it runs."""
    problem: str = ""
    """Why it could not be parsed."""


_CATCHES = frozenset(
    ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
)
_RUNS = frozenset(
    f"{module}.{name}"
    for module, names in {
        "os": "system popen",
        "subprocess": "run call check_call check_output getoutput Popen",
        "sp": "run call check_call check_output Popen",
    }.items()
    for name in names.split()
)
_IPYTHON = frozenset(("system", "getoutput", "run_line_magic", "magic"))
_IMPORT = re.compile(
    r"(\s*)import\s+([A-Za-z_][\w.]*(?:[ \t]*(?:,|as\b)[ \t]*[\w.]+)*)"
)
_FROM = re.compile(r"(\s*)from\s+([A-Za-z_][\w.]*)\s+import\s*\(?([\w, \t]*)")
_LONG = 60
_MOST_UNCLEAR = 20
_LONGEST = 100_000
"""Characters of a statement; Python 3.10 does not survive much longer chains."""


def read_python(text: str) -> PythonText:
    """Find what a text imports.

    Parameters
    ----------
    text
        Python alone, without lines for the shell or for IPython.
    """
    if _has_long_statement(text):
        problem = "a statement that is too long to be parsed"
        return PythonText(imports=tuple(_by_line(text)), problem=problem)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of its escapes
            tree = ast.parse(text)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        problem = f"not Python 3{line}: {error.msg}"
    except (ValueError, RecursionError, MemoryError):
        problem = "Python that is nested too deeply"
    else:
        return _Reader(text).read(tree)
    return PythonText(imports=tuple(_by_line(text)), problem=problem)


def _has_long_statement(text: str) -> bool:
    if len(text) <= _LONGEST:
        return False
    sizes = [len(line) + 1 for line in text.split("\n")]
    starts = [*beginnings(text), len(sizes)]
    return any(sum(sizes[begin:end]) > _LONGEST for begin, end in pairwise(starts))


def _by_line(text: str) -> Iterator[Import]:
    """Read what can be read where a text is not Python as a whole."""
    lines = text.split("\n")
    for number in beginnings(text):
        line = lines[number]
        where: Where = "function" if line[:1] in (" ", "\t") else ""
        if found := _FROM.match(line):
            names = [each.split()[0] for each in found[3].split(",") if each.split()]
            yield Import(found[2], tuple(names), number + 1, where)
        elif found := _IMPORT.match(line):
            for each in found[2].split(","):
                if each.split():
                    yield Import(each.split()[0], (), number + 1, where)


class _Reader:
    """A tree that is gone through without recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._imports: list[Import] = []
        self._commands: list[Command] = []
        self._unclear: list[tuple[int, str]] = []
        self._stack: list[tuple[ast.AST, Where]] = []

    def read(self, tree: ast.Module) -> PythonText:
        """Go through all of it, in the order of the text."""
        self._push(tree.body, "")
        while self._stack:
            node, where = self._stack.pop()
            self._visit(node, where)
        return PythonText(
            imports=tuple(self._imports),
            commands=tuple(self._commands),
            unclear=tuple(self._unclear),
        )

    def _push(self, nodes: Sequence[ast.AST], where: Where) -> None:
        self._stack += [(node, where) for node in reversed(nodes)]

    def _visit(self, node: ast.AST, where: Where) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    self._imports.append(Import(alias.name, (), node.lineno, where))
            case ast.ImportFrom(module=str(module), level=0):
                names = tuple(alias.name for alias in node.names)
                self._imports.append(Import(module, names, node.lineno, where))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._push(list(ast.iter_child_nodes(node)), where or "function")
            case ast.Try():
                self._try(node, where)
            case ast.With() if any(_is_suppress(each) for each in node.items):
                self._push(node.body, "optional")
            case ast.If() if _is_never(node.test):
                self._push(node.orelse, where)
            case _:
                if isinstance(node, ast.Call):
                    self._call(node, where)
                self._push(list(ast.iter_child_nodes(node)), where)

    def _try(self, node: ast.Try, where: Where) -> None:
        caught = any(_catches(handler.type) for handler in node.handlers)
        inside: Where = "optional" if caught else where
        self._push(node.finalbody, where)
        self._push(node.orelse, inside)
        for handler in reversed(node.handlers):
            self._push(handler.body, inside)
        self._push(node.body, inside)

    def _needed(
        self, modules: Sequence[str] | None, node: ast.AST, where: Where, said: str
    ) -> None:
        line = getattr(node, "lineno", 0)
        self._imports += [Import(x, (), line, where, said) for x in modules or ()]

    def _dynamic(self, node: ast.Call, where: Where) -> None:
        """Take an import by a name that is a text, or is made while it runs."""
        if text := _text_of(node):
            if re.fullmatch(r"[A-Za-z_]\w*(?:\.\w+)*", text):
                self._imports.append(Import(text, (), node.lineno, where))
        elif node.args and len(self._unclear) < _MOST_UNCLEAR:
            shown = ast.get_source_segment(self._text, node) or ""
            shown = " ".join(shown.split())
            shown = shown if len(shown) <= _LONG else f"{shown[:_LONG]}…"
            self._unclear.append((node.lineno, shown))

    def _call(self, node: ast.Call, where: Where) -> None:
        name = _dotted(node.func)
        if name in ("importlib.import_module", "import_module", "__import__"):
            self._dynamic(node, where)
        elif name in METRIC_LOADERS:
            self._needed(
                METRICS.get(_text_of(node)), node, where, f'{name}("{_text_of(node)}")'
            )
        elif name in PANDAS:
            self._needed(PANDAS[name], node, where, f"{name}()")
        elif name in _RUNS:
            if words := _words(node.args[0] if node.args else None):
                self._commands.append(Command("!", words, node.lineno))
        elif isinstance(node.func, ast.Attribute) and _is_ipython(node.func):
            texts = [_words(each) for each in node.args]
            kind = "%" if "magic" in node.func.attr else "!"
            if texts and all(texts):
                self._commands.append(Command(kind, " ".join(texts), node.lineno))


def _text_of(node: ast.Call) -> str:
    """Give the first argument, if it is a text."""
    match node.args[:1]:
        case [ast.Constant(value=str(text))]:
            return text
        case _:
            return ""


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def _is_ipython(node: ast.Attribute) -> bool:
    of = node.value
    is_shell = isinstance(of, ast.Call) and _dotted(of.func) == "get_ipython"
    return is_shell and node.attr in _IPYTHON


def _words(node: ast.expr | None) -> str:
    """Give a command that stands there as a text or as a list of texts."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        words = [_word(each) for each in node.elts]
        return shlex.join(words) if all(words) else ""
    return ""


def _word(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    # what is not known stays a word that is no name
    return "python" if _dotted(node) == "sys.executable" else "$"


def _catches(node: ast.expr | None) -> bool:
    if node is None:
        return True
    names = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(_dotted(each) in _CATCHES for each in names)


def _is_suppress(item: ast.withitem) -> bool:
    call = item.context_expr
    if not isinstance(call, ast.Call):
        return False
    is_it = _dotted(call.func) in ("suppress", "contextlib.suppress")
    return is_it and any(_catches(each) for each in call.args)


def _is_never(test: ast.expr) -> bool:
    if isinstance(test, ast.Constant):
        return not test.value
    return _dotted(test).rpartition(".")[2] == "TYPE_CHECKING"
