"""Kernelspecs of environments: names, files, logos, and what is registered where."""

from __future__ import annotations

from pixi_jupyter.kernelspecs.files import KernelSource, kernels_of
from pixi_jupyter.kernelspecs.names import display_name, kernel_name
from pixi_jupyter.kernelspecs.registry import (
    RegisteredKernel,
    install_kernel,
    list_kernels,
    remove_kernel,
    remove_stale,
)

__all__ = [
    "KernelSource",
    "RegisteredKernel",
    "display_name",
    "install_kernel",
    "kernel_name",
    "kernels_of",
    "list_kernels",
    "remove_kernel",
    "remove_stale",
]
