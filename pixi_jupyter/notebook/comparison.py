"""Whether a cell gives what the notebook shows: nbval's own comparison, and its words.

What is compared, and how a cell says otherwise (``# NBVAL_IGNORE_OUTPUT``, the tag
``raises-exception``, …), is nbval's (0.11, read 2026-11); the cells are run by nbclient,
which notices a kernel that dies and shows outputs as JupyterLab does.
"""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOT_COMPARED = (
    "metadata",
    "traceback",
    "prompt_number",
    "output_type",
    "name",
    "execution_count",
    "application/vnd.jupyter.widget-view+json",
    "image/png",
    "image/jpeg",
)
"""Keys and kinds of data that nbval leaves out, unless it is asked for pictures."""
_LONGEST = 2000
"""Characters of an output that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a cell asks of whoever checks it."""

    skip: bool = False
    """It is not run."""
    check: bool = True
    """Its outputs have to be the same."""
    raises: bool = False
    """An error is no failure."""


def wanted_of(source: str, metadata: Any, *, lax: bool = False) -> Wanted:  # noqa: ANN401  nbformat's
    """Read what a cell asks for, in a comment or by a tag.

    Parameters
    ----------
    lax
        Only cells that ask for it are compared.
    """
    from nbval.plugin import find_comment_markers, find_metadata_tags

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # contradictions: the last one counts
        found = dict(find_metadata_tags(metadata))
        found.update(find_comment_markers(source))
    return Wanted(
        skip=bool(found.get("skip")),
        check=bool(found.get("check", not lax)),
        raises=bool(found.get("check_exception")),
    )


def disagreements(made: Sequence[Any], shown: Sequence[Any]) -> list[dict[str, str]]:
    """List how the outputs of a run differ from those that a notebook shows.

    Parameters
    ----------
    made, shown
        Outputs as nbformat has them; streams of one name are joined in place.

    Returns
    -------
    list of dict
        ``key`` (stream, or kind of data), ``shown`` and ``made``; empty where they
        are alike. nbval stops at the first one that differs, and so does this.
    """
    from nbval.plugin import coalesce_streams

    judge = _Judge()
    same = judge.compare_outputs(
        coalesce_streams(list(made)), coalesce_streams(list(shown))
    )
    if same:
        return []
    if judge.found:
        return judge.found
    # keys that only one of them has, or another number of them
    old, new = (_kinds(each) for each in (shown, made))
    return [
        {"key": key, "shown": old.get(key, ""), "made": new.get(key, "")}
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ] or [{"key": "outputs", "shown": str(len(shown)), "made": str(len(made))}]


class _Judge:
    """As much of nbval's cell as its comparison needs."""

    def __init__(self) -> None:
        from nbval.plugin import IPyNbCell, nocolors

        self._compare = IPyNbCell.compare_outputs
        self.colors = nocolors
        self.parent = SimpleNamespace(skip_compare=_NOT_COMPARED)
        self.comparison_traceback: list[str] = []
        self.found: list[dict[str, str]] = []

    def compare_outputs(self, made: Sequence[Any], shown: Sequence[Any]) -> bool:
        return bool(self._compare(self, made, shown))

    def sanitize(self, value: Any) -> Any:  # noqa: ANN401  any JSON
        return value

    def format_output_compare(self, key: str, left: object, right: object) -> None:
        """Keep what nbval would put into its report."""
        self.found.append(
            {"key": key, "shown": short(str(left)), "made": short(str(right))}
        )


def _kinds(outputs: Sequence[Any]) -> dict[str, str]:
    """Give texts by stream and kind of data."""
    found: dict[str, str] = {}
    for each in outputs:
        if each["output_type"] == "stream":
            parts = {each["name"]: each["text"]}
        else:
            parts = {**each, **each.get("data", {})}
            parts.pop("data", None)
        for key, value in parts.items():
            if key not in _NOT_COMPARED:
                found[key] = short(found.get(key, "") + str(value))
    return found


def short(text: str) -> str:
    """Give a text that can be told; its end is left out where it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
