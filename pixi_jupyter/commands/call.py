"""Words in, what a face shows out: for faces that have no terminal of their own.

The terminal's face is `pixi_jupyter.cli`; here nothing is printed, nothing depends
on the process' current folder, and a command that would replace the process is
handed back instead.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from dataclasses import field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pixi_jupyter.commands.place import arguments_at, settings_at
from pixi_jupyter.commands.registry import load
from pixi_jupyter.commands.tree import Invocation, parse
from pixi_jupyter.config import overridden
from pixi_jupyter.errors import PixiJupyterError, UsageError
from pixi_jupyter.events import Operation
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixi_jupyter.commands.place import Place
    from pixi_jupyter.commands.registry import Verb
    from pixi_jupyter.events import Event
    from pixi_jupyter.install.outcome import InstallOutcome
    from pixi_jupyter.verbs.request import Request

OK, USAGE = 0, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of the words."""

    verb: str = ""
    """As `registry.VERBS` has it; empty for a help text."""
    exit_code: int = OK
    text: str = ""
    html: str = ""
    data: Any = None
    """The JSON form of the result."""
    changed: tuple[str, ...] = ()
    """Packages that were added, removed or changed in `prefix`."""
    prefix: Path | None = None
    run: Mapping[str, Any] | None = None
    """How to start the command, for the face to do."""
    is_quiet: bool = False
    """Whether it was asked for that nothing is shown."""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "verb": self.verb,
            "exit_code": self.exit_code,
            "text": self.text,
            "html": self.html,
            "data": self.data,
            "changed": list(self.changed),
            "prefix": str(self.prefix) if self.prefix else None,
            "run": self.run,
            "quiet": self.is_quiet,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Words that were understood."""

    invocation: Invocation
    place: Place
    function: Verb = field(repr=False)
    request: Request

    @property
    def verb(self) -> str:
        """Its name in the registry."""
        return self.invocation.verb

    async def run(self, operation: Operation) -> Answer:
        """Carry it out.

        Raises
        ------
        PixiJupyterError
            As its verb does.
        """
        before = _packages(self.place.prefix)
        try:
            with overridden(settings_at(self.place, self.invocation)):
                result = await self.function(self.request, self._heard(operation))
        except PixiJupyterError as error:
            if self.invocation.traceback:
                from traceback import format_exception

                trace = "".join(format_exception(error))
                error.details = (*error.details, *trace.splitlines())
            raise
        answer = self._shown(result)
        prefix, changed = _changes(result, self.place.prefix)
        changed |= _names(before ^ _packages(self.place.prefix))
        return replace(answer, prefix=prefix, changed=tuple(sorted(changed)))

    def _heard(self, operation: Operation) -> Operation:
        """Leave out the events that nobody wants to see."""
        invocation = self.invocation
        if invocation.progress and not invocation.quiet:
            return operation

        def report(event: Event) -> None:
            if event.level == "output" or event.phase == "task":
                wanted = True  # the answer itself, as far as people see one
            elif event.level == "progress":
                wanted = event.phase == "waiting"
            elif event.level == "warning":
                wanted = invocation.quiet < 2  # noqa: PLR2004  -qq
            else:
                wanted = not invocation.quiet
            if wanted:
                operation.report(event)

        return Operation(report, parent=operation.parent, id=operation.id)

    def _shown(self, result: Any) -> Answer:  # noqa: ANN401  the result of any verb
        if self.verb in {"run", "shell"} and hasattr(result, "program"):
            return Answer(verb=self.verb, run=self._start(result.to_json()))
        from pixi_jupyter.commands.html import to_html
        from pixi_jupyter.commands.render import as_json, render
        from pixi_jupyter.commands.text import plain

        rendered = render(self.verb, result, command=self.place.face)
        is_quiet = bool(self.invocation.quiet)
        lines = rendered.stdout if is_quiet else (*rendered.stderr, *rendered.stdout)
        text, html = plain(lines), ""
        if self.invocation.json:
            text = as_json(result)
        elif lines:
            html = to_html(self.verb, result, self.place.face)
        return Answer(
            verb=self.verb,
            exit_code=int(getattr(result, "exit_code", OK)),
            text=text,
            html=html,
            data=result.to_json(),
            is_quiet=is_quiet and not text,
        )

    def _start(self, start: dict[str, Any]) -> dict[str, Any]:
        """Say how to start a command from where the writer is."""
        environ = {**start["environ"], "INIT_CWD": str(self.place.cwd)}
        environ.pop("MALLOC_ARENA_MAX", None)  # the engine's own, see its client
        return {**start, "environ": environ, "cwd": str(self.place.cwd)}


def read_words(words: Sequence[str], place: Place) -> Command | Answer:
    """Understand words as they are typed after a command's name.

    Returns
    -------
    Command or Answer
        An answer where help or the version was asked for.

    Raises
    ------
    UsageError
        If the words do not fit.
    ManifestNotFoundError
        If the verb needs a workspace, and there is none.
    """
    shown = io.StringIO()
    try:
        with redirect_stdout(shown):
            invocation = parse(words or ["--help"], command=place.face)
    except click.exceptions.NoArgsIsHelpError as error:
        return Answer(exit_code=USAGE, text=error.format_message().rstrip())
    except click.ClickException as error:
        raise _usage(error, place) from error
    if invocation is None:
        code = OK if words else USAGE
        return Answer(exit_code=code, text=shown.getvalue().rstrip())
    function, request_class = load(invocation.verb)
    known = {each.name for each in fields(request_class)}
    arguments = arguments_at(place, invocation, known)
    return Command(
        invocation=invocation,
        place=place,
        function=function,
        request=request_class.from_wire(arguments),
    )


def _usage(error: click.ClickException, place: Place) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else place.face
    message = error.format_message().rstrip(".")
    return UsageError(message, hints=(f"{path} --help",))


def _packages(prefix: Path | None) -> set[str]:
    """List what is installed, as ``name-version-build``."""
    if prefix is None:
        return set()
    return {path.stem for path in (prefix / "conda-meta").glob("*.json")}


def _names(packages: Iterable[str]) -> set[str]:
    return {package.rsplit("-", 2)[0] for package in packages}


def _changes(result: Any, mine: Path | None) -> tuple[Path | None, set[str]]:  # noqa: ANN401  the result of any verb
    """Tell in which prefix something was installed, and what.

    Parameters
    ----------
    mine
        The only prefix that matters; None for whichever it was.
    """
    done = getattr(getattr(result, "changed", result), "installed", ())
    done = [each for each in done if isinstance(getattr(each, "prefix", None), Path)]
    if mine is not None:
        done = [each for each in done if each.prefix.resolve() == mine.resolve()]
    names: set[str] = set()
    for each in done:
        outcome: InstallOutcome = each.outcome
        names.update(
            outcome.added, outcome.removed, outcome.changed_names, outcome.repaired
        )
    found = next((each.prefix for each in done if each.changed), None)
    return mine or found or (done[0].prefix if done else None), names
