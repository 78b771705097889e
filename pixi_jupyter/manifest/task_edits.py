"""Where a manifest says its tasks, and edits of that.

The tables: pixi 0.77.0, `task add` and `task remove` (read 2026-11). A task that is
there is never written over, so that no key of it is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import TaskExistsError, TaskNotInTableError
from pixi_jupyter.manifest.dialects import dialect_of
from pixi_jupyter.manifest.editable import EditableText
from pixi_jupyter.manifest.locate import dotted
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.manifest.document import ManifestDocument

_OPTIONS = (("feature", "-f"), ("environment", "-e"), ("platform", "-p"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEdits:
    """Edits of the tasks of one feature, or environment, on a platform."""

    document: ManifestDocument
    feature: str | None = None
    environment: str | None = None
    platform: str | None = None

    @property
    def table(self) -> tuple[str, ...]:
        """The path of the table."""
        above = self.document.above(
            feature=self.feature, environment=self.environment, platform=self.platform
        )
        return (*above, "tasks")

    @property
    def options(self) -> str:
        """What a command needs to be about this table; empty for the topmost one."""
        found = ((option, getattr(self, name)) for name, option in _OPTIONS)
        return "".join(f" {option} {value}" for option, value in found if value)

    def tasks(self) -> Mapping[str, Any]:
        """Give the tasks as written, by name."""
        found = self.document.get(*self.table)
        return found if isinstance(found, dict) else {}

    def add(self, name: str, value: str | Mapping[str, Any]) -> None:
        """Add a task that is not there yet; its tables are made where they are missing.

        Raises
        ------
        TaskExistsError
        ManifestEditError
            If the text cannot be changed without changing more than this.
        """
        if name in self.tasks():
            raise TaskExistsError(name, where=self._where, options=self.options)
        self.document.set((*self.table, name), value)

    def remove(self, name: str) -> None:
        """Take a task out; an empty table stays.

        Raises
        ------
        TaskNotInTableError
            Says which other tables have the task.
        EnvironmentNotFoundError, FeatureNotFoundError, ManifestEditError
        """
        there = self.tasks()
        if name not in there:
            self.document.check_is_there(self.feature, self.environment)
            raise TaskNotInTableError(
                name,
                where=self._where,
                available=there,
                elsewhere=[
                    each.options
                    for each in tables_of(self.document)
                    if name in each.tasks()
                ],
            )
        if self._names_its_place(name):
            self.document.unset_last((*self.table, name))
        else:
            self.document.unset((*self.table, name))

    def _names_its_place(self, name: str) -> bool:
        """Tell whether nothing but one task makes a feature or environment be there.

        Without it, those who list the feature could not be read any more.
        """
        document, keys = self.document, (*self.table, name)
        without = EditableText(document.text, document.path)
        without.unset(keys)
        above = self.document.above(feature=self.feature, environment=self.environment)
        return without.get(*above) is None and document.get(*above) is not None

    @property
    def _where(self) -> str:
        return f"{dotted(self.table)} of {self.document.path.name}"


def tables_of(document: ManifestDocument) -> Iterator[TaskEdits]:
    """Give every place of a manifest that has tasks.

    Parameters
    ----------
    document
        May say anything; what is no table is passed over.
    """
    prefix = dialect_of(document.path).prefix

    def names(*keys: str) -> list[str]:
        found = document.get(*prefix, *keys)
        return list(found) if isinstance(found, dict) else []

    places: list[tuple[tuple[str, ...], dict[str, str]]] = [((), {})]
    places += [(("feature", each), {"feature": each}) for each in names("feature")]
    places += [
        (("environments", each), {"environment": each})
        for each in names("environments")
    ]
    for keys, place in places:
        for platform in (None, *names(*keys, "target")):
            found = TaskEdits(document=document, platform=platform, **place)
            if found.tasks():
                yield found
