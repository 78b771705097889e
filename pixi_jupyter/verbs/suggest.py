"""Tell which package brings a module that could not be imported."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.names import normalised
from pixi_jupyter.notebook.imports import (
    GENERIC,
    is_standard,
    package_for_module,
    service_of,
)
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.request import WorkspaceRequest
from pixi_jupyter.workspace.context import open_session, open_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pixi_jupyter.events import Operation
    from pixi_jupyter.manifest.compose import Environment
    from pixi_jupyter.workspace.context import Workspace

PATIENCE_SECONDS = 2.5
"""How long channels may take: somebody looks at the error meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest(WorkspaceRequest):
    """What could not be imported, and where."""

    module: str
    """With dots."""
    environment: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestResult:
    """The package to add, if there is one."""

    module: str
    environment: str
    package: str | None = None
    feature: str | None = None
    """Whose table it belongs to; None for the workspace's own."""
    pypi: bool = False
    is_sure: bool = False
    """Whether a channel has the package, or it is known to bring the module."""

    @property
    def command(self) -> str:
        """What adds it, for a cell; empty where there is nothing to add."""
        if self.package is None:
            return ""
        words = ["%pixi add", *(["--pypi"] if self.pypi else [])]
        words += ["--feature", self.feature] if self.feature else []
        return " ".join([*words, self.package])

    @property
    def text(self) -> str:
        """One sentence for a person; empty where there is nothing to say."""
        if self.package is None:
            return ""
        top, where = self.module.partition(".")[0], self.environment
        if self.pypi and self.is_sure and self.package == normalised(top):
            said = f"No channel of {where} has {self.package}, PyPI does"
        elif self.pypi and self.is_sure:
            said = f"{top} comes with {self.package}, which no channel of {where} has"
        elif self.pypi:
            said = f"No channel of {where} has {top}. If it is on PyPI"
        elif not self.is_sure:
            said = f"{self.package} is not in {where}. It may bring {top}"
        elif self.package.replace("-", "_") == top.lower().replace("-", "_"):
            said = f"{self.package} is not in {where}"
        else:
            said = f"{top} comes with {self.package}, which is not in {where}"
        return f"{said}: {self.command}"

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "module": self.module,
            "environment": self.environment,
            "package": self.package,
            "feature": self.feature,
            "pypi": self.pypi,
            "is_sure": self.is_sure,
            "command": self.command,
            "text": self.text,
        }


async def suggest(request: SuggestRequest, operation: Operation) -> SuggestResult:
    """Find the conda package that brings a module, or else say that PyPI may have it.

    Raises
    ------
    ManifestNotFoundError, ManifestParseError, EnvironmentNotFoundError

    Notes
    -----
    Asks the channels of the environment, and answers from what is known without
    them when they take too long or cannot be reached.
    """
    workspace = open_workspace(request.manifest, offline=request.offline)
    operation.finish("read")
    environment = workspace.composition.environment(request.environment)
    module, top = request.module, request.module.partition(".")[0]
    nothing = SuggestResult(module=module, environment=environment.name)
    known = package_for_module(module)
    if known is None and (is_standard(module) or service_of(module) or _is_own(top)):
        return nothing
    guesses = (top.lower(), top.lower().replace("_", "-"))
    candidates = dict.fromkeys(guesses if known is None else (known.conda,))
    candidates.pop("", None)
    found = await _in_channels(workspace, environment, tuple(candidates))
    # where nobody answered the likeliest may be there
    there = [name for name in candidates if found is None or name in found]
    return SuggestResult(
        module=module,
        environment=environment.name,
        package=(there[0] if there else known.pypi if known else normalised(top))
        or None,
        feature=_feature(environment),
        pypi=not there,
        is_sure=bool(known or (there and found)),
    )


def _is_own(top: str) -> bool:
    """Tell whether a module is called as people call their own."""
    return top in GENERIC or top.startswith("_") or not top.isidentifier()


async def _in_channels(
    workspace: Workspace, environment: Environment, names: Sequence[str]
) -> set[str] | None:
    """Tell which packages there are; None where that cannot be learned in time."""
    from pixi_jupyter.adapters.rattler import channel_urls

    channels = environment.channels
    if not channels or not names:
        return set()
    try:
        session = open_session(workspace.settings, channels, root=workspace.root)
        urls = channel_urls(channels, root=workspace.root)
        subdirs = (host_subdir(), "noarch")
        question = session.query(urls, list(names), subdirs=subdirs)
        records = await asyncio.wait_for(question, PATIENCE_SECONDS)
    except (PixiJupyterError, asyncio.TimeoutError):
        return None
    return {record.name.normalized for record in records}


def _feature(environment: Environment) -> str | None:
    """Name the feature whose table is this environment's; None for the workspace's."""
    names = environment.features
    if "default" in names:
        return None
    return next((name for name in names if not name.startswith("@")), None)
