"""From a message to what is to be done about it; imports a command when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pixi_jupyter.errors import UsageError
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from pixi_jupyter.commands.candidates import Completer
    from pixi_jupyter.engine.protocol import Message
    from pixi_jupyter.events import Operation

    Verb: TypeAlias = Callable[[Any, Operation], Awaitable[Any]]
    Load: TypeAlias = Callable[[str], tuple[Verb, Any]]
    Work: TypeAlias = Callable[[Operation], Awaitable[object]]

METHODS = frozenset(("verb", "command", "complete"))
"""Requests that take time."""

QUICK = frozenset(
    (
        "info",
        "kernel_list",
        "list",
        "operations",
        "overview",
        "packages",
        "search",
        "suggest",
        "tree",
    )
)
"""Verbs that install nothing, and are answered while another one runs."""

_LONG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that can be done, once."""

    work: Work
    """Gives JSON."""
    is_quick: bool
    """Whether it need not wait for its turn."""


def name_of(message: Message) -> str:
    """Give the words by which people know a request."""
    params = message.params
    if message.method == "command":
        words = params.get("words")
        text = " ".join(map(str, words)) if isinstance(words, list) else ""
        return text if len(text) <= _LONG else text[:_LONG] + "…"
    return str(params.get("verb")) if message.method == "verb" else message.method


def face_of(message: Message) -> str:
    """Give the word that begins a command where words were typed."""
    is_command = message.method == "command"
    return str(message.params.get("face") or "%pixi") if is_command else ""


class Jobs:
    """Prepares what messages ask for.

    Parameters
    ----------
    load
        Gives the function and the request class of a verb.
    quick
        Verbs that do not wait for their turn.
    """

    def __init__(self, load: Load, quick: Collection[str] = QUICK) -> None:
        self._load, self._quick = load, quick
        self._completer: Completer | None = None

    def prepare(self, message: Message) -> Job:
        """Read a request.

        Raises
        ------
        PixiJupyterError
            If it cannot be carried out; nothing was done.
        """
        match message.method:
            case "verb":
                return self._verb(message.params)
            case "command":
                return self._command(message.params)
            case _:
                return self._complete(message.params)

    def _verb(self, params: dict[str, Any]) -> Job:
        verb = str(params.get("verb"))
        function, request_class = self._load(verb)
        data = params.get("request", {})
        if not isinstance(data, dict):
            what = "A request is a table of arguments"
            raise UsageError(what)
        request = request_class.from_wire(data)

        async def work(operation: Operation) -> object:
            result: object = (await function(request, operation)).to_json()
            return result

        return Job(work=work, is_quick=verb in self._quick)

    def _command(self, params: dict[str, Any]) -> Job:
        from pixi_jupyter.commands.call import Answer, read_words
        from pixi_jupyter.commands.place import Place

        words = params.get("words")
        if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
            what = "The words of a command are a list of texts"
            raise UsageError(what)
        found = read_words(words, Place.from_wire(params))

        async def work(operation: Operation) -> object:
            answer = found if isinstance(found, Answer) else await found.run(operation)
            return answer.to_json()

        is_quick = isinstance(found, Answer) or found.verb in self._quick
        return Job(work=work, is_quick=is_quick)

    def _complete(self, params: dict[str, Any]) -> Job:
        if self._completer is None:
            from pixi_jupyter.commands.candidates import Completer

            self._completer = Completer()
        completer = self._completer

        async def work(operation: Operation) -> object:
            del operation
            answer: object = await completer.complete(params)
            return answer

        return Job(work=work, is_quick=True)
