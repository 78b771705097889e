"""What `add` is told of the place that packages are in, besides a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import UsageError

if TYPE_CHECKING:
    from pixi_jupyter.verbs.add import AddRequest

_REVISIONS = ("branch", "tag", "rev")


def check_options(request: AddRequest) -> None:
    """Refuse options that do not go together.

    Raises
    ------
    UsageError
    """
    for name in (*_REVISIONS, "subdirectory"):
        if getattr(request, name) and not request.git:
            msg = f"--{name} goes with --git"
            raise UsageError(msg)
    for name in ("editable", "index"):
        if getattr(request, name) and not request.pypi:
            msg = f"--{name} goes with --pypi"
            raise UsageError(msg)
    if not request.specs:
        msg = "add needs the name of a package"
        raise UsageError(msg)


def git_source(request: AddRequest) -> dict[str, str]:
    """Give the table that says of a dependency in which repository it is.

    Raises
    ------
    UsageError
        If it names two revisions, or no repository.
    """
    assert request.git  # noqa: S101  who calls has looked
    named = {key: getattr(request, key) for key in _REVISIONS}
    given = {key: value for key, value in named.items() if value}
    if len(given) > 1:
        msg = f"--{' and --'.join(given)} exclude each other"
        raise UsageError(msg)
    inside = {"subdirectory": request.subdirectory} if request.subdirectory else {}
    return {"git": request.git.removeprefix("git+"), **given, **inside}
