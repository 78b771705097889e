"""What is found while somebody else's texts are read: places by what is from there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.trust.addresses import address, has_secret, shown
from pixi_jupyter.trust.models import NOWHERE, Origin, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable


class Findings:
    """Collects places and refusals, each once."""

    def __init__(self) -> None:
        self.channels: dict[str, dict[str, None]] = {}
        """Packages by the URL of their channel, as written."""
        self.indexes: dict[str, dict[str, None]] = {}
        self.direct: dict[str, dict[str, None]] = {}
        self.others: dict[str, dict[str, None]] = {}
        self.builds: dict[str, None] = {}
        self.unhashed: dict[str, None] = {}
        self.asks_pypi = False
        """Whether the manifest wants PyPI packages from wherever they usually are."""
        self._refusals: dict[tuple[str, str], None] = {}

    def refuse(self, code: str, text: str) -> None:
        """Note why something is not installed."""
        self._refusals[code, text] = None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """All of them, in the order of finding."""
        return tuple(Refusal(*each) for each in self._refusals)

    def put(
        self, group: dict[str, dict[str, None]], url: str, package: str = ""
    ) -> None:
        """Note a place, unless it is none that anybody could agree to.

        Parameters
        ----------
        group
            One of the groups here.
        """
        if not self.accepts(url):
            return
        packages = group.setdefault(url, {})
        if package:
            packages[package] = None

    def accepts(self, url: str, what: str = "") -> bool:
        """Tell whether a place is one that can be named; note why it is not.

        Parameters
        ----------
        what
            What comes from there.
        """
        where = f"{shown(url)}, for {what}," if what else shown(url)
        if has_secret(url):
            self.refuse("credentials", f"{where} tells a secret of whoever wrote it")
            return False
        bare = url.removeprefix("direct+").removeprefix("git+")
        if bare.lower().startswith("file:") or "://" not in bare:
            self.refuse("path", f"{where} is a place on the computer of who wrote it")
            return False
        if address(bare.partition("#")[0].partition("?")[0]) is None:
            self.refuse("address", f"{where} is not a plain address")
            return False
        return True


def origins(
    group: dict[str, dict[str, None]], is_known: Callable[[str], bool]
) -> tuple[Origin, ...]:
    """Give the places of a group, those that are known first."""
    found = [
        Origin(
            where=shown(url).rstrip("/"),
            name=_short(url) if is_known(url) else "",
            is_known=is_known(url),
            packages=tuple(map(shown, packages)),
        )
        for url, packages in group.items()
    ]
    return tuple(sorted(found, key=lambda each: not each.is_known))


def _short(url: str) -> str:
    """Give the name that everybody writes for a channel; empty where there is none."""
    from pixi_jupyter.adapters.rattler import channel_urls

    name = url.rstrip("/").rpartition("/")[2]
    with suppress(PixiJupyterError):
        if channel_urls([name], root=NOWHERE.parent) == (url,):
            return shown(name)
    return ""
