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
import datetime as dt
import json
import re
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rattler
from rattler import (
    Channel,
    ChannelConfig,
    GenericVirtualPackage,
    LockFile,
    MatchSpec,
    NamelessMatchSpec,
    PackageCache,
    PackageName,
    PrefixRecord,
    RepoDataRecord,
    Version,
    VersionSpec,
    exceptions,
)
from rattler.package_cache import ValidationMode
from rattler.repo_data import Gateway, SourceConfig, SparseRepoData

from pixi_jupyter.errors import (
    ChannelError,
    DownloadError,
    InstallError,
    InvalidSpecError,
    LinkError,
    LockParseError,
    OfflineError,
    PixiJupyterError,
    SolveError,
    UnsatisfiableError,
)
from pixi_jupyter.platforms import VirtualPackage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rattler import InstallerReporter

__all__ = [
    "MatchSpec",
    "NamelessMatchSpec",
    "PrefixRecord",
    "RepoDataRecord",
    "Session",
    "Version",
    "VersionSpec",
]

# A pause of 50 ms took the crashes of 140 runs away; see the module's text.
atexit.register(time.sleep, 0.05)

_PRIORITIES = {
    "strict": rattler.ChannelPriority.Strict,
    "flexible": rattler.ChannelPriority.Flexible,
    "disabled": rattler.ChannelPriority.Disabled,
}

INPUT_ERRORS: tuple[type[Exception], ...] = (
    exceptions.CanonicalMatchSpecError,
    exceptions.ConversionError,
    exceptions.ConvertSubdirError,
    exceptions.InvalidChannelError,
    exceptions.InvalidHeaderNameError,
    exceptions.InvalidHeaderValueError,
    exceptions.InvalidMatchSpecError,
    exceptions.InvalidPackageNameError,
    exceptions.InvalidUrlError,
    exceptions.InvalidVersionError,
    exceptions.InvalidVersionSpecError,
    exceptions.PackageNameMatcherParseError,
    exceptions.ParseArchError,
    exceptions.ParseSubdirError,
    exceptions.RequirementError,
    exceptions.VersionBumpError,
    exceptions.VersionExtendError,
    exceptions.ParseExplicitEnvironmentSpecError,
)
"""Something that was written is not what the format allows."""

CHANNEL_ERRORS: tuple[type[Exception], ...] = (
    exceptions.FetchRepoDataError,
    exceptions.GatewayError,
    exceptions.CacheDirError,
    exceptions.AuthenticationStorageError,
)
"""A channel did not answer as it should."""

INSTALL_ERRORS: tuple[type[Exception], ...] = (
    exceptions.ActivationError,
    exceptions.ActivationScriptFormatError,
    exceptions.AttestationError,
    exceptions.ConfigError,
    exceptions.DetectVirtualPackageError,
    exceptions.ExtractError,
    exceptions.InstallerError,
    exceptions.IoError,
    exceptions.LinkError,
    exceptions.ShellError,
    exceptions.TransactionError,
    exceptions.VirtualPackageOverrideError,
)
"""A prefix could not be changed."""

LOCK_ERRORS: tuple[type[Exception], ...] = (
    exceptions.EnvironmentCreationError,
    exceptions.ParseCondaLockError,
    exceptions.ValidatePackageRecordsError,
)
"""A lock file does not hold what it should."""

SOLVE_ERRORS: tuple[type[Exception], ...] = (exceptions.SolverError,)
"""There is no solution."""


@contextmanager
def mapped(what: str) -> Iterator[None]:
    """Turn py-rattler's exceptions into ours.

    Parameters
    ----------
    what
        The channel, spec, prefix or file in question, for the message.
    """
    try:
        yield
    except CHANNEL_ERRORS as error:
        reason = _readable(error)
        if "no usable repodata cache" in reason.lower():
            msg = f"Channel {what}"
            raise OfflineError(msg, reason=reason) from error
        raise ChannelError(what, reason=reason) from error
    except SOLVE_ERRORS as error:
        raise SolveError(_readable(error)) from error
    except INPUT_ERRORS as error:
        raise InvalidSpecError(what, reason=_readable(error)) from error
    except LOCK_ERRORS as error:
        raise LockParseError(what, reason=_readable(error)) from error
    except INSTALL_ERRORS as error:
        raise _install_error(what, error) from error
    except exceptions.GatewayWarning as error:
        raise PixiJupyterError(_readable(error)) from error


