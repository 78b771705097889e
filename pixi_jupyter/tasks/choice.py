"""Which environment runs a task.

Rules: pixi 0.77.0, choice of a task's environment (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors import (
    AmbiguousTaskError,
    TaskPlatformError,
    UnknownTaskError,
)
from pixi_jupyter.tasks.read import tasks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pixi_jupyter.manifest.compose import Composition, Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.tasks.models import Task

_DEFAULT = "default"


class TaskFinder:
    """Finds tasks, reading each environment once.

    Parameters
    ----------
    composition
        All environments.
    platform_of
        The platform of an environment that runs here; None where none does.
    """

    def __init__(
        self,
        composition: Composition,
        platform_of: Callable[[Environment], Platform | None],
    ) -> None:
        self.composition = composition
        self._platform_of = platform_of
        self._platforms: dict[str, Platform | None] = {}
        self._tasks: dict[str, Mapping[str, Task]] = {}

    def platform(self, environment: str) -> Platform | None:
        """Give the platform that an environment has here; None if it has none."""
        if environment not in self._platforms:
            found = self._platform_of(self.composition.environment(environment))
            self._platforms[environment] = found
        return self._platforms[environment]

    def tasks(self, environment: str) -> Mapping[str, Task]:
        """Give the tasks that an environment has here, none if it cannot run here."""
        if environment not in self._tasks:
            platform = self.platform(environment)
            found = self.composition.environment(environment)
            self._tasks[environment] = tasks_of(found, platform) if platform else {}
        return self._tasks[environment]

    def environments_of(self, name: str) -> tuple[str, ...]:
        """List the environments that have a task and can run here."""
        return tuple(
            each for each in self.composition.environments if name in self.tasks(each)
        )

    def names(self, environment: str | None = None) -> tuple[str, ...]:
        """List the names of the tasks of one environment, or of all."""
        chosen = [environment] if environment else list(self.composition.environments)
        found = dict.fromkeys(name for each in chosen for name in self.tasks(each))
        return tuple(sorted(found))

    def has(self, name: str, environment: str | None) -> bool:
        """Tell whether a name means a task, also one that cannot run here."""
        if environment is not None:
            return name in self.tasks(environment)
        return bool(self.environments_of(name) or self._elsewhere(name))

    def choose(
        self, name: str, *, environment: str | None = None, needed_by: str = ""
    ) -> str:
        """Choose the environment that runs a task.

        Parameters
        ----------
        name
            Of the task.
        environment
            The only one that is asked; None: any.
        needed_by
            The task that depends on it, for the error.

        Raises
        ------
        UnknownTaskError, AmbiguousTaskError, TaskPlatformError
        EnvironmentNotFoundError
        """
        if environment is not None:
            if name in self.tasks(environment):
                return environment
            raise UnknownTaskError(
                name,
                available=_shown(self.names(environment)),
                environment=environment,
                needed_by=needed_by,
            )
        having = self.environments_of(name)
        if not having:
            raise self._missing(name, needed_by)
        if chosen := self._by_default(name, having):
            return chosen
        if len(having) == 1:
            return having[0]
        for each in having:
            if self.tasks(each)[name].default_environment == each:
                return each
        raise AmbiguousTaskError(name, environments=having, needed_by=needed_by)

    def _by_default(self, name: str, having: tuple[str, ...]) -> str | None:
        """Choose the environment where `default` has the task."""
        if _DEFAULT not in having:
            return None
        mine = self.tasks(_DEFAULT)[name]
        if mine.default_environment in having:
            return mine.default_environment
        is_same = all(self.tasks(each)[name] == mine for each in having)
        return _DEFAULT if is_same else None

    def _elsewhere(self, name: str) -> dict[str, list[str]]:
        """Give the environments that have a task on other machines' platforms."""
        found: dict[str, list[str]] = {}
        for environment in self.composition.environments.values():
            names = [
                platform.name
                for platform in environment.platforms
                if name in environment.tasks(platform)
            ]
            if names:
                found[environment.name] = names
        return found

    def _missing(
        self, name: str, needed_by: str
    ) -> UnknownTaskError | TaskPlatformError:
        if elsewhere := self._elsewhere(name):
            platforms = dict.fromkeys(x for row in elsewhere.values() for x in row)
            return TaskPlatformError(
                name, environments=tuple(elsewhere), platforms=platforms
            )
        return UnknownTaskError(
            name, available=_shown(self.names()), needed_by=needed_by
        )


def _shown(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.startswith("_"))
