"""Rows about tasks: what a run costs above its shell, and much output.

``python tests/benchmarks/tasks.py [--rounds N] [--json]``
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bench import PROGRAM, Bench, Row, in_turns, print_rows, timed
from made_channel import SMALL, make_channel
from tasks_graph import graph_rows

from pixi_jupyter.adapters.deno import find_deno, shell_command, shell_environ

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Action = Callable[[Bench, Sequence[str]], float]

MEGABYTES = 100
TASKS = """
[tasks]
nothing = "true"
much = "/usr/bin/head -c {size} /dev/zero | tr '\\\\0' '\\\\n'"
"""


def start_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    """Run nothing: the second time, the first of a process, and a bare shell."""

    def warm() -> float:
        return _seconds(bench, [*PROGRAM, "run", "-q", "nothing"])

    def cold() -> float:
        shutil.rmtree(bench.workspace / ".pixi", ignore_errors=True)
        return warm()

    def shell() -> float:
        return _seconds(bench, _bare("true"))

    later, bare = in_turns(rounds, warm, shell, least=least)
    first, _ = in_turns(min(rounds, 3), cold, shell, least=least)
    warm()
    return [
        Row("run true, above its shell", later - bare, goal="<= 0.3 s", most=0.3),
        Row("run true, nothing installed", first),
    ]


def output_rows(bench: Bench, rounds: int, *, least: bool) -> list[Row]:
    """Let a task write much, to a pipe and to a terminal."""
    text = f"/usr/bin/head -c {MEGABYTES * 1_000_000} /dev/zero | tr '\\0' '\\n'"
    found = []
    for name, action in (("a pipe", _to_pipe), ("a terminal", _to_terminal)):

        def ours(action: Action = action) -> float:
            return action(bench, [*PROGRAM, "run", "-q", "much"])

        def theirs(action: Action = action) -> float:
            return action(bench, _bare(text))

        mine, bare = in_turns(min(rounds, 3), ours, theirs, least=least)
        what = f"{MEGABYTES} MB of output to {name}"
        found.append(Row(what, mine, "bare shell", bare, "<= 2x", most=2.0))
    return found


def _bare(script: str) -> Sequence[str]:
    return shell_command(find_deno(), script, os.environ)


def _seconds(bench: Bench, words: Sequence[str]) -> float:
    def run() -> None:
        subprocess.run(
            words, cwd=bench.workspace, env=shell_environ(os.environ), check=True
        )

    seconds: float = timed(run)
    return seconds


def _to_pipe(bench: Bench, words: Sequence[str]) -> float:
    def run() -> None:
        process = subprocess.Popen(
            words, cwd=bench.workspace, stdout=subprocess.PIPE, env=_environ()
        )
        assert process.stdout
        _count(process.stdout.fileno(), MEGABYTES * 1_000_000)
        process.wait()

    seconds: float = timed(run)
    return seconds


def _to_terminal(bench: Bench, words: Sequence[str]) -> float:
    def run() -> None:
        mine, theirs = pty.openpty()
        # a terminal writes a line's end as two characters
        size = 2 * MEGABYTES * 1_000_000
        reader = threading.Thread(target=_count, args=(mine, size))
        reader.start()
        subprocess.run(
            words,
            cwd=bench.workspace,
            stdout=theirs,
            stdin=theirs,
            env=_environ(),
            check=True,
        )
        reader.join()
        os.close(theirs)
        os.close(mine)

    seconds: float = timed(run)
    return seconds


def _environ() -> dict[str, str]:
    return shell_environ(os.environ)


def _count(descriptor: int, size: int) -> None:
    """Read so much; a program that says less would be waited for without an end."""
    while size > 0:
        piece = os.read(descriptor, 1 << 20)
        assert piece, "the output is not whole"
        size -= len(piece)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--least", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-bench-") as name:
        folder = Path(name)
        url = make_channel(folder / "channel", SMALL)
        bench = Bench(folder / "place", url, ["made-000"], title="made")
        os.environ["RATTLER_CACHE_DIR"] = str(folder / "cache")
        manifest = bench.workspace / "pixi.toml"
        tasks = TASKS.format(size=MEGABYTES * 1_000_000)
        manifest.write_text(manifest.read_text() + tasks)
        rows = start_rows(bench, given.rounds, least=given.least)
        rows += output_rows(bench, given.rounds, least=given.least)
    rows += graph_rows(given.rounds)
    if given.json:
        print(json.dumps([row.to_json() for row in rows], indent=1))
    else:
        print_rows(rows)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
