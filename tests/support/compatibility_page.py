"""The page `docs/compatibility.md`, and an example of each of its keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from support.compatibility_table import STATES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.compatibility_table import Key

TEXT = Path(__file__).parents[1] / "tools" / "compatibility_text.md"
_WORKSPACE = 'channels = ["conda-forge"]\nplatforms = ["linux-64"]\n'


def page() -> str:
    """Give the whole page."""
    states = "".join(f"* *{state}*: {words}.\n" for state, words in STATES.items())
    tables = "\n".join(_section(title, keys) for title, (_, keys) in TABLES.items())
    text = TEXT.read_text(encoding="utf-8")
    return text.replace("{states}\n", states).replace("{tables}\n", tables)


def _section(title: str, keys: dict[str, Key]) -> str:
    rows: dict[tuple[str, str], list[str]] = {}
    for name, key in keys.items():
        rows.setdefault((key.state, key.note), []).append(f"`{name}`")
    lines = [f"### {title}\n", "| keys | state |", "|---|---|"]
    for (state, note), names in rows.items():
        lines.append(f"| {', '.join(names)} | {state}{f'; {note}' if note else ''} |")
    return "\n".join(lines) + "\n"


def examples() -> Iterator[tuple[str, str, Key, str]]:
    """Give each key with its place and a manifest that has it."""
    for place, keys in TABLES.values():
        for name, key in keys.items():
            yield place, name, key, _manifest(place, name, key)


def _manifest(place: str, name: str, key: Key) -> str:
    line = f"{name} = {key.example}\n"
    extra = "" if place.startswith("feature") else '[feature.extra.tasks]\nx = "x"\n'
    builds = name == "dev" or (place == "dependencies.a" and name in ("path", "git"))
    preview = 'preview = ["pixi-build"]\n' if builds else ""
    head = f"[workspace]\n{_WORKSPACE}{preview}"
    if place == "workspace":
        kept = [x for x in _WORKSPACE.splitlines() if not x.startswith(f"{name} ")]
        body = "\n".join(kept)
        return f"[workspace]\n{body}\n{line}"
    if place == "platforms":
        entry = f'{{ platform = "linux-64", {name} = {key.example} }}'
        return f'[workspace]\nchannels = ["conda-forge"]\nplatforms = [{entry}]\n'
    if place == "package":
        rest = {
            "name": '"a"',
            "version": '"1"',
            "build": PACKAGE_BUILD,
            name: key.example,
        }
        body = "".join(f"{each} = {value}\n" for each, value in rest.items())
        return f'{head}preview = ["pixi-build"]\n[package]\n{body}'
    if place == "":
        own = extra if name not in {"feature"} else ""
        return f"{line}{head}{own}"
    if place == "tasks.a":
        cmd = "" if name == "cmd" else 'cmd = "x"\n'
        return f'{head}[tasks]\nbuild = "x"\n[tasks.a]\n{cmd}{line}{_TEST}{extra}'
    needs = 'version = "*"\n' if place.endswith(".a") and name == "extras" else ""
    return f"{head}[{place}]\n{needs}{line}{extra}"


PACKAGE_BUILD = '{ backend = { name = "pixi-build-python", version = "*" } }'
_TEST = '[environments]\ntest = ["extra"]\n'
