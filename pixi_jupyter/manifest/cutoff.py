"""`exclude-newer`: the moment after which a package does not exist.

Rules: pixi 0.77.0 (read 2026-11). A date means the start of the next day in UTC;
a duration counts back from now.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_UNITS = {
    "s": "seconds",
    "sec": "seconds",
    "second": "seconds",
    "m": "minutes",
    "min": "minutes",
    "minute": "minutes",
    "h": "hours",
    "hr": "hours",
    "hour": "hours",
    "d": "days",
    "day": "days",
    "w": "weeks",
    "week": "weeks",
}
_PART = re.compile(r"([0-9]+)\s*([a-z]+)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """The cutoffs of an environment: a package's, else its channel's, else the rest's.

    All are aware moments in UTC.
    """

    default: datetime | None = None
    channels: Mapping[str, datetime]
    """By the channel's name as it is written."""
    packages: Mapping[str, datetime]
    """By conda name, in lower case."""
    pypi: Mapping[str, datetime]
    """By normalised PyPI name."""

    @property
    def is_plain(self) -> bool:
        """Whether one cutoff, or none, holds for all conda packages."""
        return not self.channels and not self.packages

    def of(self, name: str, channel: str) -> datetime | None:
        """Give the cutoff of a conda package in a channel."""
        if name in self.packages:
            return self.packages[name]
        return self.channels.get(channel, self.default)


def check_cutoff(text: str, source: Source, keys: Keys) -> None:
    """Put what is wrong with a cutoff on the list of faults."""
    try:
        parse_cutoff(text)
    except ValueError:
        reason = "a date, a time or a duration such as 7d belongs here"
        source.faults.append(source.error(keys, reason, hint='"2026-01-31"'))


def parse_cutoff(text: str, *, now: datetime | None = None) -> datetime:
    """Read a date, an RFC 3339 time or a duration.

    Parameters
    ----------
    text
        ``2025-03-01``, ``2025-03-01T12:00:00Z`` or ``7d``, ``1h30m``.
    now
        Aware; what a duration counts back from.

    Returns
    -------
    datetime
        Aware, in UTC.

    Raises
    ------
    ValueError
        If the text is none of these.

    Examples
    --------
    >>> parse_cutoff("2025-03-01").isoformat()
    '2025-03-02T00:00:00+00:00'
    """
    try:
        return _parsed(text.strip(), now or datetime.now(timezone.utc))
    except OverflowError as error:
        msg = f"{text!r} is out of the range of dates"
        raise ValueError(msg) from error


def _parsed(text: str, now: datetime) -> datetime:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        day = date.fromisoformat(text) + timedelta(days=1)
        return datetime.combine(day, time(), timezone.utc)
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", text):
        moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text))
        if moment.tzinfo is None:
            msg = f"{text!r} has no time zone"
            raise ValueError(msg)
        return moment.astimezone(timezone.utc)
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text):
        msg = f"{text!r} is no date, time or duration"
        raise ValueError(msg)
    back = timedelta()
    for number, unit in parts:
        name = _UNITS.get(unit) or _UNITS.get(unit.rstrip("s"))
        if name is None:
            msg = f"{unit!r} is no unit of time"
            raise ValueError(msg)
        back += timedelta(**{name: int(number)})
    return now - back
