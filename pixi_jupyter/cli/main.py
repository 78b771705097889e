"""``pixi-jupyter``: read the words, run the verb here, show the outcome."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from pixi_jupyter.cli.banners import STYLES, is_colored
from pixi_jupyter.cli.signals import CANCELLED, Stop
from pixi_jupyter.commands.registry import load
from pixi_jupyter.commands.tree import Invocation, parse
from pixi_jupyter.errors import (
    CommandNotFoundError,
    CommandStartError,
    OperationCancelledError,
    PixiJupyterError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from pixi_jupyter.commands.text import Line
    from pixi_jupyter.verbs.config_edit import ConfigEditResult
    from pixi_jupyter.verbs.run import RunResult
    from pixi_jupyter.verbs.run_tasks import TaskRunResult

OK, FAILED, USAGE, NOT_FOUND, READER_GONE = 0, 1, 2, 127, 141
COMPLETE = "complete"
"""The word with which a shell asks; no command of the tree."""


def entry() -> NoReturn:
    """Run the command and end the process.

    Notes
    -----
    py-rattler can crash the interpreter while it shuts down, after the work is done
    (PyO3/pyo3-async-runtimes#40), so the process ends without that.
    """
    # a tenth of a short command was spent on looking for garbage among modules
    gc.set_threshold(100_000)
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        code = READER_GONE
    os._exit(code)


def main(words: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    words
        Without the program's name.

    Returns
    -------
    int
        0, 1 for an error of ours, 2 for wrong words; 130 where Ctrl-C cancelled it,
        143 where SIGTERM did; for `run` the command's own.
    """
    if list(words[:1]) == [COMPLETE]:
        from pixi_jupyter.cli import candidates

        return candidates.main(list(words[1:]))
    return _command(words)


def _command(words: Sequence[str]) -> int:
    stop = Stop()
    invocation: Invocation | None = None
    try:
        invocation = parse(words or ["--help"])
        if invocation is None:
            return OK if words else USAGE
        with _said(invocation):
            return _run(invocation, stop)
    except click.exceptions.Exit as done:
        return int(done.exit_code)
    except click.ClickException as error:
        _show_error([error.format_message()], "auto")
        _print([_hint("pixi-jupyter --help")], sys.stderr, "auto")
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        _show_error(["cancelled"], "auto")
        return CANCELLED
    except PixiJupyterError as error:
        if invocation is not None and invocation.json:
            _print_json({"error": error.to_wire()})
        return _failed(error, words, stop)


def _said(invocation: Invocation) -> AbstractContextManager[None]:
    """Let the options about settings stand over the files."""
    if not invocation.settings:
        return nullcontext()
    from pixi_jupyter.config import overridden

    return overridden(invocation.settings)


def _print_json(value: object) -> None:
    import json

    from pixi_jupyter.redaction import redacted

    text = redacted(json.dumps(value, indent=2, ensure_ascii=False))
    print(text.replace("{command}", "pixi-jupyter"))


def _failed(error: PixiJupyterError, words: Sequence[str], stop: Stop) -> int:
    if "--traceback" in words or os.environ.get("PIXI_JUPYTER_DEBUG"):
        import traceback

        traceback.print_exception(error)
    else:
        _show_error(error.lines(), "auto")
    if isinstance(error, OperationCancelledError):
        return stop.exit_code
    if isinstance(error, CommandNotFoundError):
        return NOT_FOUND
    return USAGE if isinstance(error, UsageError) else FAILED


def _run(invocation: Invocation, stop: Stop) -> int:
    if invocation.verb == "run":
        from pixi_jupyter.verbs.run import RunRequest, quick_run

        invocation = replace(
            invocation, arguments={**invocation.arguments, "output": "inherit"}
        )
        ready = quick_run(RunRequest.from_wire(invocation.arguments))
        if ready is not None:
            return _become(ready)
    if invocation.verb == "install":
        from pixi_jupyter.verbs.installed import InstallRequest, quick_install

        done = quick_install(InstallRequest.from_wire(invocation.arguments))
        if done is not None:
            return _show(invocation, done)
    import asyncio

    from pixi_jupyter.cli.progress import Progress

    function, request_class = load(invocation.verb)
    request = request_class.from_wire(invocation.arguments)
    with Progress(
        bars=invocation.progress,
        quiet=invocation.quiet,
        verbose=invocation.verbose,
        color=invocation.color,
    ) as progress:
        result = asyncio.run(
            stop.run(
                function, request, progress, name=invocation.verb.replace("_", " ")
            )
        )
    if invocation.verb in {"run", "shell"}:
        if hasattr(result, "program"):
            return _become(result)
        return _ran(invocation, result, stop)
    if invocation.verb == "config_edit":
        return _edit(result)
    return _show(invocation, result)


def _ran(invocation: Invocation, result: TaskRunResult, stop: Stop) -> int:
    """End as the tasks did; what they are and said has been shown."""
    if result.is_dry or result.available:
        _show(invocation, result)
    sys.stdout.flush()
    sys.stderr.flush()
    stop.end_like(result.exit_code)
    return result.exit_code


def _become(result: RunResult) -> int:
    """Put the command in the place of this process, so that signals reach it."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.chdir(result.cwd)
        try:
            os.execve(result.program, list(result.command), dict(result.environ))  # noqa: S606  what the user typed
        except OSError as error:
            reason = error.strerror or str(error)
            raise CommandStartError(result.program, reason=reason) from error
    import subprocess

    done = subprocess.run(  # noqa: S603  what the user typed
        [result.program, *result.command[1:]],
        env=dict(result.environ),
        cwd=result.cwd,
        check=False,
    )
    return done.returncode


def _edit(result: ConfigEditResult) -> int:
    """Let a person edit a file; what the editor says of it does not matter."""
    import subprocess

    try:
        subprocess.run(result.command, check=False)  # noqa: S603  what the user typed
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandStartError(result.command[0], reason=reason) from error
    return OK


def _show(invocation: Invocation, result: Any) -> int:  # noqa: ANN401
    from pixi_jupyter.commands.render import as_json, render

    rendered = render(invocation.verb, result)
    if invocation.json:
        print(as_json(result))
    else:
        _print(rendered.stdout, sys.stdout, invocation.color)
    is_data = invocation.json and rendered.stdout and not rendered.beside_json
    if not invocation.quiet and not is_data:
        _print(rendered.stderr, sys.stderr, invocation.color)
    return int(getattr(result, "exit_code", OK))


def _print(lines: Iterable[Line], stream: TextIO, color: str) -> None:
    colored = is_colored(stream, color)
    for each in lines:
        text = "".join(
            f"{STYLES[span.style]}{span.text}\x1b[0m"
            if colored and span.style
            else span.text
            for span in each
        )
        encoding = stream.encoding or "utf-8"
        if not encoding.lower().startswith("utf"):
            text = text.replace("✔", "v").encode(encoding, "replace").decode(encoding)
        print(text.rstrip(), file=stream)


def _hint(text: str) -> Line:
    from pixi_jupyter.commands.text import Span, line

    return line(Span("hint: ", "cyan"), text)


def _show_error(lines: Sequence[str], color: str) -> None:
    from pixi_jupyter.commands.text import Span, line

    shown = [line(Span("error: ", "red"), _lower_first(lines[0]))]
    for each in lines[1:]:
        if each.startswith("hint: "):
            shown.append(_hint(each.removeprefix("hint: ")))
        else:
            shown.append(line("     " + each))
    _print(shown, sys.stderr, color)


def _lower_first(text: str) -> str:
    """Begin a sentence small after a colon, unless it begins with a name."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first.istitle() else text
