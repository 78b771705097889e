"""``%pixi`` and ``%%pixi``: the command tree below a cell."""

import atexit
import importlib
import os
import sys
from pathlib import PurePath
from typing import Any, Dict, List, Optional, Sequence

from .client import CallCancelledError, CallError, Client
from .display import Display, preformatted
from .failures import CANCELLED, PixiError
from .missing import Missing
from .modules import Watch, sentence
from .owning import SENTENCE, named_notebook, own
from .words import names_command, split

_READ_ONLY = frozenset(
    ("", "info", "kernel", "list", "run", "search", "task", "tasks", "tree")
)
_AFFECTING = frozenset(("add", "remove", "install", "upgrade"))
_STAYING = frozenset(("--no-install", "--dry-run", "-n"))

_clients: List[Client] = []
"""The one of this process, once it was asked for."""


def client(options: Dict[str, str]) -> Client:
    """Give the client of this process; its engine starts when it is first asked."""
    if not _clients:
        _clients.append(another_client(options))
        atexit.register(_clients[0].close)
    return _clients[0]


def another_client(options: Dict[str, str]) -> Client:
    """Give a client with an engine that nobody else asks."""
    return Client(options.get("host") or sys.executable)


def close() -> None:
    """Let the engine of this process go, if there is one."""
    while _clients:
        leaving = _clients.pop()
        atexit.unregister(leaving.close)
        leaving.close()