def _readable(error: BaseException) -> str:
    """Give the text of an error without Rust's debug decoration."""
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip() or type(error).__name__


def _install_error(what: str, error: Exception) -> InstallError:
    text = _readable(error)
    fetch = re.search(r"failed to fetch (\S+)|(\w+://\S+\.(?:conda|tar\.bz2))", text)
    if fetch or "hash mismatch" in text:
        name = next(filter(None, fetch.groups()), what) if fetch else what
        return DownloadError(name, reason=text)
    return LinkError(Path(what), reason=text)


@dataclass
class Session:
    """One operation's use of channels and of the package cache.

    Parameters
    ----------
    cache_dir
        Root of rattler's cache; ``pkgs`` and ``repodata`` lie below it.
    offline
        Read repodata from the cache only, and never fetch a package.
    """

    cache_dir: Path
    offline: bool = False
    concurrent_requests: int = 50
    _gateway: Gateway | None = field(default=None, repr=False)

    @property
    def packages_dir(self) -> Path:
        """Where extracted packages lie."""
        return self.cache_dir / "pkgs"

    @property
    def gateway(self) -> Gateway:
        """The session's gateway, made at first use."""
        if self._gateway is None:
            action = "force-cache-only" if self.offline else "cache-or-fetch"
            self._gateway = Gateway(
                cache_dir=self.cache_dir / "repodata",
                default_config=SourceConfig(
                    bz2_enabled=False,
                    cache_action=action,  # type: ignore[arg-type]  # a literal
                ),
                max_concurrent_requests=self.concurrent_requests,
            )
        return self._gateway

    async def solve(
        self,
        channels: Sequence[str],
        specs: Sequence[str],
        *,
        subdir: str,
        virtual_packages: Iterable[VirtualPackage] = (),
        locked: Sequence[RepoDataRecord] = (),
        pinned: Sequence[RepoDataRecord] = (),
        options: Mapping[str, Any] | None = None,
        label: tuple[str, str] = ("default", ""),
    ) -> list[RepoDataRecord]:
        """Find records that satisfy all `specs`.

        Parameters
        ----------
        channels
            URLs, in priority order.
        specs
            Match specs.
        subdir
            The platform's subdir; ``noarch`` is always read too.
        locked
            Records that are preferred.
        pinned
            Records that must not be replaced.
        options
            constraints (texts), channel_priority, strategy, exclude_newer (an
            aware `datetime`).
        label
            (environment, platform) for the message of a failure.

        Raises
        ------
        UnsatisfiableError, ChannelError, OfflineError, InvalidSpecError
        """
        given = dict(options or {})
        newer = given.get("exclude_newer")
        with mapped(", ".join(channels)):
            try:
                return await rattler.solve(
                    [Channel(url) for url in channels],
                    [match_spec(text) for text in specs],
                    gateway=self.gateway,
                    platforms=[subdir, "noarch"],  # type: ignore[list-item]  # any subdir
                    locked_packages=list(locked),
                    pinned_packages=list(pinned),
                    virtual_packages=[_generic(each) for each in virtual_packages],
                    channel_priority=_PRIORITIES[
                        given.get("channel_priority", "strict")
                    ],
                    # py-rattler takes the wall clock of any zone for UTC
                    exclude_newer=newer and newer.astimezone(dt.timezone.utc),
                    strategy=given.get("strategy", "highest"),
                    constraints=[match_spec(x) for x in given.get("constraints", ())],
                    timeout=dt.timedelta(minutes=10),
                )
            except exceptions.SolverError as error:
                raise UnsatisfiableError(
                    label[0], platform=label[1] or subdir, report=_report(error)
                ) from error

    async def query(
        self,
        channels: Sequence[str],
        specs: Sequence[str],
        *,
        subdirs: Sequence[str],
        recursive: bool = False,
    ) -> list[RepoDataRecord]:
        """List the records of `channels` that match any of `specs`."""
        with mapped(", ".join(channels)):
            found = await self.gateway.query(
                [Channel(url) for url in channels],
                list(subdirs),  # type: ignore[arg-type]  # any subdir
                [match_spec(text) for text in specs],
                recursive=recursive,
            )
        return [record for group in found for record in group]

    async def names(
        self, channels: Sequence[str], *, subdirs: Sequence[str]
    ) -> list[str]:
        """List the names of all packages of `channels`, sorted."""
        with mapped(", ".join(channels)):
            found = await self.gateway.names(
                [Channel(url) for url in channels],
                list(subdirs),  # type: ignore[arg-type]  # any subdir
            )
        return sorted({name.normalized for name in found})

    async def uncached(self, records: Sequence[RepoDataRecord]) -> list[RepoDataRecord]:
        """List those of `records` that the package cache does not hold."""
        if not self.packages_dir.is_dir():
            return list(records)
        with mapped(str(self.packages_dir)):
            index = await PackageCache(self.packages_dir).index()
            return [record for record in records if not index.contains_record(record)]

    async def install(
        self,
        records: Sequence[RepoDataRecord],
        prefix: Path,
        *,
        subdir: str | None = None,
        reinstall: Iterable[str] = (),
        ignored: Iterable[str] = (),
        final_prefix: Path | None = None,
        reporter: InstallerReporter | None = None,
        validate: bool = False,
    ) -> None:
        """Make `prefix` hold exactly `records`; cannot be cancelled.

        Parameters
        ----------
        records
            All records of the prefix, also those that are there already.
        prefix
            Absolute path.
        subdir
            The platform whose rules apply (None: this machine's).
        reinstall
            Names that are linked again although they look right.
        ignored
            Names of `records` that are left as they are.
        final_prefix
            Where the prefix will be moved to afterwards.
        validate
            Compare the cached files of what is linked with their hashes, and
            fetch a package again whose files differ.

        Raises
        ------
        DownloadError, LinkError
        """
        cache = self.cache_dir_for_install()
        with mapped(str(final_prefix or prefix)):
            await rattler.install(
                list(records),
                str(prefix),
                cache_dir=cache,
                reinstall_packages=set(reinstall) or None,
                ignored_packages=set(ignored) or None,
                platform=None if subdir is None else rattler.Subdir(subdir),
                show_progress=False,
                reporter=reporter,
                alternative_target_prefix=final_prefix,
                package_cache=PackageCache.new_layered(
                    [cache], validation_mode=ValidationMode.full()
                )
                if validate
                else None,
            )

    def cache_dir_for_install(self) -> Path:
        """Give the folder that py-rattler's installer takes for its cache."""
        self.packages_dir.mkdir(parents=True, exist_ok=True)
        return self.packages_dir


