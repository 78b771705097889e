"""What the commands of a notebook install: pip, uv, conda, apt and their like.

Nothing is run, and a word that only the shell would know (``$NAME``, ``{name}``) is
named as unclear.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from pixi_jupyter.notebook.scan_installers import Asked, conda, pip, pixi, system

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pixi_jupyter.notebook.scan_cells import Command

_LONGEST = 20_000
_SHOWN = 60
_SEPARATORS = frozenset(";&|()")
_BEFORE = frozenset(
    [
        "sudo",
        "env",
        "nohup",
        "time",
        "exec",
        "yes",
        "command",
        "!",
        "then",
        "do",
        "else",
        "{",
    ]
)
_REDIRECTED = re.compile(r"(?:\d|&)?>{1,2}(?!=)(.*)")
_PIP = re.compile(r"pip(?:[23](?:\.\d+)?)?")
_PYTHON = re.compile(r"python(?:[23](?:\.\d+)?)?(?:\.exe)?")
_SYSTEM = frozenset(
    ["apt", "apt-get", "aptitude", "yum", "dnf", "apk", "brew", "snap", "pacman"]
)
_LOADED: dict[str, tuple[str, ...]] = {"matplotlib": ("matplotlib",)}
_LOADED |= {"pylab": ("matplotlib", "numpy"), "tensorboard": ("tensorboard",)}
_OWN_EXTENSIONS = frozenset(["autoreload", "storemagic", "ipython_storemagic"])
_CELLS = {"R": "rpy2", "cython": "Cython", "julia": "julia"}


def read_command(command: Command) -> Iterator[Asked]:
    """Find what a line that is not Python asks for."""
    if command.kind == "%":
        yield from _magic(command.text)
    elif command.kind == "%%":
        name = (command.text.split() or [""])[0]
        if name in _CELLS:
            yield Asked("module", _CELLS[name], f"%%{name}")
    elif command.kind == "!":
        yield from read_shell(command.text)


def read_shell(text: str, *, depth: int = 0) -> Iterator[Asked]:
    """Find what a text for the shell asks for; each of its lines is a command."""
    joined = text.replace("\\\r\n", " ").replace("\\\n", " ")
    for line in joined.splitlines():
        if len(line) > _LONGEST or not line.strip():
            continue
        for words in _commands(line):
            yield from _program(words, depth)


def _magic(text: str) -> Iterator[Asked]:
    name, _, rest = text.partition(" ")
    rest = rest.strip()
    if name in ("sx", "system", "sc", "!"):
        yield from read_shell(rest)
    elif name in ("pip", "conda", "mamba", "micromamba", "uv", "pixi"):
        yield from read_shell(f"{name} {rest}")
    elif name in ("load_ext", "reload_ext"):
        extension = rest.split()[0] if rest else ""
        if re.fullmatch(r"[\w.]+", extension) and extension not in _OWN_EXTENSIONS:
            yield Asked("module", extension, f"%{name}")
    elif name in _LOADED:
        modules = _LOADED[name]
        if name == "matplotlib" and rest.split()[:1] in (["widget"], ["ipympl"]):
            modules = ("ipympl",)
        for each in modules:
            yield Asked("module", each, f"%{name}")
    elif name == "R":
        yield Asked("module", "rpy2", "%R")


def _commands(line: str) -> Iterator[list[str]]:
    """Part a line into commands, and these into words."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        tokens = list(lexer)
    except ValueError:  # a quotation without an end
        tokens = line.replace('"', " ").replace("'", " ").split()
    words: list[str] = []
    for token in tokens:
        if token.startswith("#"):
            break
        if set(token) <= _SEPARATORS:
            yield words
            words = []
        else:
            words.append(token)
    yield words


def _plain(words: Sequence[str]) -> list[str]:
    """Take away redirections, and what stands before the program."""
    found: list[str] = []
    is_target = False
    for word in words:
        redirected = _REDIRECTED.fullmatch(word)
        if redirected or is_target:
            is_target = redirected is not None and not redirected[1]
            continue
        if not found and (word in _BEFORE or re.match(r"\w+=|-", word)):
            continue
        found.append(word)
    return found


def _program(words: Sequence[str], depth: int) -> Iterator[Asked]:
    words = _plain(words)
    if not words:
        return
    program, rest = _called(words)
    if _PIP.fullmatch(program):
        yield from pip(rest, "install", "pip install")
    elif program in ("uv", "poetry", "pdm", "rye", "hatch"):
        yield from pip(rest, "add", f"{program} add")
    elif program == "pixi":
        yield from pixi(rest)
    elif program in ("conda", "mamba", "micromamba"):
        yield from conda(rest, program)
    elif program in _SYSTEM:
        yield from system(rest, program)
    else:
        yield from _other(program, rest, depth)


def _called(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Give the program that does the work, and its words."""
    program = re.split(r"[/\\]", words[0])[-1].lower()
    rest = words[1:]
    is_python = _PYTHON.fullmatch(program) or words[0][0] in "{$"
    if is_python and "-m" in rest[:3]:
        at = rest.index("-m")
        program, rest = (rest[at + 1 : at + 2] or [""])[0], rest[at + 2 :]
    if program == "uv" and rest[:1] == ["pip"]:
        return "pip", rest[1:]
    return program, rest


def _other(program: str, rest: Sequence[str], depth: int) -> Iterator[Asked]:
    """Read programs that take packages, or commands, as one of their words."""
    if program == "spacy" and rest[:1] == ["download"]:
        yield from (Asked("module", x, "spacy download") for x in rest[1:2])
    elif program in ("bash", "sh", "zsh") and "-c" in rest and depth == 0:
        for text in rest[rest.index("-c") + 1 :][:1]:
            yield from read_shell(text, depth=1)
    elif program in ("r", "rscript") and "-e" in rest:
        yield from (Asked("r", x, program) for x in rest[rest.index("-e") + 1 :][:1])


_COMMENTED = re.compile(r"[ \t]*#+[ \t]*([!%][ \t]*(?:pip3?|conda|mamba|uv)\b[^\n]*)")


def read_comments(text: str) -> Iterator[Asked]:
    """Find the commands that were made comments."""
    for line in text.splitlines():
        if found := _COMMENTED.match(line):
            yield from read_shell(found[1].lstrip("!%").strip())


def shown(text: str) -> str:
    """Give a text on one line that is not too long."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
