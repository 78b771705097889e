"""Completion of ``%pixi``, asked of the engine; nothing else mixes in."""

import contextlib
import importlib
import queue
import re
from typing import Any, Dict, List, Tuple

from .failures import CallError

TIMEOUT_SECONDS = 0.3
"""A person waits for a list no longer than this."""

_LINE = re.compile(r"^(?:[^%#'\"]*=)?\s*(?=%{1,2}pixi\s)")
_IDENTIFIER = "pixi_jupyter.matcher"
_KEY = "%pixi"

Matches = List[Dict[str, str]]


def ask(magic: Any, text: str) -> Tuple[int, Matches]:  # noqa: ANN401  the module above
    """Ask for what could stand at the end of a text.

    Returns
    -------
    tuple
        Where it begins, and what it could be; nothing if the engine is not there
        in time. It is then when the next one asks.
    """
    from .magics import client

    # a value may be assigned
    found = _LINE.match(text)
    before = found.end() if found else 0
    line = text[before:]
    engine = client(magic.options)
    inbox: "queue.SimpleQueue[Dict[str, Any]]" = queue.SimpleQueue()
    params = dict(magic.where, line=line, cursor=len(line))
    try:
        engine.start("complete", params, inbox.put)
        message = inbox.get(timeout=TIMEOUT_SECONDS)
    except (CallError, queue.Empty):
        return len(text), []
    answer = message.get("result") or {}
    start = int(answer.get("start", len(line)))
    return before + start, list(answer.get("matches", ()))


def add_completion(shell: Any, magic: Any) -> None:  # noqa: ANN401  IPython's and ours
    """Let a shell complete ``%pixi``."""
    completer: Any = importlib.import_module("IPython.core.completer")
    if not hasattr(completer, "context_matcher"):  # before IPython 8.6
        _add_hook(shell, magic)
        return

    def match(context: Any) -> Dict[str, Any]:  # noqa: ANN401
        line = context.text_until_cursor
        if not _LINE.match(line):
            return {"completions": []}
        start, matches = ask(magic, line)
        return {
            "completions": [
                completer.SimpleCompletion(text=each["text"], type="param")
                for each in matches
            ],
            "matched_fragment": line[start:],
            "ordered": True,
            "suppress": True,
        }

    mark = completer.context_matcher(identifier=_IDENTIFIER)
    shell.Completer.custom_matchers.append(mark(match))


def _add_hook(shell: Any, magic: Any) -> None:  # noqa: ANN401
    def complete(_shell: Any, event: Any) -> List[str]:  # noqa: ANN401
        line = event.text_until_cursor
        start, matches = ask(magic, line)
        # the hook replaces what readline takes for a word
        cut = max(0, len(line) - len(event.symbol) - start)
        return [each["text"][cut:] for each in matches]

    for key in (_KEY, "%" + _KEY):
        shell.set_hook("complete_command", complete, str_key=key)


def remove_completion(shell: Any) -> None:  # noqa: ANN401
    """Let a shell complete as before."""
    with contextlib.suppress(AttributeError):
        matchers = shell.Completer.custom_matchers
        matchers[:] = [
            each
            for each in matchers
            if getattr(each, "matcher_identifier", None) != _IDENTIFIER
        ]
    with contextlib.suppress(AttributeError, KeyError):
        for key in (_KEY, "%" + _KEY):
            shell.strdispatchers["complete_command"].strs.pop(key, None)
