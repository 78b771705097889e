"""The command line, which sends itself a signal at one moment of its work.

``signalled.py MOMENT SIGNAL WORDS…``: ``fetch`` is when the place for what is
fetched is made, ``link`` whenever a change of a prefix begins: also that which
undoes another one.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from pixi_jupyter.cli.main import entry


def main() -> None:
    """Run it."""
    moment, name, *words = sys.argv[1:]
    sent: list[str] = []

    def send() -> None:
        if moment == "link" or not sent:
            sent.append(moment)
            os.kill(os.getpid(), getattr(signal, name))

    def is_it(event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "os.rename" and moment == "link":
            return str(arguments[1]).endswith("pixi-jupyter-journal")
        is_scratch = event == "tempfile.mkdtemp" and "scratch" in str(arguments[0])
        return is_scratch and moment == "fetch"

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if is_it(event, arguments):
            send()

    sys.addaudithook(audit)
    sys.argv[1:] = words
    entry()


main()
