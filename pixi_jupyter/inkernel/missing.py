"""One line below a cell whose import found no module: what would bring it."""

import difflib
import importlib
import importlib.util
import os
import pkgutil
import sys
import time
from pathlib import PurePath
from typing import Any, Dict, Iterable, List, Optional

from .client import CallError

MIME = "application/vnd.pixi-jupyter.missing+json"
"""Form of the line for a front end that can show a button."""

PATIENCE_SECONDS = 8.0
"""How long an engine may take that has to start for it."""
_ALIKE = 0.8
_KEYS = ("module", "package", "feature", "pypi", "text")


class TooLongError(Exception):
    """Nobody wants to know any more."""


class Missing:
    """Offers packages to one shell.

    Parameters
    ----------
    magic
        Its ``%pixi``.
    ask
        Calls the engine: method, parameters, `on_tick`.
    """

    def __init__(self, magic: Any, ask: Any) -> None:  # noqa: ANN401  the shell's
        self._magic, self._ask = magic, ask

    def after_cell(self, result: Any) -> None:  # noqa: ANN401  IPython's
        """Look at how a cell ended; called by IPython, and never raises."""
        error = getattr(result, "error_in_exec", None)
        if not isinstance(error, ModuleNotFoundError) or not error.name:
            return
        request = self._place()
        if request is None or not is_foreign(error.name):
            return
        try:
            found = self._suggestion({**request, "module": error.name})
        except (CallError, TooLongError, KeyboardInterrupt, OSError):
            return  # the traceback says what is wrong; more was only meant to help
        if found.get("package") and (
            found.get("is_sure") or not _alike(_top(error.name), _installed())
        ):
            self._show(found)

    def _place(self) -> Optional[Dict[str, Any]]:
        """Tell which environment this kernel runs in; None where it is not ours."""
        options = self._magic.options
        if options.get("manifest"):
            environment = options.get("environment", "default")
            return {"manifest": options["manifest"], "environment": environment}
        prefix = PurePath(sys.prefix)
        if self._magic.where["prefix"] is None:
            return None
        return {"manifest": str(prefix.parents[2]), "environment": prefix.name}

    def _suggestion(self, request: Dict[str, Any]) -> Dict[str, Any]:
        end = time.monotonic() + PATIENCE_SECONDS

        def tick(cancelling: bool) -> None:  # noqa: ARG001, FBT001  the client's
            if time.monotonic() > end:
                raise TooLongError

        params = {"verb": "suggest", "request": request}
        found: Dict[str, Any] = self._ask("verb", params, tick)
        return found

    def _show(self, found: Dict[str, Any]) -> None:
        text = str(found["text"])
        if not hasattr(self._magic.shell, "kernel"):
            print(text)  # noqa: T201  that is what the terminal is for
            return
        bundle: Dict[str, Any] = {"text/plain": text}
        # a name that nobody vouches for is never one click away
        if found.get("is_sure") or not found.get("pypi"):
            bundle[MIME] = {key: found.get(key) for key in _KEYS}
        display: Any = importlib.import_module("IPython.display").display
        display(bundle, raw=True)


def is_foreign(module: str) -> bool:
    """Tell whether a module can be a package's, and is no slip of the user's own.

    What is there in part lacks something that no other package brings, unless
    several share its name; what looks like a file beside the notebook is meant to be
    that one.
    """
    top = _top(module)
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return False
    if spec is not None:
        return spec.origin is None and "." in module
    return not _alike(top, _local())


def _top(module: str) -> str:
    return module.partition(".")[0]


def _alike(name: str, others: Iterable[str]) -> bool:
    plain = name.lower()
    rest = [other.lower() for other in others if other != name]
    return bool(difflib.get_close_matches(plain, rest, 1, _ALIKE))


def _local() -> List[str]:
    """List what can be imported from the folder of the notebook."""
    try:
        names = os.listdir(".")  # noqa: PTH208
    except OSError:
        return []
    return [name.partition(".")[0] for name in names if _is_code(name)]


def _is_code(name: str) -> bool:
    is_file = name.endswith((".py", ".pyx", ".ipynb"))
    return is_file or (name.isidentifier() and os.path.isdir(name))  # noqa: PTH112


def _installed() -> List[str]:
    return [each.name for each in pkgutil.iter_modules()]
