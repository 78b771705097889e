"""The result of any verb as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.commands import packages, render
from pixi_jupyter.commands.html import (
    changed,
    configuration,
    elements,
    manifests,
    notebook_carrying,
    notebook_scan,
    notebook_trust,
    notebook_verify,
    runs,
    tasks,
    upgrades,
    workspaces,
)
from pixi_jupyter.commands.html.elements import bold, code, escape, quiet, tick
from pixi_jupyter.commands.plain import lists
from pixi_jupyter.commands.text import count, seconds, size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pixi_jupyter.verbs.channel_build import ChannelBuildResult
    from pixi_jupyter.verbs.demo import DemoResult
    from pixi_jupyter.verbs.info import InfoResult
    from pixi_jupyter.verbs.kernel import (
        KernelInstallResult,
        KernelListResult,
        KernelRemoveResult,
    )
    from pixi_jupyter.verbs.list import ListResult
    from pixi_jupyter.verbs.search import SearchResult

_FEW_PACKAGES = 16
"""So many are listed one by one, whoever asked for them."""
_FEW_ENVIRONMENTS = 2
_PACKAGES = 5
_VERSIONS = 5


def to_html(verb: str, result: Any, command: str = "%pixi") -> str:  # noqa: ANN401  the result of any verb
    """Give the result of a verb as HTML.

    Parameters
    ----------
    verb
        As in the registry; one without a form of its own is shown as JSON.
    command
        The word that starts a command in the face that shows it.
    """
    if verb in _RENDERERS:
        return _RENDERERS[verb](result, command)
    return elements.box(elements.preformatted(render.as_json(result)))


def _list(result: ListResult, command: str) -> str:
    del command
    heading = elements.paragraph(
        f"{bold(result.environment)} {quiet(escape(lists.list_words(result)))}"
    )
    explicit = [package for package in result.packages if package["is_explicit"]]
    few = not explicit or len(result.packages) <= _FEW_PACKAGES
    shown = list(result.packages) if few else explicit
    rest = [] if few else [p for p in result.packages if not p["is_explicit"]]
    why = packages.why(result.packages)
    keys = lists.list_keys(result)
    right = [number for number, key in enumerate(keys) if key == "size_bytes"]

    def texts(package: dict[str, Any]) -> list[str]:
        told = {**package, "why": why.get(package["name"])}
        return [lists.cell(key, told) for key in keys]

    cut = elements.split(len(shown))
    return elements.box(
        heading,
        elements.table(
            [lists.title(key).capitalize() for key in keys],
            [_list_row(p, keys, texts(p)) for p in shown[:cut]],
            right=right,
        ),
        elements.columns([texts(p) for p in shown[cut:]], right=right)
        if shown[cut:]
        else "",
        elements.details(
            f"and {len(rest)} that come with them",
            elements.columns([texts(p) for p in rest], right=right),
        )
        if rest
        else "",
    )


def _list_row(
    package: dict[str, Any], keys: Sequence[str], texts: Sequence[str]
) -> list[str]:
    row = []
    for key, text in zip(keys, texts, strict=True):
        if key == "name":
            row.append(bold(text) if package["is_explicit"] else escape(text))
        elif key in ("version", "size_bytes"):
            row.append(escape(text))
        else:
            row.append(quiet(escape(text)))
    return row


def _search(result: SearchResult, command: str) -> str:
    by_name = result.by_name()
    limit = result.limit_packages
    limit = _PACKAGES if limit is None else limit
    names = list(by_name)
    shown = names if limit < 0 else names[:limit]
    channels = ", ".join(packages.channel_name(url) for url in result.channels)
    if len(names) == 1:
        name = names[0]
        return elements.box(
            _found(name, by_name[name], result.limit, command),
            elements.footer([f"in {escape(channels)}"]),
        )
    rest = f"{len(names) - len(shown)} more" if len(shown) < len(names) else ""
    return elements.box(
        elements.paragraph(f"{count(len(names), 'package')} in {escape(channels)}"),
        elements.table(
            ["Package", "Newest", "Platform", "Size"],
            [_newest(by_name[name][0]) for name in shown],
            right=[3],
        ),
        elements.footer([f"and {rest}" if rest else ""]),
        elements.paragraph(code(f"{command} search {shown[0]}")) if shown else "",
    )


def _newest(record: dict[str, Any]) -> list[str]:
    return [
        bold(record["name"]),
        escape(record["version"]),
        quiet(escape(record["subdir"])),
        escape(size(record.get("size"))),
    ]


def _found(
    name: str, records: list[dict[str, Any]], limit: int | None, command: str
) -> str:
    newest = records[0]
    versions = list(dict.fromkeys(record["version"] for record in records))[1:]
    limit = _VERSIONS if limit is None else limit
    kept = versions if limit < 0 else versions[:limit]
    older = ", ".join(kept)
    if len(kept) < len(versions):
        older += f" and {len(versions) - len(kept)} more"
    rows = [
        ("Older", older),
        ("Platform", newest["subdir"]),
        ("License", newest.get("license") or ""),
        ("Size", size(newest.get("size"))),
        ("Needs", ", ".join(newest.get("depends") or ())),
    ]
    heading = f"{bold(name)} {escape(newest['version'])}"
    build = quiet(escape(newest["build"]))
    return elements.paragraph(
        f"{heading} {build} {code(f'{command} add {name}')}"
    ) + elements.facts([(key, value) for key, value in rows if value])


def _info(result: InfoResult, command: str) -> str:
    del command
    environments = list(result.environment_rows())
    workspace = result.workspace_rows()
    return elements.box(
        elements.paragraph(bold("System")),
        elements.facts(result.system_rows()),
        elements.paragraph(bold("Workspace")) if workspace else "",
        elements.facts(workspace),
        *(
            elements.details(
                f"Environment {name}",
                elements.facts(rows),
                is_open=len(environments) <= _FEW_ENVIRONMENTS,
            )
            for name, rows in environments
        ),
    )


def _kernel_install(result: KernelInstallResult, command: str) -> str:
    del command
    amount = count(len(result.kernels), "kernel")
    return elements.box(
        elements.paragraph(f"{tick()}Registered {amount}"),
        elements.table(
            ["Kernel", "Name", "State"],
            [
                [bold(each.display_name), code(each.name), quiet(escape(each.state))]
                for each in result.kernels
            ],
        ),
    )


def _kernel_list(result: KernelListResult, command: str) -> str:
    if not result.kernels:
        return elements.box(
            elements.paragraph("No environment is registered as a kernel"),
            elements.paragraph(code(f"{command} kernel install")),
        )
    return elements.box(
        elements.table(
            ["Kernel", "Name", "Environment", "State"],
            [
                [
                    bold(each.display_name),
                    code(each.name),
                    escape(each.environment),
                    quiet(escape(each.state)),
                ]
                for each in result.kernels
            ],
        )
    )


def _kernel_remove(result: KernelRemoveResult, command: str) -> str:
    del command
    if not result.removed:
        return elements.box(elements.paragraph("No kernel had to be removed"))
    names = ", ".join(map(code, result.removed))
    noun = "kernel" if len(result.removed) == 1 else "kernels"
    return elements.box(elements.paragraph(f"{tick()}Removed {noun} {names}"))


def _channel_build(result: ChannelBuildResult, command: str) -> str:
    del command
    left_out = f"{len(result.skipped)} left out"
    amount = count(result.packages, "package")
    return elements.box(
        elements.paragraph(f"{tick()}Channel {bold(result.url)} holds {amount}"),
        elements.footer([f"{result.built} made in {seconds(result.seconds)}"]),
        elements.details(left_out, elements.preformatted("\n".join(result.skipped)))
        if result.skipped
        else "",
    )


def _demo(result: DemoResult, command: str) -> str:
    del command
    took = result.seconds
    environments = ", ".join(each["name"] for each in result.environments)
    rows = [
        ("Channel", result.channel, took["channel"]),
        ("Lock", result.lock, took["lock"]),
        ("Environments", environments, took["install"]),
        ("Notebook", result.notebook, took["kernel"]),
    ]
    kernels = ", ".join(each["display_name"] for each in result.environments)
    return elements.box(
        elements.paragraph(f"{tick()}A notebook ran in its own locked environment"),
        elements.table(
            (),
            [[quiet(a), escape(b), escape(seconds(c))] for a, b, c in rows],
            right=[2],
        ),
        elements.footer([escape(f"Kernels: {kernels}")]),
        elements.paragraph(code(f"jupyter lab {result.notebook}")),
    )


_RENDERERS: dict[str, Callable[[Any, str], str]] = {
    "add": changed.add,
    "channel_build": _channel_build,
    "clean": workspaces.clean,
    "clean_cache": workspaces.clean,
    "demo": _demo,
    "info": _info,
    "init": workspaces.init,
    "install": changed.install,
    "kernel_install": _kernel_install,
    "kernel_list": _kernel_list,
    "kernel_remove": _kernel_remove,
    "list": _list,
    "lock": changed.lock,
    "operations": workspaces.operations,
    "reinstall": changed.reinstall,
    "remove": changed.remove,
    "run": runs.run,
    "search": _search,
    "shell_hook": workspaces.shell_hook,
    "tree": workspaces.tree,
    "update": upgrades.update,
    "upgrade": upgrades.upgrade,
    **manifests.RENDERERS,
    **configuration.RENDERERS,
    **notebook_carrying.RENDERERS,
    **notebook_scan.RENDERERS,
    **notebook_trust.RENDERERS,
    **notebook_verify.RENDERERS,
    **tasks.RENDERERS,
}
