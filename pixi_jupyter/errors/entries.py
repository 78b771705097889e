"""What is looked for in a manifest or a registry, and what is in the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, listed, nearest
from pixi_jupyter.errors.manifests import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class EntryNotFoundError(ManifestError):
    """Something that was to be changed or removed is not there.

    Parameters
    ----------
    name
        Channel, platform, script, variable, registered workspace …
    kind
        Which of these, as a word.
    available
        Those that are there.
    where
        File or table.
    """

    code = "entry-not-found"

    def __init__(
        self, name: str, *, kind: str, available: Iterable[str], where: str
    ) -> None:
        self.name, self.kind, self.available = name, kind, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No {kind} named {name} in {where}",
            details=(f"there are {listed(self.available)}",),
            hints=(f"did you mean {close}?",) if close else (),
        )


class EntryExistsError(ManifestError):
    """Something that was to be added is there already, and says something else.

    Parameters
    ----------
    way
        The option or command that replaces it.
    """

    code = "entry-exists"

    def __init__(self, name: str, *, kind: str, where: str, way: str) -> None:
        self.name, self.kind = name, kind
        super().__init__(f"{kind.capitalize()} {name} is in {where} already")
        self.hints = (f"{way}   replaces it",)


class TaskNotInTableError(EntryNotFoundError):
    """A task that was to be removed is not in the table that was meant.

    Parameters
    ----------
    where
        The table, and the file.
    available
        The tasks that it has.
    elsewhere
        For each other table that has the task: the options that name it.
    """

    code = "task-not-in-table"

    def __init__(
        self,
        name: str,
        *,
        where: str,
        available: Iterable[str],
        elsewhere: Sequence[str] = (),
    ) -> None:
        super().__init__(name, kind="task", available=available, where=where)
        ways = [f"{{command}} task remove {name}{each}" for each in elsewhere]
        self.elsewhere = tuple(elsewhere)
        self.hints = (*ways, *self.hints) or ("{command} task list",)


class TaskExistsError(EntryExistsError):
    """A task of that name is there already.

    Parameters
    ----------
    where
        The table, and the file.
    options
        Those that name the table.
    """

    code = "task-exists"

    def __init__(self, name: str, *, where: str, options: str = "") -> None:
        way = f"{{command}} task remove {name}{options}"
        super().__init__(name, kind="task", where=where, way=way)
        self.hints = (f"{way}   takes the old one out",)


class ExportError(PixiJupyterError):
    """What is locked cannot be said in the format that was asked for.

    Parameters
    ----------
    package
        The first one that stands in the way.
    what
        The format.
    """

    code = "export"

    def __init__(self, package: str, *, what: str, reason: str, way: str) -> None:
        self.package, self.reason = package, reason
        super().__init__(
            f"{package} cannot be part of {what}",
            details=(reason,),
            hints=(way,),
        )
