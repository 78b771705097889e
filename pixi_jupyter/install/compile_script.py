"""Runs in a prefix's own python, by path: writes .pyc files, executes nothing else.

Standard library only and in the syntax of Python 3.8: it meets the interpreters of
users. Started with ``-I -S``, so neither environment variables nor .pth files count.

    compile_script.py kernel PREFIX TURN SITE[=SHOWN]...
    compile_script.py rest PREFIX 0 SITE[=SHOWN]...

``kernel`` compiles what a start of ipykernel imports: it follows the imports of
modules, by reading their compiled code, without importing any. Several of them,
told apart by TURN, share the work by way of the files that the others wrote.
``rest`` compiles everything, at low priority. Both hold a shared lock and end as
soon as the prefix is being changed.
"""

# pathlib is slow to import where nothing is compiled yet
# ruff: noqa: PTH103, PTH105, PTH110, PTH112, PTH116, PTH118, PTH120, PTH123

from __future__ import annotations

import marshal
import opcode
import os
import sys
import types
from importlib.machinery import PathFinder
from importlib.util import MAGIC_NUMBER, cache_from_source
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = (
    "ipykernel_launcher",
    "debugpy.server.api",
    "IPython.core.interactiveshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.magics.code",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "_strptime",
    "encodings.ascii",
    "encodings.idna",
    "encodings.latin_1",
    "ipykernel.kernelapp",
    "jupyter_client.session",
    "psutil",
    "runpy",
    "sqlite3",
    "stringprep",
    "tornado.gen",
    "tornado.locks",
    "tornado.platform.asyncio",
    "tornado.queues",
    "zmq.backend.cython",
)
"""What a kernel imports when it starts, and the roots of what it imports lazily."""

NOT_AT_ONCE = frozenset(
    ["doctest", "jedi", "parso", "prompt_toolkit", "pydoc_data", "unittest", "wcwidth"]
)
"""Named by modules of the closure, and not loaded by a start."""

JOURNAL = "pixi-jupyter-journal"
STATE = ".pixi-environment-fingerprint"
LOCK = ".pixi-jupyter-compiler"

_LOAD_CONST = opcode.opmap["LOAD_CONST"]
_LOAD_SMALL_INT = opcode.opmap.get("LOAD_SMALL_INT", -1)
_IMPORT_NAME = opcode.opmap["IMPORT_NAME"]
_EXTENDED_ARG = opcode.opmap["EXTENDED_ARG"]


def is_changing(prefix: str) -> bool:
    """Tell whether someone began to change the prefix."""
    meta = os.path.join(prefix, "conda-meta")
    if os.path.exists(os.path.join(meta, JOURNAL)):
        return True
    try:
        with open(os.path.join(meta, STATE), "rb") as file:
            return file.read(16) == b"pixi:installing!"
    except OSError:
        return False


def compiled(path: str, shown: str) -> types.CodeType:
    """Give the code of a source file, and see to it that its .pyc is there."""
    target = cache_from_source(path)
    status = os.stat(path)
    stamp = int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF
    header = b"\0\0\0\0" + b"".join(n.to_bytes(4, "little") for n in stamp)
    try:
        with open(target, "rb") as file:
            data = file.read()
        flags = data[4]
        if data[:4] == MAGIC_NUMBER and (flags & 1 or data[4:16] == header):
            code: types.CodeType = marshal.loads(data[16:])  # noqa: S302  Python's own
            return code
    except (OSError, IndexError, EOFError, ValueError, TypeError):
        pass
    with open(path, "rb") as file:
        code = compile(file.read(), shown, "exec", dont_inherit=True)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    temporary = f"{target}.{os.getpid()}"
    handle = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, status.st_mode & 0o666 | 0o200
    )
    with open(handle, "wb") as file:
        file.write(MAGIC_NUMBER + header + marshal.dumps(code))
    os.replace(temporary, target)
    return code


def imports(code: types.CodeType, package: str) -> list[str]:
    """List the modules that code imports outside of functions."""
    found: list[str] = []
    values: list[object] = [None, None]
    extended = 0
    raw = code.co_code
    for index in range(0, len(raw) - 1, 2):
        operation, argument = raw[index], raw[index + 1] | extended
        extended = argument << 8 if operation == _EXTENDED_ARG else 0
        if operation == _LOAD_CONST:
            values = [values[1], code.co_consts[argument]]
        elif operation == _LOAD_SMALL_INT:
            values = [values[1], argument]
        elif operation == _IMPORT_NAME and argument < len(code.co_names):
            found.extend(named(code.co_names[argument], values, package))
    for constant in code.co_consts:
        # bodies of classes run at import, those of functions (flag 1) do not
        if isinstance(constant, types.CodeType) and not constant.co_flags & 1:
            found.extend(imports(constant, package))
    return found


