"""``python -m pixi_jupyter.engine``: serves the verbs on stdin and stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.engine.streams import claim

if TYPE_CHECKING:
    from pixi_jupyter.engine.jobs import Verb


def load(verb: str) -> tuple[Verb, Any]:
    """Import a verb when it is first asked for."""
    from pixi_jupyter.commands.registry import load as load_verb

    return load_verb(verb)


def main() -> None:
    """Serve until there is a reason to leave."""
    read, write = claim()
    import logging

    from pixi_jupyter.engine.worker import Engine, run

    logging.basicConfig(level=logging.WARNING)
    run(Engine(load, read=read, write=write))


if __name__ == "__main__":
    main()
