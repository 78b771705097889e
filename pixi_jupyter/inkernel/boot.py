"""Starts ipykernel in an environment that has never heard of us.

``ENVPY boot.py --host HOSTPY --manifest PATH --environment NAME
[--overlay SITE_PACKAGES] -- -f CONNECTION_FILE``, run by path. What follows ``--``
is for ipykernel. The kernel is left as ipykernel alone would leave it: import path,
variables, user's names and child processes.
"""

import importlib.util
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple

NAME = "_pixi_jupyter_inkernel"
"""What our package is called in the kernel."""


def split(words: List[str]) -> Tuple[Dict[str, str], List[str]]:
    """Part our options from the arguments of ipykernel."""
    cut = words.index("--")
    mine = words[:cut]
    names = [word[2:] for word in mine[::2]]
    return dict(zip(names, mine[1::2])), words[cut + 1 :]  # noqa: B905  3.8 has no strict


def load_package(here: Path, options: Dict[str, str]) -> None:
    """Load our package by its path and tell it what the kernel was started with."""
    spec = importlib.util.spec_from_file_location(
        NAME, here / "__init__.py", submodule_search_locations=[str(here)]
    )
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    module.options.update(options)


def boot() -> None:
    """Become a kernel.

    Notes
    -----
    An overlay comes last on the import path: whatever the environment has itself
    wins. It is appended whenever it is given, for it may hold more than ipykernel,
    and it was solved together with what the environment has.
    """
    here = Path(__file__).resolve().parent
    # Python puts the folder of a script there, unless it is told not to
    if sys.path and Path(sys.path[0]).resolve() == here:
        del sys.path[0]
    options, argv = split(sys.argv[1:])
    if "overlay" in options:
        sys.path.append(options["overlay"])
    try:
        from ipykernel.kernelapp import IPKernelApp
    except ImportError as error:
        sys.exit(explain(error, options))
    load_package(here, options)
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [(launcher and launcher.origin) or "ipykernel_launcher", *argv]
    app: Any = IPKernelApp.instance()
    app.initialize(argv)
    if app.shell is not None:
        load_magics(app.shell)
    load_stamps(app, options)
    app.start()


def load_magics(shell: Any) -> None:  # noqa: ANN401  IPython's
    """Give the kernel ``%pixi``; a kernel without it is better than none."""
    try:
        shell.extension_manager.load_extension(NAME)
    except Exception:  # IPython has many ages
        shell.log.warning("%%pixi could not be loaded", exc_info=True)


def load_stamps(app: Any, options: Dict[str, str]) -> None:  # noqa: ANN401  ipykernel's
    """Let the kernel say with each answer which environment it came from."""
    try:
        importlib.import_module(NAME + ".stamps").attach(app.kernel, options)
    except Exception:  # ipykernel has many ages
        app.log.warning("Outputs will not name their environment", exc_info=True)


def explain(error: ImportError, options: Dict[str, str]) -> str:
    """Say why no kernel can start, for the log of whoever started us."""
    environment = options.get("environment", "default")
    if error.name == "ipykernel":
        what = "Environment %s has no ipykernel" % environment
        if "overlay" in options:
            what += ", and %s has none either" % options["overlay"]
    else:
        what = "ipykernel cannot be loaded in environment %s: %s" % (environment, error)
    return "%s\nhint: pixi-jupyter add ipykernel" % what


if __name__ == "__main__":
    boot()