def named(name: str, values: list[object], package: str) -> list[str]:
    """Give the absolute names that one import statement may mean."""
    level, listed = values
    if not isinstance(level, int) or not isinstance(listed, (tuple, type(None))):
        return []
    if level:
        parts = package.split(".")
        base = parts[: len(parts) - level + 1]
        name = ".".join(base + ([name] if name else []))
    return [name] + [f"{name}.{each}" for each in listed or () if each != "*"]


class Finder:
    """Finds modules without importing their parents."""

    def __init__(self, path: list[str]) -> None:
        self.paths: dict[str, list[str]] = {"": path}
        self.origins: dict[str, str | None] = {}

    def origin(self, name: str) -> str | None:
        """Give the source file of a module; None if it has none, or is not there."""
        if name not in self.origins:
            self.origins[name] = self._find(name)
        return self.origins[name]

    def is_package(self, name: str) -> bool:
        """Tell whether a module that was found can hold others."""
        return bool(self.paths.get(name))

    def _find(self, name: str) -> str | None:
        parent, _, last = name.rpartition(".")
        if parent:
            self.origin(parent)
        path = self.paths.get(parent)
        if not path:
            return None
        try:
            spec = PathFinder.find_spec(name, path)
        except (ImportError, KeyError, ValueError):
            spec = None
        if spec is not None and spec.origin:
            self.paths[name] = list(spec.submodule_search_locations or ())
            return spec.origin if spec.origin.endswith(".py") else None
        # a folder without __init__.py, whose parent importlib wants to be imported
        places = [os.path.join(each, last) for each in path]
        self.paths[name] = [place for place in places if os.path.isdir(place)]
        return None


def compile_kernel(
    prefix: str, turn: int, path: list[str], shown: Callable[[str], str]
) -> None:
    """Compile what a kernel's start imports."""
    finder = Finder(path)
    # the last one is taken first: each turn begins in another corner
    todo = list(SEEDS[turn:] + SEEDS[:turn])[::-1]
    if turn % 2:
        todo = todo[::-1]
    seen: set[str] = set()
    while todo:
        parts = todo.pop().split(".")
        for end in range(1, len(parts) + 1):
            name = ".".join(parts[:end])
            if name in seen or parts[0] in NOT_AT_ONCE:
                continue
            seen.add(name)
            origin = finder.origin(name)
            if origin is None:
                continue
            if is_changing(prefix):
                return
            package = name if finder.is_package(name) else name.rpartition(".")[0]
            try:
                todo.extend(imports(compiled(origin, shown(origin)), package))
            except (SyntaxError, ValueError, OSError, RecursionError):
                continue


def compile_rest(prefix: str, path: list[str], shown: Callable[[str], str]) -> None:
    """Compile every source file below `path`."""
    for root in path:
        for folder, folders, files in os.walk(root):
            folders[:] = [
                name
                for name in folders
                if name not in ("__pycache__", "site-packages", "test", "idle_test")
            ]
            for name in sorted(files):
                if not name.endswith(".py"):
                    continue
                if is_changing(prefix):
                    return
                source = os.path.join(folder, name)
                try:
                    compiled(source, shown(source))
                except (SyntaxError, ValueError, OSError, RecursionError):
                    continue


def hold_lock(prefix: str) -> int:
    """Take the shared lock that an install waits for; the handle keeps it."""
    handle = os.open(
        os.path.join(prefix, "conda-meta", LOCK), os.O_RDWR | os.O_CREAT, 0o666
    )
    try:
        import fcntl
    except ImportError:
        return handle
    fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return handle


def main(arguments: list[str]) -> None:
    """Do what the arguments say."""
    mode, prefix, turn = arguments[0], arguments[1], int(arguments[2])
    sites = [text.partition("=")[::2] for text in arguments[3:]]

    def shown(path: str) -> str:
        for site, final in sites:
            if final and path.startswith(site):
                return final + path[len(site) :]
        return path

    handle = hold_lock(prefix)
    library = [each for each in sys.path if each.startswith(prefix)]
    path = [site for site, _ in sites]
    if mode == "kernel":
        vendored = [os.path.join(p, "debugpy", "_vendored", "pydevd") for p in path]
        compile_kernel(prefix, turn, library + path + vendored, shown)
    else:
        if hasattr(os, "nice"):
            os.nice(19)
        compile_rest(prefix, path + library, shown)
    os.close(handle)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError:
        sys.exit(1)
