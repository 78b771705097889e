from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from pixi_jupyter.manifest.cutoff import parse_cutoff

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-12-31", datetime(2026, 1, 1, tzinfo=timezone.utc)),
        ("2025-12-31T10:00:00Z", datetime(2025, 12, 31, 10, tzinfo=timezone.utc)),
        ("2025-12-31T10:00:00+02:00", datetime(2025, 12, 31, 8, tzinfo=timezone.utc)),
        ("7d", NOW - timedelta(days=7)),
        ("1h30m", NOW - timedelta(minutes=90)),
        ("2 weeks 1 day", NOW - timedelta(days=15)),
        ("0d", NOW),
    ],
)
def test_a_cutoff_is_a_moment(text: str, moment: datetime) -> None:
    assert parse_cutoff(text, now=NOW) == moment


@pytest.mark.parametrize("text", ["", "soon", "7", "7 moons", "2025-13-01", "d7"])
def test_what_is_no_cutoff_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no|month"):
        parse_cutoff(text, now=NOW)
