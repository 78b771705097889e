"""Results as text for people and as JSON for programs.

Where pixi writes a verb's answer to stdout it goes there, where pixi writes it to
stderr it goes to stderr, so that scripts carry over.
"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands import workspace_verbs
from pixi_jupyter.commands.text import Rendered, Span, line
from pixi_jupyter.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping


def as_json(result: Any) -> str:  # noqa: ANN401  the result of any verb
    """Give a result as one JSON document."""
    text = json.dumps(result.to_json(), indent=2, ensure_ascii=False)
    if getattr(result, "is_verbatim", False):
        return text
    # a manifest may spell secrets in the URLs of its channels
    return redacted(text)


def render(verb: str, result: Any, command: str = "pixi-jupyter") -> Rendered:  # noqa: ANN401
    """Give a result as lines of text.

    Parameters
    ----------
    command
        The word that starts a command in the face that shows the lines.
    """
    module, _, name = RENDERERS[verb].partition(":")
    shown = import_module(f"pixi_jupyter.commands.plain.{module}")
    rendered: Rendered = getattr(shown, name)(result)
    if rendered.closing:
        last = line(rendered.closing.replace("{command}", command))
        rendered = replace(rendered, stdout=(*rendered.stdout, last))
    if not rendered.hint:
        return rendered
    hint = line(Span("hint: ", "cyan"), rendered.hint.replace("{command}", command))
    return replace(rendered, stderr=(*rendered.stderr, hint))


RENDERERS: Mapping[str, str] = {
    "add": "changed:add",
    "auth_login": "configuration:auth_login",
    "auth_logout": "configuration:auth_logout",
    "auth_status": "configuration:auth_status",
    "auth_token": "configuration:auth_token",
    "channel_build": "kernels:channel_build",
    "clean": "clean:clean",
    "clean_cache": "clean:clean",
    "completion": "configuration:completion",
    "config_change": "configuration:config_change",
    "config_edit": "configuration:config_edit",
    "config_list": "configuration:config_list",
    "demo": "kernels:demo",
    "import_file": "configuration:import_file",
    "info": "lists:info",
    "init": "environments:init",
    "install": "environments:install",
    "kernel_install": "kernels:kernel_install",
    "kernel_list": "kernels:kernel_list",
    "kernel_remove": "kernels:kernel_remove",
    "list": "lists:list_packages",
    "lock": "environments:lock",
    "notebook_embed": "notebook_carrying:notebook_embed",
    "notebook_extract": "notebook_carrying:notebook_extract",
    "notebook_install": "notebook_carrying:notebook_install",
    "notebook_scan": "notebook_scan:notebook_scan",
    "notebook_trust": "notebook_trust:notebook_trust",
    "notebook_untrust": "notebook_trust:notebook_untrust",
    "notebook_verify": "notebook_verify:notebook_verify",
    "operations": "operations:operations",
    "reinstall": "environments:reinstall",
    "remove": "changed:remove",
    "run": "runs:run",
    "search": "search:search",
    "shell_hook": "tree:shell_hook",
    "task_add": "tasks:edited",
    "task_alias": "tasks:edited",
    "task_list": "tasks:task_list",
    "task_remove": "tasks:edited",
    "tasks": "tasks:tasks",
    "tree": "tree:tree",
    "update": "upgrades:update",
    "upgrade": "upgrades:upgrade",
    **{k: f"workspace:{name}" for k, name in workspace_verbs.RENDERERS.items()},
}
"""Verb to ``module:function``, the module below `commands.plain`."""
