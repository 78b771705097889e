"""What a command said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


@dataclass
class Answer:
    """Exit code and texts of one command."""

    code: int
    out: str
    err: str


def run_command(capsys: pytest.CaptureFixture[str], *words: str) -> Answer:
    """Run a command in this process, as a person would."""
    from pixi_jupyter.cli.main import main

    capsys.readouterr()
    code = main(words)
    captured = capsys.readouterr()
    return Answer(code, captured.out, captured.err)
