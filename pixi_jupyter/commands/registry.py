"""Which verbs there are, by string, so that each is imported when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from pixi_jupyter.commands import workspace_verbs
from pixi_jupyter.commands.watch import watched
from pixi_jupyter.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pixi_jupyter.events import Operation
    from pixi_jupyter.verbs.request import Request

    Verb: TypeAlias = Callable[[Any, Operation], Awaitable[Any]]

VERBS: Mapping[str, str] = {
    "add": "pixi_jupyter.verbs.add:add:AddRequest",
    "auth_login": "pixi_jupyter.verbs.auth:auth_login:AuthLoginRequest",
    "auth_logout": "pixi_jupyter.verbs.auth:auth_logout:AuthHostRequest",
    "auth_status": "pixi_jupyter.verbs.auth:auth_status:AuthStatusRequest",
    "auth_token": "pixi_jupyter.verbs.auth:auth_token:AuthHostRequest",
    "channel_build": "pixi_jupyter.verbs.channel_build:channel_build:ChannelBuildRequest",
    "clean": "pixi_jupyter.verbs.clean:clean:CleanRequest",
    "clean_cache": "pixi_jupyter.verbs.clean_cache:clean_cache:CleanCacheRequest",
    "completion": "pixi_jupyter.verbs.completion:completion:CompletionRequest",
    "config_change": (
        "pixi_jupyter.verbs.config_change:config_change:ConfigChangeRequest"
    ),
    "config_edit": "pixi_jupyter.verbs.config_edit:config_edit:ConfigEditRequest",
    "config_list": "pixi_jupyter.verbs.config_list:config_list:ConfigListRequest",
    "demo": "pixi_jupyter.verbs.demo:demo:DemoRequest",
    "ensure_installed": (
        "pixi_jupyter.verbs.ensure_installed:ensure_installed:EnsureInstalledRequest"
    ),
    "import_file": "pixi_jupyter.verbs.import_file:import_file:ImportRequest",
    "info": "pixi_jupyter.verbs.info:info:InfoRequest",
    "init": "pixi_jupyter.verbs.init:init:InitRequest",
    "install": "pixi_jupyter.verbs.install:install:InstallRequest",
    "kernel_install": "pixi_jupyter.verbs.kernel:kernel_install:KernelInstallRequest",
    "kernel_list": "pixi_jupyter.verbs.kernel:kernel_list:KernelListRequest",
    "kernel_remove": "pixi_jupyter.verbs.kernel:kernel_remove:KernelRemoveRequest",
    "list": "pixi_jupyter.verbs.list:list_packages:ListRequest",
    "lock": "pixi_jupyter.verbs.lock:lock:LockRequest",
    "notebook_embed": (
        "pixi_jupyter.verbs.notebook_embed:notebook_embed:NotebookEmbedRequest"
    ),
    "notebook_extract": (
        "pixi_jupyter.verbs.notebook_extract:notebook_extract:NotebookExtractRequest"
    ),
    "notebook_install": (
        "pixi_jupyter.verbs.notebook_install:notebook_install:NotebookInstallRequest"
    ),
    "notebook_open": (
        "pixi_jupyter.verbs.notebook_open:notebook_open:NotebookOpenRequest"
    ),
    "notebook_own": "pixi_jupyter.verbs.notebook_own:notebook_own:NotebookOwnRequest",
    "notebook_scan": (
        "pixi_jupyter.verbs.notebook_scan:notebook_scan:NotebookScanRequest"
    ),
    "notebook_provenance": (
        "pixi_jupyter.verbs.notebook_provenance:notebook_provenance"
        ":NotebookProvenanceRequest"
    ),
    "notebook_trust": (
        "pixi_jupyter.verbs.notebook_trust:notebook_trust:NotebookTrustRequest"
    ),
    "notebook_untrust": (
        "pixi_jupyter.verbs.notebook_untrust:notebook_untrust:NotebookUntrustRequest"
    ),
    "notebook_verify": (
        "pixi_jupyter.verbs.notebook_verify:notebook_verify:NotebookVerifyRequest"
    ),
    "operations": "pixi_jupyter.verbs.operations:operations:OperationsRequest",
    "overview": "pixi_jupyter.verbs.overview:overview:OverviewRequest",
    "packages": "pixi_jupyter.verbs.packages:packages:PackagesRequest",
    "reinstall": "pixi_jupyter.verbs.reinstall:reinstall:ReinstallRequest",
    "remove": "pixi_jupyter.verbs.remove:remove:RemoveRequest",
    "run": "pixi_jupyter.verbs.run:run:RunRequest",
    "search": "pixi_jupyter.verbs.search:search:SearchRequest",
    "shell": "pixi_jupyter.verbs.shell:shell:ShellRequest",
    "shell_hook": "pixi_jupyter.verbs.shell_hook:shell_hook:ShellHookRequest",
    "suggest": "pixi_jupyter.verbs.suggest:suggest:SuggestRequest",
    "task_add": "pixi_jupyter.verbs.task_add:task_add:TaskAddRequest",
    "task_alias": "pixi_jupyter.verbs.task_alias:task_alias:TaskAliasRequest",
    "task_list": "pixi_jupyter.verbs.task_list:task_list:TaskListRequest",
    "task_remove": "pixi_jupyter.verbs.task_remove:task_remove:TaskRemoveRequest",
    "tasks": "pixi_jupyter.verbs.tasks:tasks:TasksRequest",
    "tree": "pixi_jupyter.verbs.tree:tree:TreeRequest",
    "update": "pixi_jupyter.verbs.update:update:UpdateRequest",
    "upgrade": "pixi_jupyter.verbs.upgrade:upgrade:UpgradeRequest",
    **workspace_verbs.VERBS,
}
"""Name to ``module:function:class of the request``."""


def load(verb: str) -> tuple[Verb, type[Request]]:
    """Import a verb.

    Returns
    -------
    tuple
        The async function, and the class of its request.

    Raises
    ------
    UsageError
        If there is no such verb.
    """
    if verb not in VERBS:
        msg = f"There is no verb named {verb}"
        raise UsageError(msg)
    module, function, request = VERBS[verb].split(":")
    found = import_module(module)
    return watched(verb, getattr(found, function)), getattr(found, request)
