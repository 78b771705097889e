"""Everything that an environment from elsewhere would use, as a list to agree to.

Nothing is fetched, solved, built or run for it: texts are read.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.trust import lock_reader, manifest_reader
from pixi_jupyter.trust.addresses import has_hidden, shown
from pixi_jupyter.trust.findings import Findings, origins
from pixi_jupyter.trust.models import Amount, Facts, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pixi_jupyter.trust.models import Carried
    from pixi_jupyter.trust.policy import Policy

_USUAL = "PyPI"
_ACTIVATION = "etc/conda/activate.d"
_LABEL = re.compile(r"[^/\\:]{1,200}")


def facts_of(
    environment: Carried, policy: Policy, *, prefix: Path | None = None
) -> Facts:
    """List what an environment from elsewhere would use.

    Parameters
    ----------
    policy
        What is known here, and what is not allowed.
    prefix
        Where it is installed already, if it is: what runs at each start is known
        only then.

    Notes
    -----
    Never raises for what somebody else wrote: what cannot be understood is a refusal.
    """
    found = Findings()
    label = environment.environment
    if not _LABEL.fullmatch(label) or label.startswith(".") or has_hidden(label):
        found.refuse("name", f"its environment is called {shown(label)!r}")
    manifest = manifest_reader.read(environment.manifest, found)
    lock = amount = None
    if environment.lock is not None:
        lock = lock_reader.read(environment.lock, found)
    if environment.overlay is not None:
        lock_reader.read(environment.overlay, found, what="kernel's lock")
    if lock is not None:
        amount = lock_reader.amount_of(lock, host_subdir())
    if found.unhashed and not policy.unhashed:
        names = _some(tuple(found.unhashed))
        found.refuse("unhashed", f"nothing tells what {names} has to be: no sha256")
    return Facts(
        digest=environment.digest,
        environment=shown(label),
        channels=origins(found.channels, policy.knows_channel),
        indexes=(*_usual(found), *origins(found.indexes, policy.knows_index)),
        direct=origins(found.direct, lambda _: False),
        others=origins(found.others, lambda _: False),
        is_locked=environment.lock is not None,
        amount=amount or Amount(),
        unhashed=tuple(found.unhashed),
        builds=tuple(found.builds),
        variables=manifest_reader.variables_of(manifest) if manifest else (),
        scripts=scripts_of(prefix),
        link_scripts=policy.link_scripts,
        tasks=manifest_reader.tasks_of(manifest) if manifest else (),
        refusals=found.refusals,
        forbidden=tuple(_forbidden(found, policy)),
    )


def scripts_of(prefix: Path | None) -> tuple[str, ...] | None:
    """List what runs at each start of an installed environment; None for none."""
    if prefix is None or not (prefix / "conda-meta").is_dir():
        return None
    with suppress(OSError):
        found = sorted(
            path.name for path in (prefix / _ACTIVATION).iterdir() if path.is_file()
        )
        return tuple(f"activate.d/{shown(name)}" for name in found)
    return ()


def _usual(found: Findings) -> tuple[Origin, ...]:
    """Give the index that is asked where nothing names one."""
    if found.asks_pypi and not found.indexes:
        return (Origin(where=_USUAL, is_known=True),)
    return ()


def _forbidden(found: Findings, policy: Policy) -> Iterator[str]:
    for url in found.channels:
        if not policy.allows_channel(url):
            yield f"{shown(url)} is no allowed channel"
    for url in found.indexes:
        if not policy.allows_index(url):
            yield f"{shown(url)} is no allowed index"
    if _usual(found) and not policy.allows_usual_index():
        yield f"{_USUAL} is no allowed index"
    for url, packages in found.direct.items():
        if not policy.allows_place(url.removeprefix("git+").removeprefix("direct+")):
            yield f"{shown(url)} ({', '.join(packages)}) is no allowed place"
    for url in found.others:
        if not policy.allows_place(url):
            yield f"{shown(url)} is no allowed place"


def _some(names: tuple[str, ...]) -> str:
    rest = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest} more" if rest > 0 else "")
