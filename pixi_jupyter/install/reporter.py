"""py-rattler's progress callbacks, as events of an operation.

The callbacks come from threads of py-rattler, which swallows what they raise and
waits for them: they count, and speak at most every 50 ms.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pixi_jupyter.events import Operation, State, Unit

INTERVAL_SECONDS = 0.05

_ENDED = float("inf")


class InstallReporter:
    """Receives what py-rattler's `InstallerReporter` tells.

    Parameters
    ----------
    operation
        Where the events go.
    sizes
        Size in bytes (0 where unknown) of each package that is not cached, by
        name: what the phase ``fetch`` counts.
    links, unlinks
        Names that the phases ``link`` and ``unlink`` count; others are not spoken
        of, because the installer also links into places that are thrown away.
    """

    def __init__(
        self,
        operation: Operation,
        *,
        sizes: Mapping[str, int] | None = None,
        links: Collection[str] = (),
        unlinks: Collection[str] = (),
    ) -> None:
        self._operation = operation
        self._sizes = dict(sizes or {})
        self._counted = {"link": frozenset(links), "unlink": frozenset(unlinks)}
        self._lock = threading.Lock()
        self._names: list[str] = []
        self._bytes: dict[str, int] = {}
        self._fetched: set[str] = set()
        self._done: dict[str, set[str]] = {"link": set(), "unlink": set()}
        self._told: dict[str, float] = {}

    def _token(self, name: str) -> int:
        with self._lock:
            self._names.append(name)
            return len(self._names) - 1

    def close(self) -> None:
        """Finish every phase that was spoken of and did not come to its end."""
        with self._lock:
            open_phases = [name for name, told in self._told.items() if told != _ENDED]
            self._told.update(dict.fromkeys(open_phases, _ENDED))
        for phase in open_phases:
            self._operation.finish(phase)

    def on_populate_cache_start(self, operation: int, package_name: str) -> int:
        """Remember which package a token stands for."""
        del operation
        token = self._token(package_name)
        self._tell_fetch(package_name)
        return token

    def on_download_start(self, cache_entry: int) -> int:
        """Give the token of the package that is downloaded."""
        return cache_entry

    def on_download_progress(
        self, download_idx: int, progress: int, total: int | None
    ) -> None:
        """Count bytes."""
        del total
        name = self._names[download_idx]
        with self._lock:
            self._bytes[name] = progress
        self._tell_fetch(name)

    def on_populate_cache_complete(self, cache_entry: int) -> None:
        """Count a package that is in the cache now."""
        name = self._names[cache_entry]
        with self._lock:
            self._fetched.add(name)
            self._bytes[name] = self._sizes.get(name, 0)
        self._tell_fetch(name)

    def on_unlink_start(self, operation: int, package_name: str) -> int:
        """Remember which package a token stands for."""
        del operation
        return self._token(package_name)

    def on_unlink_complete(self, index: int) -> None:
        """Count a package whose files are gone."""
        self._tell_done("unlink", self._names[index])

    def on_link_start(self, operation: int, package_name: str) -> int:
        """Remember which package a token stands for."""
        del operation
        return self._token(package_name)

    def on_link_complete(self, index: int) -> None:
        """Count a package whose files are there."""
        self._tell_done("link", self._names[index])

    def _tell_fetch(self, name: str) -> None:
        if name not in self._sizes:
            return
        with self._lock:
            count = len(self._fetched & self._sizes.keys())
            done = sum(self._bytes.get(each, 0) for each in self._sizes)
        packages, total = len(self._sizes), sum(self._sizes.values())
        label = f"{count}/{packages} {name}"
        if count == packages or not total:
            self._say("fetch", label, (count, packages), "packages")
        else:
            # the end is said when all packages are there, not when all bytes are
            self._say("fetch", label, (min(done, total - 1), total), "bytes")

    def _tell_done(self, phase: str, name: str) -> None:
        counted = self._counted[phase]
        if name not in counted:
            return
        with self._lock:
            self._done[phase].add(name)
            done = len(self._done[phase])
        self._say(phase, name, (done, len(counted)), "packages")

    def _say(
        self, phase: str, label: str, progress: tuple[int, int], unit: Unit
    ) -> None:
        done, total = progress
        now = time.monotonic()
        with self._lock:
            told = self._told.get(phase, 0.0)
            if told == _ENDED or (done < total and now - told < INTERVAL_SECONDS):
                return
            self._told[phase] = now if done < total else _ENDED
        state: State = "running" if done < total else "finished"
        self._operation.say(
            phase, label, done=done, total=total, unit=unit, state=state
        )
