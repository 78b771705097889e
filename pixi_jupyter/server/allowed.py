"""Which verbs a client of the server may start, and what right each of them needs."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pixi_jupyter.errors import UsageError, VerbNotServedError
from pixi_jupyter.server.paths import inside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pixi_jupyter.server.paths import Place

Right: TypeAlias = Literal["read", "write", "execute"]
"""As Jupyter's authorizers know them."""

RIGHTS: Mapping[str, Right] = {
    "add": "write",
    "import_file": "write",
    "init": "write",
    "install": "write",
    "lock": "write",
    "reinstall": "write",
    "remove": "write",
    "run": "execute",
    "task_add": "write",
    "task_alias": "write",
    "task_remove": "write",
    "update": "write",
    "upgrade": "write",
    "workspace_channel_add": "write",
    "workspace_channel_remove": "write",
    "workspace_environment_add": "write",
    "workspace_environment_remove": "write",
    "workspace_platform_add": "write",
    "workspace_platform_remove": "write",
}
"""What is not here changes this computer beyond a workspace, or tells secrets."""

_OURS = ("manifest", "output", "executable", "cwd")
"""Arguments that a client cannot choose."""
_KINDS: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,),
    "str": (str,),
    "int": (int,),
    "Path": (str,),
    "None": (type(None),),
}


def right_for(verb: str) -> Right:
    """Give the right that a verb needs.

    Raises
    ------
    VerbNotServedError
    """
    if verb not in RIGHTS:
        raise VerbNotServedError(verb, available=RIGHTS)
    return RIGHTS[verb]


def prepared(
    root: Path, verb: str, request: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    """Make the request that an engine is given from that of a client.

    Parameters
    ----------
    place
        Which workspace is meant, or where one would be made.

    Raises
    ------
    UsageError
        If it chooses what a client cannot choose, or the verb has no such argument.
    OutsideRootError

    Notes
    -----
    Imports the verb to learn its arguments, and looks at paths: blocks.
    """
    from pixi_jupyter.commands.registry import load

    for name in _OURS:
        if name in request and not (verb == "task_add" and name == "cwd"):
            what = f"{name} cannot be chosen by a client"
            raise UsageError(what)
    _, request_class = load(verb)
    types = {each.name: str(each.type) for each in fields(request_class)}
    _check(verb, request, types)
    found = {
        name: str(inside(root, value))
        if types[name].startswith("Path") and isinstance(value, str)
        else value
        for name, value in request.items()
    }
    if verb == "init":
        found.setdefault("path", str(place.folder))
    else:
        found["manifest"] = str(place.manifest or place.folder)
    if verb == "run":
        found["cwd"] = str(place.folder)
    required = {
        each.name
        for each in fields(request_class)
        if each.default is MISSING and each.default_factory is MISSING
    }
    if missing := sorted(required - found.keys()):
        what = f"{verb} needs {', '.join(missing)}"
        raise UsageError(what)
    return found


def _check(verb: str, request: Mapping[str, Any], types: Mapping[str, str]) -> None:
    for name, value in request.items():
        if name not in types:
            what = f"{verb} has no argument {name[:80]}"
            raise UsageError(what)
        if not _fits(types[name], value):
            what = f"{name} of {verb} has to be {_in_words(types[name])}"
            raise UsageError(what)


def _fits(annotation: str, value: object) -> bool:
    """Tell whether a value of JSON is one of a type, as far as types are simple."""
    if annotation.startswith("tuple["):
        return isinstance(value, list) and all(type(each) is str for each in value)
    kinds = [_KINDS.get(each) for each in annotation.split(" | ")]
    known = [kind for kind in kinds if kind is not None]
    # of what is not simple the verb itself is the judge
    return len(known) < len(kinds) or any(type(value) in kind for kind in known)


def _in_words(annotation: str) -> str:
    if annotation.startswith("tuple["):
        return "a list of texts"
    words = {"bool": "true or false", "str": "a text", "int": "a number"}
    words |= {"Path": "a path", "None": "null"}
    return " or ".join(words[each] for each in annotation.split(" | "))