class Pixi:
    """The magic of one shell.

    Parameters
    ----------
    shell
        The running InteractiveShell.
    options
        What the kernel was started with; empty where it is not one of ours.
    """

    def __init__(self, shell: Any, options: Dict[str, str]) -> None:  # noqa: ANN401  IPython's
        self.shell, self.options = shell, options
        self.missing = Missing(self, self._quickly)
        overlay = options.get("overlay")
        self._moved = False
        self._watch = Watch([sys.prefix, *([overlay] if overlay else [])], overlay)

    @property
    def where(self) -> Dict[str, Optional[str]]:
        """Folder, manifest and prefix of a request."""
        try:
            folder = os.getcwd()  # noqa: PTH109
        except OSError:  # it was removed
            folder = os.path.expanduser("~")  # noqa: PTH111
        manifest = self.options.get("manifest")
        is_ours = manifest or PurePath(sys.prefix).parts[-3:-1] == (".pixi", "envs")
        prefix = sys.prefix if is_ours else None
        found = {"cwd": folder, "manifest": manifest, "prefix": prefix}
        notebook = named_notebook(self.options)
        return dict(found, notebook=notebook) if notebook else found

    def run_line(self, line: str) -> Any:  # noqa: ANN401  any JSON
        """Do what a line says.

        Returns
        -------
        object
            The data of a command with ``--json``, else None.

        Raises
        ------
        PixiError
            If it failed, was cancelled, or ended with an exit code.
        """
        return self._command(split(line), "%pixi " + line.strip())

    def run_cell(self, line: str, cell: str) -> None:
        """Run a cell's text in an environment, by default as a Python script.

        Raises
        ------
        PixiError
            As `run_line`.
        """
        words = split(line)
        if not words or words[0] != "run":
            what = words[0] if words else ""
            raise PixiError(
                [
                    ("A cell is for %%%%pixi run, not for %s" % what)
                    if what
                    else "A cell is for %%pixi run",
                    "hint: %%pixi run -e NAME",
                ]
            )
        if not names_command(words[1:]):
            words += ["-x", "python", "-"]
        self._command(words, "%%pixi " + line.strip(), cell)

    def _command(self, words: List[str], title: str, cell: Optional[str] = None) -> Any:  # noqa: ANN401
        verb = next((word for word in words if not word.startswith("-")), "")
        wants_data = verb != "run" and "--json" in words
        display = Display(
            self.shell, title.rstrip(), quiet=wants_data, runs=verb == "run"
        )
        changing = verb not in _READ_ONLY
        if changing:
            self._watch.look()
        try:
            if own(self.options, verb, lambda *x: self._call(x[0], x[1], display)):
                self._moved = True
            result = self._ask(words, display)
            if changing:
                self._follow(verb, words, result, display)
        except (CallError, KeyboardInterrupt) as error:
            raise self._failed(error, title.strip(), display) from None
        finally:
            if changing:
                importlib.invalidate_caches()
        return self._finish(result, title.strip(), display, cell, wants_data)

    def _ask(self, words: List[str], display: Display) -> Dict[str, Any]:
        params = {"words": words or ["--help"], "face": "%pixi", **self.where}
        found: Dict[str, Any] = self._call("command", params, display)
        return found

    def _call(self, method: str, params: Dict[str, Any], display: Display) -> Any:  # noqa: ANN401
        return client(self.options).call(
            method, params, display.event, on_tick=display.tick
        )

    def _quickly(self, method: str, params: Dict[str, Any], on_tick: Any) -> Any:  # noqa: ANN401
        return client(self.options).call(method, params, on_tick=on_tick)

    def _follow(
        self, verb: str, words: Sequence[str], result: Dict[str, Any], display: Display
    ) -> None:
        """Bring the kernel's own environment up to date, if the command did not."""
        manifest = self.options.get("manifest")
        elsewhere = any(word.startswith(("-m", "--manifest-path")) for word in words)
        if (
            not manifest
            or elsewhere
            or verb not in _AFFECTING
            or result.get("exit_code")
            or _STAYING.intersection(words)
            or _is_installed(result.get("data"))
        ):
            return
        environment = self.options.get("environment", "default")
        request = {"manifest": manifest, "environment": environment, "kernel": True}
        params = {"verb": "ensure_installed", "request": request}
        self._call("verb", params, display)

    def _failed(self, error: BaseException, title: str, display: Display) -> PixiError:
        if isinstance(error, CallCancelledError):
            state = error.message.partition("was cancelled, ")[2]
            if error.code != CANCELLED or not state:
                state = "the next command puts things in order"
            display.fail()
            return PixiError(["%s was cancelled, %s" % (title, state)])
        display.fail()
        if isinstance(error, CallError):
            # as text only: the same words as HTML would stand above the error
            return PixiError(error.lines("%pixi"))
        return PixiError(["%s was cancelled" % title])

    def _finish(
        self,
        result: Dict[str, Any],
        title: str,
        display: Display,
        cell: Optional[str],
        wants_data: bool,  # noqa: FBT001
    ) -> Any:  # noqa: ANN401
        if result.get("run"):
            display.clear()
            self._run(result["run"], title, cell)
            return None
        code = result.get("exit_code") or 0
        if wants_data and not code and result.get("data") is not None:
            display.clear()
            return result["data"]
        if result.get("verb") == "run":
            self._tell_exit_code(code)
        if result.get("verb") == "tasks" and self._show_tasks(result, display):
            return None
        stale = sentence(self._watch.stale())
        stale = SENTENCE if self._moved else stale
        notes = [("restart", stale)] if stale else []
        if not (result.get("quiet") or display.gave_way) or notes:
            text, page = result.get("text") or "", result.get("html") or ""
            if text and not page and result.get("verb"):
                page = preformatted(text)
            display.show(text, page, notes)
        else:
            display.clear()
        # help is no failure, whether it was asked for or not
        if code and result.get("verb"):
            raise _ended(title, code)
        return None

    def _show_tasks(self, result: Dict[str, Any], display: Display) -> bool:
        from .tasks.show import widgets

        def engine() -> Client:
            return another_client(self.options)

        shown = widgets(self.shell, result, self.where, engine)
        if shown:
            display.replace(*shown)
        return bool(shown)

    def _tell_exit_code(self, code: int) -> None:
        # as IPython's own `!` does
        self.shell.user_ns["_exit_code"] = code

    def _run(self, start: Dict[str, Any], title: str, cell: Optional[str]) -> None:
        from .child import renewed, run

        environ = renewed(start["environ"], client(self.options).environ)
        try:
            code = run(dict(start, environ=environ), cell)
        except OSError as error:
            text = "%s could not be started: %s" % (start["program"], error)
            raise PixiError([text]) from None
        self._tell_exit_code(code)
        if code:
            raise _ended(title, code)


def _ended(title: str, code: int) -> PixiError:
    end = "signal %d" % -code if code < 0 else "exit code %d" % code
    return PixiError(["%s ended with %s" % (title, end)], code)


def _is_installed(data: Any) -> bool:  # noqa: ANN401  any JSON
    """Tell whether a command has brought the prefix of this process up to date."""
    done = data.get("installed") if isinstance(data, dict) else None
    mine = os.path.realpath(sys.prefix)
    return any(os.path.realpath(each.get("prefix", "")) == mine for each in done or ())
