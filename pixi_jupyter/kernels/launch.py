"""The argv of our kernelspecs, for tools that do not know provisioners.

``HOSTPY -m pixi_jupyter.kernels.launch --workspace MANIFEST --environment NAME
[--kernel NAME] -f CONNECTION_FILE``: installs, then becomes the kernel. With
``--notebook`` in the place of workspace and environment it is the kernel of whatever
the notebook carries.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pixi_jupyter.kernels.start import KernelTarget

_CANCELLED = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Become the kernel.

    Notes
    -----
    Imports come late: Python has put the notebook's folder on the import path, and
    a ``json.py`` in there is not the one that is meant.
    """
    if sys.path and sys.path[0] in ("", _working_folder()):
        del sys.path[0]
    from pathlib import Path

    from pixi_jupyter.errors import OperationCancelledError, PixiJupyterError
    from pixi_jupyter.kernels.start import (
        CONNECTION_FILE,
        KernelTarget,
        installed_payload,
        kernel_start,
    )

    options, rest = _parse(arguments)
    import os

    try:
        if options.notebook:
            target, payload = _open_notebook()
        else:
            target = KernelTarget(
                manifest=Path(options.workspace).absolute(),
                environment=options.environment,
                kernel=options.kernel,
            )
            payload = installed_payload(target) or _install(target)
        start = kernel_start(target, payload, os.environ)
    except PixiJupyterError as error:
        sys.stderr.write(f"{error}\n")
        cancelled = isinstance(error, OperationCancelledError)
        sys.exit(_CANCELLED if cancelled else 1)
    command = [
        word.replace(CONNECTION_FILE, options.connection_file) for word in start.command
    ]
    _become([*command, *rest], start.environ)


def _working_folder() -> str:
    import os

    return os.getcwd()  # noqa: PTH109  pathlib may not be the one that is meant


def _parse(arguments: Sequence[str] | None) -> tuple[Any, list[str]]:
    import argparse

    parser = argparse.ArgumentParser(prog="pixi_jupyter.kernels.launch")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--workspace", metavar="MANIFEST")
    which.add_argument("--notebook", action="store_true")
    parser.add_argument("--environment", default="default")
    parser.add_argument("--kernel", default="")
    parser.add_argument("-f", dest="connection_file", required=True)
    return parser.parse_known_args(arguments)


def _open_notebook() -> tuple[KernelTarget, Mapping[str, Any]]:
    import os
    import sys

    from pixi_jupyter.kernels.notebooks import opened_target, opening, started_notebook

    path = started_notebook(os.environ, None)
    result = _ask(opening(path), sys.executable)
    return opened_target(path, result, sys.executable), result["payload"]


def _install(target: KernelTarget) -> Mapping[str, Any]:
    params = {"verb": "ensure_installed", "request": target.request}
    payload: Mapping[str, Any] = _ask(params, target.host)["payload"]
    return payload


def _ask(params: dict[str, Any], host: str) -> Mapping[str, Any]:
    import os

    from pixi_jupyter.errors import error_from_wire
    from pixi_jupyter.inkernel.client import CallError, Client
    from pixi_jupyter.kernels.progress import Lines

    client = Client(host, environ=dict(os.environ))
    lines = Lines()

    def tell(event: Mapping[str, Any]) -> None:
        if line := lines.take(event):
            sys.stderr.write(f"pixi-jupyter: {line[1]}\n")

    try:
        result: Mapping[str, Any] = client.call("verb", params, tell)
    except CallError as error:
        raise error_from_wire(error.data) from error
    finally:
        client.close()
    return result


def _become(command: list[str], environ: Mapping[str, str]) -> NoReturn:
    import os

    sys.stderr.flush()
    if os.name == "posix":
        # the same process: signals for the kernel reach the kernel
        os.execve(command[0], command, dict(environ))  # noqa: S606  no shell is wanted
    import subprocess

    process = subprocess.Popen(command, env=dict(environ), close_fds=False)  # noqa: S603
    sys.exit(process.wait())


if __name__ == "__main__":
    main()
