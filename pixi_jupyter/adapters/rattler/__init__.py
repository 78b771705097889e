"""The door to py-rattler: solver, repodata gateway, linker, lock reader.

Import this module inside the function that needs it: it costs 50 ms.
Failures come out as classes of `pixi_jupyter.errors`.

Traps kept inside (py-rattler 0.28.0):

* a running link cannot be cancelled, and a failed one goes on in the background,
  so a process that saw `LinkError` or `DownloadError` must not link again;
* the interpreter may crash when it exits right after the last await
  (PyO3/pyo3-async-runtimes#40), so programs end with flush and ``os._exit``,
  and a short pause is registered for all others;
* a gateway never asks again what it holds in memory: take a new `Session`
  for each operation that must see news.
"""

from __future__ import annotations

import atexit
import time

from rattler import (
    MatchSpec,
    NamelessMatchSpec,
    PrefixRecord,
    RepoDataRecord,
    Version,
    VersionSpec,
)

from pixi_jupyter.adapters.rattler.failures import mapped
from pixi_jupyter.adapters.rattler.locks import (
    LockedRecords,
    newest_lock_text,
    read_lock_records,
)
from pixi_jupyter.adapters.rattler.network import Network, secrets_of
from pixi_jupyter.adapters.rattler.records import (
    installed_records,
    record_from_mapping,
    record_mapping,
    records_from_mappings,
)
from pixi_jupyter.adapters.rattler.session import Session
from pixi_jupyter.adapters.rattler.specs import (
    channel_urls,
    channel_urls_as_given,
    host_virtual_packages,
    is_microarchitecture,
    match_spec,
    parse_version,
    version_spec,
    virtual_package_matches,
)

__all__ = [
    "LockedRecords",
    "MatchSpec",
    "NamelessMatchSpec",
    "Network",
    "PrefixRecord",
    "RepoDataRecord",
    "Session",
    "Version",
    "VersionSpec",
    "channel_urls",
    "channel_urls_as_given",
    "host_virtual_packages",
    "installed_records",
    "is_microarchitecture",
    "mapped",
    "match_spec",
    "newest_lock_text",
    "parse_version",
    "read_lock_records",
    "record_from_mapping",
    "record_mapping",
    "records_from_mappings",
    "secrets_of",
    "version_spec",
    "virtual_package_matches",
]

# A pause of 50 ms took the crashes of 140 runs away; see the module's text.
atexit.register(time.sleep, 0.05)
