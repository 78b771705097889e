"""Results of `config`, `auth`, `completion` and `import` whose every text is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pixi_jupyter.verbs.auth import (
    AuthLoginResult,
    AuthLogoutResult,
    AuthStatusResult,
    AuthTokenResult,
)
from pixi_jupyter.verbs.completion import CompletionResult
from pixi_jupyter.verbs.config_change import ConfigChangeResult
from pixi_jupyter.verbs.config_edit import ConfigEditResult
from pixi_jupyter.verbs.config_list import ConfigListResult
from pixi_jupyter.verbs.import_file import ImportResult
from pixi_jupyter.workspace.credentials import Entry


def configured_results(name: str) -> dict[str, Any]:
    """Give a result of each verb.

    Parameters
    ----------
    name
        Every text in them.
    """
    entry = Entry(
        host=name, method=name, secret={"BasicHTTP": {"username": name}}, place=name
    )
    return {
        "auth_login": AuthLoginResult(host=name, kind=name, place=name),
        "auth_logout": AuthLogoutResult(host=name, removed=((name, name),)),
        "auth_status": AuthStatusResult(entries=(entry,), details=True),
        "auth_token": AuthTokenResult(host=name, token=name),
        "completion": CompletionResult(shell=name, script=name),
        "config_change": ConfigChangeResult(path=Path(name), key=name, value=name),
        "config_edit": ConfigEditResult(path=Path(name), command=(name,)),
        "config_list": ConfigListResult(
            settings={"shell": {name: name}}, sources=(Path(name),)
        ),
        "import_file": ImportResult(
            file=Path(name),
            manifest=name,
            environment=name,
            feature=name,
            dependencies=(name,),
            pypi=(name,),
        ),
    }
