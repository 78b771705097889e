"""Kernels, channels and the demo, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.commands.text import Rendered, Span, count, line, seconds, table

if TYPE_CHECKING:
    from pixi_jupyter.verbs.channel_build import ChannelBuildResult
    from pixi_jupyter.verbs.demo import DemoResult
    from pixi_jupyter.verbs.kernel import (
        KernelInstallResult,
        KernelListResult,
        KernelRemoveResult,
    )


def kernel_install(result: KernelInstallResult) -> Rendered:
    """Show which kernels were registered."""
    rows = [[each.display_name, each.name] for each in result.kernels]
    return Rendered(
        stderr=tuple(
            line(Span("✔ ", "green"), "Kernel ", *body)
            for body in table(rows, bold=lambda _: True)
        )
    )


def kernel_list(result: KernelListResult) -> Rendered:
    """Show the kernels that are registered."""
    if not result.kernels:
        return Rendered(
            stderr=(line("No environment is registered as a kernel"),),
            hint="{command} kernel install",
        )
    rows = [["Kernel", "Name", "Environment", "State"]]
    rows += [
        [each.display_name, each.name, each.environment, each.state]
        for each in result.kernels
    ]
    return Rendered(stdout=tuple(table(rows, header=True)))


def kernel_remove(result: KernelRemoveResult) -> Rendered:
    """Show which kernels were taken away."""
    if not result.removed:
        return Rendered(stderr=(line("No kernel had to be removed"),))
    return Rendered(
        stderr=tuple(
            line(Span("✔ ", "green"), f"Removed kernel {name}")
            for name in result.removed
        )
    )


def channel_build(result: ChannelBuildResult) -> Rendered:
    """Show what a new channel holds."""
    lines = [
        line(
            Span("✔ ", "green"),
            f"Channel {result.url} holds {count(result.packages, 'package')}, ",
            f"{result.built} made in {seconds(result.seconds)}",
        )
    ]
    lines += [line(Span(f"  left out {each}", "dim")) for each in result.skipped]
    return Rendered(stderr=tuple(lines))


def demo(result: DemoResult) -> Rendered:
    """Show what the demo made."""
    rows = [
        ["channel", result.channel, seconds(result.seconds["channel"])],
        ["lock", result.lock, seconds(result.seconds["lock"])],
        [
            "environments",
            ", ".join(each["name"] for each in result.environments),
            seconds(result.seconds["install"]),
        ],
        ["notebook", result.notebook, seconds(result.seconds["kernel"])],
    ]
    lines = [
        line(Span("✔ ", "green"), "A notebook ran in its own locked environment"),
        (),
        *table([[f"  {a}", b, c] for a, b, c in rows], right=[2]),
        (),
        *(line(f"  Kernel  {each['display_name']}") for each in result.environments),
        (),
        line(Span("hint: ", "cyan"), f"jupyter lab {result.notebook}"),
        line("      with JupyterLab installed: pip install 'pixi-jupyter[lab]'"),
    ]
    return Rendered(stderr=tuple(lines))