def _generic(package: VirtualPackage) -> GenericVirtualPackage:
    return GenericVirtualPackage(
        PackageName(package.name),
        Version(package.version),
        rattler.BuildString(package.build or "0"),
    )


def _report(error: Exception) -> str:
    text = _readable(error)
    _, _, tree = text.partition("Cannot solve the request because of:")
    return (tree or text).strip("\n ").strip()


def match_spec(text: str) -> MatchSpec:
    """Read a match spec.

    Raises
    ------
    InvalidSpecError
    """
    with mapped(text):
        spec = MatchSpec(text)
    build = str(spec.build or "")
    if any(sign in build for sign in " ="):
        # py-rattler takes all that follows the version for a build
        raise InvalidSpecError(text, reason=f"{build!r} is no build string")
    return spec


def version_spec(text: str) -> VersionSpec:
    """Read a version spec.

    Raises
    ------
    InvalidSpecError
    """
    with mapped(text):
        return VersionSpec(text)


def parse_version(text: str) -> Version:
    """Read a version, which can be compared with others.

    Raises
    ------
    InvalidSpecError
    """
    with mapped(text):
        return Version(text)


def channel_urls(names: Iterable[str], *, root: Path) -> tuple[str, ...]:
    """Give the URLs of channels that a manifest names.

    Parameters
    ----------
    names
        Names (``conda-forge``), URLs, or paths; relative paths start at `root`.
    root
        The workspace's folder, absolute.

    Returns
    -------
    tuple of str
        With a trailing slash, as pixi.lock has them.
    """
    config = ChannelConfig(root_dir=str(root))
    with mapped(", ".join(names := list(names))):
        return tuple(
            str(Channel(name, config).base_url).rstrip("/") + "/" for name in names
        )


