"""The table of speed can be made; what it says is for people to read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TABLE = Path(__file__).parent / "benchmarks" / "table.py"


@pytest.mark.slow
def test_every_row_of_the_table_is_measured() -> None:
    done = subprocess.run(
        [sys.executable, TABLE, "--rounds", "1", "--channel", "small", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert {row["goal"] for row in rows} >= {
        "<= 1.3x",
        "<= 1.1x",
        "<= 2.5x",
        "<= 0.25 s",
        "<= 0.02 s",
        "<= 500 MB",
    }
    assert all(row["ours"] > 0 for row in rows)
