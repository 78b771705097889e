"""What a task needs before it can start: its environment, its variables, its text."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.activation.cache import activate_quickly
from pixi_jupyter.activation.plan import ActivationPlan
from pixi_jupyter.adapters.deno import find_deno, shell_command, shell_environ
from pixi_jupyter.errors import TaskDirectoryError
from pixi_jupyter.install.marker import read_marker
from pixi_jupyter.tasks.cache import FOLDER, Command, TaskCache, environment_hash
from pixi_jupyter.tasks.process import Launch
from pixi_jupyter.tasks.run import Prepared
from pixi_jupyter.tasks.shell_text import exports_of, script_of
from pixi_jupyter.tasks.template import context_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.platforms import Platform
    from pixi_jupyter.tasks.models import Node
    from pixi_jupyter.verbs.install import Current
    from pixi_jupyter.verbs.run import RunRequest
    from pixi_jupyter.workspace.context import Workspace

_ENGINES_OWN = "MALLOC_ARENA_MAX"


class TaskWork:
    """Prepares the nodes of one run; `tasks.run.Work`.

    Parameters
    ----------
    platform_of
        The platform of an environment here.

    Notes
    -----
    Each environment is brought up to date and activated once, before its first task;
    the lock is looked at once.
    """

    def __init__(
        self,
        *,
        workspace: Workspace,
        request: RunRequest,
        operation: Operation,
        platform_of: Callable[[Environment], Platform | None],
    ) -> None:
        self._workspace, self._request = workspace, request
        self._operation, self._platform_of = operation, platform_of
        self._lock = asyncio.Lock()
        self._current: Current | None = None
        self._plans: dict[str, ActivationPlan] = {}
        self._commands: dict[int, Command] = {}
        self._platforms: dict[str, Platform | None] = {}
        self._environs: dict[str, dict[str, str]] = {}
        self._cwd = request.cwd or Path.cwd()
        folder = workspace.pixi_dir / FOLDER
        self._cache = TaskCache(folder, root=workspace.root)

    async def prepare(self, node: Node) -> Prepared:
        """See that its environment is there, and say how to start it."""
        script = self.script(node)
        if script is None:
            return Prepared(launch=None)
        folder = self._folder(node)
        environ = await self._environ(node)
        exports = exports_of(
            node,
            self._context(node),
            allow_shell_arguments=self._request.allow_shell_arguments,
        )
        environ = {**environ, "INIT_CWD": str(self._cwd)}
        if await self._is_fresh(node, script, exports):
            return Prepared(launch=None, command=script, is_fresh=True)
        text = f"{exports}{script}"
        launch = Launch(
            command=shell_command(find_deno(environ), text, environ),
            cwd=folder,
            environ=shell_environ(environ),
        )
        return Prepared(launch=launch, command=script)

    async def succeeded(self, node: Node) -> None:
        """Remember that it succeeded."""
        known = self._commands.get(node.number)
        if known is None:
            return
        context = self._context(node)
        said = await asyncio.to_thread(self._cache.store, node, context, known)
        for sentence in said:
            self._operation.warn(sentence)

    async def _is_fresh(self, node: Node, script: str, exports: str) -> bool:
        """Ask the cache, which reads files, away from the loop."""
        task = node.task
        if task is None or (task.inputs is None and task.outputs is None):
            return False
        plan, platform = self._plans[node.environment], self._platform(node)
        marker = read_marker(plan.prefix)
        known = Command(
            script=script,
            exports=exports,
            environment=environment_hash(
                platform=platform.name if platform else "",
                scripts=plan.scripts,
                variables=plan.env,
                packages=[marker.environment_lock_file_hash] if marker else [],
            ),
        )
        self._commands[node.number] = known
        context = self._context(node)
        return await asyncio.to_thread(self._cache.is_fresh, node, context, known)

    def _platform(self, node: Node) -> Platform | None:
        name = node.environment
        if name not in self._platforms:
            environment = self._workspace.composition.environment(name)
            self._platforms[name] = self._platform_of(environment)
        return self._platforms[name]

    def script(self, node: Node) -> str | None:
        """Give the text of a node for the shell; None for an alias."""
        if node.task is not None and node.task.command is None:
            return None
        return script_of(
            node,
            self._context(node),
            allow_shell_arguments=self._request.allow_shell_arguments,
        )

    async def activation(self, environment: str) -> ActivationPlan:
        """Bring an environment up to date, once, and say how it is activated."""
        async with self._lock:
            if environment not in self._plans:
                self._plans[environment] = await self._ready(environment)
            return self._plans[environment]

    async def _ready(self, name: str) -> ActivationPlan:
        from pixi_jupyter.workspace.installed import known

        request = self._request
        if request.no_install:
            from pixi_jupyter.verbs.shell_hook import payload_as_it_is

            payload = payload_as_it_is(request, name)
            return ActivationPlan.from_wire(payload["activation"])
        manifest = self._workspace.manifest.path
        installed = known(manifest, name, locked=request.locked or request.frozen)
        if installed is None:
            from pixi_jupyter.verbs.install import current_solution
            from pixi_jupyter.workspace.environments import ensure_prefix

            if self._current is None:
                self._current = await current_solution(
                    request, self._operation, environments=[name]
                )
            workspace = self._current.workspace
            installed = await ensure_prefix(
                workspace,
                self._current.solution,
                name,
                self._operation,
                session=workspace.session(),
            )
        return ActivationPlan.from_wire(installed.payload["activation"])

    async def _environ(self, node: Node) -> dict[str, str]:
        name = node.environment
        plan = await self.activation(name)
        if name not in self._environs:
            # as in pixi, the first task of an environment decides for all of them
            clean = self._request.clean_env or bool(node.task and node.task.clean_env)
            environ = dict(os.environ)
            if self._request.output == "events":
                environ.pop(_ENGINES_OWN, None)
            self._environs[name] = activate_quickly(
                plan,
                environ,
                clean=clean,
                force=self._request.force_activate,
                warn=self._operation.warn,
            )
        return self._environs[name]

    def _context(self, node: Node) -> dict[str, object]:
        return context_of(
            node,
            platform=self._platform(node),
            manifest=self._workspace.manifest.path,
            init_cwd=self._cwd,
        )

    def _folder(self, node: Node) -> Path:
        task, root = node.task, self._workspace.root
        if task is None:
            return self._cwd
        folder = root / task.cwd if task.cwd else root
        if not folder.is_dir():
            raise TaskDirectoryError(node.name, folder=folder, cwd=task.cwd or ".")
        return folder