def host_virtual_packages() -> tuple[VirtualPackage, ...]:
    """Detect the virtual packages of this machine, without any override."""
    with mapped("this machine"):
        found = [each.into_generic() for each in rattler.VirtualPackage.detect()]
    return tuple(
        VirtualPackage(
            each.name.normalized,
            str(each.version),
            getattr(each.build_string, "build", str(each.build_string)),
        )
        for each in found
    )


def record_mapping(record: RepoDataRecord | PrefixRecord) -> dict[str, Any]:
    """Give a record as the mapping that repodata has, with url, fn and channel.

    Hashes are hexadecimal text, the timestamp is in milliseconds.
    """
    found: dict[str, Any] = json.loads(record.to_json())
    return found


def record_from_mapping(data: Mapping[str, Any]) -> RepoDataRecord:
    """Make a record from `record_mapping`'s form, lossless."""
    return records_from_mappings([data])[0]


def records_from_mappings(
    mappings: Sequence[Mapping[str, Any]],
) -> list[RepoDataRecord]:
    """Make records from `record_mapping`'s form, lossless, in the same order.

    Notes
    -----
    py-rattler reads whole records from files only, so this writes one repodata
    file, in which a record's place in `mappings` stands in its file name.
    """
    found: dict[str, RepoDataRecord] = {}
    listed = {
        f"{str(data['name']).lower()}-{number}-0.conda": dict(data)
        for number, data in enumerate(mappings)
    }
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-") as folder:
        path = Path(folder) / "repodata.json"
        path.write_text(json.dumps({"packages.conda": listed}), encoding="utf-8")
        with mapped("records"), SparseRepoData(Channel(folder), "noarch", path) as read:
            for name in {str(data["name"]).lower() for data in mappings}:
                for record in read.load_records(PackageName(name)):
                    found[record.file_name] = record
    return [
        RepoDataRecord(
            found[file_name],
            data.get("fn") or str(data["url"]).rsplit("/", 1)[-1],
            str(data["url"]),
            data.get("channel") or str(data["url"]).rsplit("/", 2)[0],
        )
        for file_name, data in listed.items()
    ]


def newest_lock_text(text: str, what: str) -> str:
    """Bring the text of an older lock file to the newest version.

    Raises
    ------
    LockParseError
    """
    with tempfile.TemporaryDirectory(prefix="pixi-jupyter-") as folder:
        path = Path(folder) / "pixi.lock"
        path.write_text(text, encoding="utf-8")
        with mapped(what):
            LockFile.from_path(path).to_path(path)
        return path.read_text(encoding="utf-8")


LockedRecords = dict[str, dict[str, list[RepoDataRecord]]]
"""Conda records by environment and platform name."""


def read_lock_records(path: Path) -> LockedRecords:
    """Read the conda records of every environment and platform of a lock.

    Raises
    ------
    LockParseError
        If py-rattler does not accept the file.
    """
    with mapped(str(path)):
        lock = LockFile.from_path(path)
        found: LockedRecords = {}
        for name, environment in lock.environments():
            rows = found.setdefault(name, {})
            for platform in environment.platforms():
                rows[platform.name] = (
                    environment.conda_repodata_records_for_platform(platform) or []
                )
    return found


def installed_records(
    prefix: Path, *, unreadable: list[Path] | None = None
) -> list[PrefixRecord]:
    """Read all records of ``conda-meta``; an empty list where there is none.

    Parameters
    ----------
    prefix
        Where to look.
    unreadable
        Receives the records that cannot be read; without it they are an error.
    """
    found = []
    for path in sorted((prefix / "conda-meta").glob("*.json")):
        if not path.is_file():
            continue
        with mapped(str(prefix)):
            try:
                found.append(PrefixRecord.from_path(path))
            except (exceptions.IoError, exceptions.ConversionError, OSError):
                if unreadable is None:
                    raise
                unreadable.append(path)
    return found


def virtual_package_matches(spec: MatchSpec, package: VirtualPackage) -> bool:
    """Tell whether a virtual package is what a spec asks for."""
    with mapped(str(package)):
        record = rattler.PackageRecord(
            package.name,
            package.version,
            rattler.BuildString(package.build or "0"),
            0,
            "noarch",
        )
        return record.matches(spec)
