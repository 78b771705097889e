"""The sub-commands of `workspace`: where each verb is, and how it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = {
    "channel_add": ("channel:add:WorkspaceChannelAdd", "edited"),
    "channel_list": ("channel:list_channels:WorkspaceChannelList", "listing"),
    "channel_remove": ("channel:remove:WorkspaceChannelRemove", "edited"),
    "platform_add": ("platform:add:WorkspacePlatformAdd", "edited"),
    "platform_edit": ("platform:edit_platform:WorkspacePlatformEdit", "edited"),
    "platform_list": ("platforms:list_platforms:WorkspacePlatformList", "listing"),
    "platform_move": ("platform:move:WorkspacePlatformMove", "edited"),
    "platform_remove": ("platform:remove:WorkspacePlatformRemove", "edited"),
    "environment_add": ("environment:add:WorkspaceEnvironmentAdd", "edited"),
    "environment_list": (
        "environment:list_environments:WorkspaceEnvironmentList",
        "listing",
    ),
    "environment_remove": ("environment:remove:WorkspaceEnvironmentRemove", "edited"),
    "feature_list": ("environment:list_features:WorkspaceFeatureList", "listing"),
    "feature_remove": ("environment:remove_feature:WorkspaceFeatureRemove", "edited"),
    "activation_list": (
        "activations:list_activation:WorkspaceActivationList",
        "listing",
    ),
    "activation_env_set": ("activation:set_env:WorkspaceEnvSet", "edited"),
    "activation_env_remove": ("activation:remove_env:WorkspaceEnvRemove", "edited"),
    "activation_script_add": ("activation:add_scripts:WorkspaceScriptAdd", "edited"),
    "activation_script_remove": (
        "activation:remove_scripts:WorkspaceScriptRemove",
        "edited",
    ),
    "get": ("settings:get:WorkspaceGet", "value"),
    "set": ("settings:set_value:WorkspaceSet", "edited"),
    "unset": ("settings:unset:WorkspaceUnset", "edited"),
    "version_bump": ("settings:bump:WorkspaceBump", "edited"),
    "requires_pixi_verify": ("settings:verify:WorkspaceVerify", "verify"),
    "preview_add": ("preview:add_previews:WorkspacePreviewAdd", "edited"),
    "preview_list": ("preview:list_previews:WorkspacePreviewList", "listing"),
    "preview_remove": ("preview:remove_previews:WorkspacePreviewRemove", "edited"),
    "register": ("register:register:WorkspaceRegister", "edited"),
    "register_list": ("register:list_registered:WorkspaceRegisterList", "listing"),
    "register_prune": ("register:prune:WorkspaceRegisterPrune", "edited"),
    "register_remove": ("register:unregister:WorkspaceRegisterRemove", "edited"),
    "export_environment": (
        "export:export_environment:WorkspaceExportEnvironment",
        "exported",
    ),
    "export_explicit": ("export:export_explicit:WorkspaceExportExplicit", "exported"),
}
"""By the verb without ``workspace_``: module, function and request; renderer."""

VERBS: Mapping[str, str] = {
    f"workspace_{verb}": f"pixi_jupyter.verbs.workspace_{where}Request"
    for verb, (where, _) in _TABLE.items()
}
"""As `registry.VERBS`."""

RENDERERS: Mapping[str, str] = {
    f"workspace_{verb}": renderer for verb, (_, renderer) in _TABLE.items()
}
"""Verb to the function in `plain.workspace` and in `html.manifests`."""
