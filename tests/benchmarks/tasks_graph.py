"""A row of the table: how long it takes to plan two hundred tasks."""

from __future__ import annotations

import time
from pathlib import Path

from bench import Row

from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.tasks.graph import make_plan

TASKS = 200


def manifest() -> str:
    """Write tasks each of which needs the next two, with an argument."""
    lines = [
        "[workspace]",
        'channels = ["conda-forge"]',
        'platforms = ["linux-64"]',
        "[tasks]",
    ]
    for number in range(TASKS):
        needs = ", ".join(
            f'{{ task = "t{other}", args = ["{{{{ v }}}}"] }}'
            for other in (number + 1, number + 2)
            if other < TASKS
        )
        lines.append(
            f't{number} = {{ cmd = "echo {{{{ v }}}}", args = ["v"],'
            f" depends-on = [{needs}] }}"
        )
    return "\n".join(lines)


def graph_rows(rounds: int) -> list[Row]:
    """Plan, and give the median."""
    composition = compose(parse_manifest(manifest(), Path("pixi.toml").absolute()))
    seconds = []
    for _ in range(max(rounds, 1) * 5):
        begin = time.perf_counter()
        plan = make_plan(
            composition,
            ["t0", "x"],
            environment=None,
            platform_of=lambda environment: environment.platforms[0],
        )
        seconds.append(time.perf_counter() - begin)
        if len(plan.nodes) != TASKS:
            msg = "not all tasks are planned"
            raise RuntimeError(msg)
    median = sorted(seconds)[len(seconds) // 2]
    return [Row("plan 200 tasks", median, goal="<= 0.05 s", most=0.05)]
