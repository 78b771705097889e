"""Everything that can go wrong, as one tree of exceptions.

PixiJupyterError
    UsageError
    NotSupportedYetError
    ManifestError
        ManifestNotFoundError
        ManifestExistsError
        ManifestParseError
            ManifestConflictError
        EnvironmentNotFoundError
        FeatureNotFoundError
        DependencyNotFoundError
        PlatformNotDeclaredError
        RequiresPixiError
        FeatureConflictError
        ManifestEditError
    SolveError
        InvalidSpecError
        PackageNotFoundError
        UnsatisfiableError
        ChannelError
            ChannelAccessError
        InvalidRequirementError
        PypiResolutionError
    ChannelBuildError
        DistributionNotFoundError
    LockError
        LockNotFoundError
        LockParseError
            NewerLockError
            LockConflictError
        LockOutdatedError
        PackageNotLockedError
    InstallError
        UnsupportedPlatformError
        DownloadError
            IndexAccessError
            HashMismatchError
        LinkError
        PypiBuildError
        PypiInstallError
        ClobberError
        PrefixBusyError
        PrefixBrokenError
        PrefixMissingError
        DiskFullError
        NotWritableError
        PrefixTooLongError
        PrefixPlaceError
        PrefixInUseError
        LinkScriptError
        LinkerSpentError
    ToolNotFoundError
    ToolFailedError
    KernelError
        OverlayError
        KernelspecNotFoundError
        NoKernelError
    ActivationError
    CommandNotFoundError
    CommandStartError
    WriteError
        ChangedMeanwhileError
    RemoveError
    ConsentNeededError
    WorkspaceBusyError
    EngineEndedError
    OfflineError
    OperationCancelledError

A class takes data and makes its own sentence, so that the words for one
failure stand in one place. `hints` may hold ``{command}``: the face that shows
them puts its own word there (``pixi-jupyter`` or ``%pixi``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pixi_jupyter.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# colours that programs print, control characters, direction marks, half characters
_UNPRINTABLE = re.compile(
    r"(\x1b\[[0-9;]*m)"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LONGEST_LINE = 1000


def nearest(name: str, available: Iterable[str]) -> str | None:
    """Find the name that a typing error most likely stood for."""
    from difflib import get_close_matches  # 2 ms, and only for a mistake

    found = get_close_matches(name, sorted(available), n=1, cutoff=0.5)
    return found[0] if found else None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _printable(text: str) -> str:
    r"""Take out what a terminal would obey and no stream can encode.

    Examples
    --------
    >>> _printable("a\x1b[2J\x00")
    'a\\x1b[2J\\x00'
    """
    text = _UNPRINTABLE.sub(lambda x: "" if x[1] else ascii(x[0])[1:-1], text)
    text = redacted(text)
    if len(text) > _LONGEST_LINE and "\n" not in text:
        return f"{text[: _LONGEST_LINE // 2]} … {text[-_LONGEST_LINE // 4 :]}"
    return text


class PixiJupyterError(Exception):
    """Root of all errors that a person is meant to read.

    Parameters
    ----------
    message
        One sentence without a period: what, where, why.
    details
        Lines shown indented below the sentence.
    hints
        What to do next; something that can be pasted wherever possible.
    """

    code: ClassVar[str] = "error"
    """Stable identifier sent to other processes."""

    def __init__(
        self,
        message: str,
        *,
        details: Sequence[str] = (),
        hints: Sequence[str] = (),
    ) -> None:
        message = _printable(message)
        super().__init__(message)
        self.message = message
        lines = (line for text in details for line in text.split("\n"))
        self.details = tuple(map(_printable, lines))
        self.hints = tuple(map(_printable, hints))

    def lines(self, command: str = "pixi-jupyter") -> list[str]:
        """Give message, details and hints as lines of text.

        Parameters
        ----------
        command
            The word that starts a command in the face that shows the lines.
        """
        return [
            self.message,
            *(f"  {line}" for line in self.details),
            *(f"hint: {hint.replace('{command}', command)}" for hint in self.hints),
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _render_traceback_(self) -> list[str]:
        """Let IPython show our words instead of a traceback."""
        return self.lines("%pixi")

    def to_wire(self) -> dict[str, object]:
        """Give the form in which an engine sends this error."""
        return {
            "code": self.code,
            "message": self.message,
            "details": list(self.details),
            "hints": list(self.hints),
        }


class UsageError(PixiJupyterError):
    """The words of a command do not fit together."""

    code = "usage"


class NotSupportedYetError(PixiJupyterError):
    """pixi can do this, and this version cannot."""

    code = "not-supported-yet"

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where = what, where
        at = f" ({where})" if where else ""
        super().__init__(
            f"{what} is not supported yet{at}", hints=(hint,) if hint else ()
        )


class ManifestError(PixiJupyterError):
    """The manifest cannot be used as it stands."""

    code = "manifest"


class ManifestNotFoundError(ManifestError):
    """There is no manifest where one was looked for."""

    code = "manifest-not-found"

    def __init__(self, searched: Path, *, named: bool = False) -> None:
        self.searched = searched
        looked = "looked for pixi.toml, and pyproject.toml with [tool.pixi]"
        if named:
            what = f"{searched} is no manifest"
            is_file = searched.is_file() or searched.suffix == ".toml"
            looked = "there is no such file" if is_file else looked
        else:
            what = f"No manifest was found in {searched} or a folder above it"
        super().__init__(what, details=(looked,), hints=("{command} init",))


class ManifestExistsError(ManifestError):
    """A workspace is already here."""

    code = "manifest-exists"

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} already exists",
            hints=("{command} add PACKAGE   adds to the workspace that is here",),
        )


class ManifestParseError(ManifestError):
    """The text of a manifest breaks a rule of its format.

    Parameters
    ----------
    path
        The manifest.
    reason
        What is wrong, without the place.
    line, column
        Where, counted from 1; None where no line is to blame.
    key
        Dotted path of the key, or an empty string.
    source_line
        The text of that line.
    others
        What else is wrong, one line each.
    """

    code = "manifest-parse"

    def __init__(
        self,
        path: Path | str,
        *,
        reason: str,
        line: int | None = None,
        column: int | None = None,
        key: str = "",
        source_line: str = "",
        hint: str = "",
        others: Sequence[str] = (),
    ) -> None:
        self.path, self.reason, self.key = path, reason, key
        self.line, self.column, self.source_line = line, column, source_line
        place = f", line {line}" if line else ""
        place += f", column {column}" if line and column else ""
        details = [f"{key}: {reason}" if key else reason]
        if line and source_line.strip():
            margin = f"{line:>4} | "
            details.append(f"{margin}{source_line.rstrip()}")
            if column:
                details.append(" " * (len(margin) + column - 1) + "^")
        super().__init__(
            f"{path} cannot be read{place}",
            details=(*details, *(f"also {other}" for other in others)),
            hints=(hint,) if hint else (),
        )


class ManifestConflictError(ManifestParseError):
    """A merge left its marks in a manifest.

    Parameters
    ----------
    path
        The manifest.
    lines
        Number and text of each line that is a mark.
    """

    code = "manifest-conflict"

    def __init__(self, path: Path | str, *, lines: Sequence[tuple[int, str]]) -> None:
        first, last = lines[0][0], lines[-1][0]
        super().__init__(path, reason="merge conflict", line=first)
        self.message, self.details = _conflict(path, lines)
        todo = f"keep what is right of lines {first} to {last} and take the marks out"
        self.hints = (f"{todo}, then {{command}} lock",)


class EnvironmentNotFoundError(ManifestError):
    """The manifest has no environment of that name."""

    code = "environment-not-found"

    def __init__(
        self, name: str, *, available: Iterable[str], manifest: Path | str
    ) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No environment named {name} in {manifest}",
            details=(f"there are {_listed(self.available)}",),
            hints=(f"did you mean {close}?",) if close else (),
        )


class FeatureNotFoundError(ManifestError):
    """The manifest has no feature of that name."""

    code = "feature-not-found"

    def __init__(
        self, name: str, *, available: Iterable[str], manifest: Path | str
    ) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No feature named {name} in {manifest}",
            details=(f"there are {_listed(self.available)}",),
            hints=(f"did you mean {close}?",) if close else (),
        )


class DependencyNotFoundError(ManifestError):
    """The manifest does not ask for a package of that name there.

    Parameters
    ----------
    table
        Where; empty for all tables.
    verb
        The command that was meant.
    """

    code = "dependency-not-found"

    def __init__(
        self,
        name: str,
        *,
        table: str = "",
        available: Iterable[str],
        manifest: Path | str,
        verb: str = "remove",
    ) -> None:
        self.name, self.table, self.available = name, table, tuple(available)
        close = nearest(name, self.available)
        where = f"[{table}] of {manifest}" if table else manifest
        super().__init__(
            f"No dependency named {name} in {where}",
            details=(f"there are {_listed(self.available)}",),
            hints=(f"{{command}} {verb} {close}",) if close else (),
        )


class PlatformNotDeclaredError(ManifestError):
    """The workspace or environment is not made for that platform."""

    code = "platform-not-declared"

    def __init__(
        self, platform: str, *, declared: Iterable[str], environment: str | None = None
    ) -> None:
        self.platform, self.declared = platform, tuple(declared)
        self.environment = environment
        whose = f"environment {environment}" if environment else "the workspace"
        super().__init__(
            f"Platform {platform} is not one of {whose}",
            details=(f"there are {_listed(self.declared)}",),
            hints=(f"add {platform!r} to platforms in the manifest",),
        )


class RequiresPixiError(ManifestError):
    """The manifest asks for another version of pixi."""

    code = "requires-pixi"

    def __init__(self, required: str, *, have: str, manifest: Path | str) -> None:
        self.required, self.have = required, have
        super().__init__(
            f"{manifest} asks for pixi {required}, this program speaks pixi {have}",
            hints=("change requires-pixi, or take a version that fits",),
        )


class FeatureConflictError(ManifestError):
    """Features of one environment contradict each other.

    Parameters
    ----------
    environment
        Environment or solve group.
    key
        What they disagree on.
    features, values
        Those that speak of it, and what each of them says.
    """

    code = "feature-conflict"

    def __init__(
        self,
        environment: str,
        *,
        key: str,
        features: Sequence[str],
        values: Sequence[str],
        manifest: Path | str,
    ) -> None:
        self.environment, self.key = environment, key
        self.features, self.values = tuple(features), tuple(values)
        super().__init__(
            f"Features of {environment} disagree about {key} in {manifest}",
            details=tuple(
                f"{feature} says {value}"
                for feature, value in zip(self.features, self.values, strict=False)
            ),
            hints=(f"take {key} out of one of them",),
        )


class ManifestEditError(ManifestError):
    """The text of a manifest could not be changed in place.

    Parameters
    ----------
    path
        The manifest, which is as it was.
    table, key
        What was to be changed.
    line
        What was to be written there; empty where the key was to go.
    """

    code = "manifest-edit"

    def __init__(self, path: Path | str, *, table: str, key: str, line: str) -> None:
        self.path, self.table, self.key, self.line = path, table, key, line
        what = f"write {line}" if line else f"take {key} out"
        super().__init__(
            f"{path} is written in a way that could not be edited",
            details=("it is unchanged",),
            hints=(f"{what} by hand, in [{table}]",),
        )


class SolveError(PixiJupyterError):
    """No solution was found."""

    code = "solve"


class InvalidSpecError(SolveError):
    """A match spec cannot be read."""

    code = "invalid-spec"

    def __init__(self, spec: str, *, reason: str) -> None:
        self.spec, self.reason = spec, reason
        super().__init__(
            f"{spec!r} is not a match spec: {reason}",
            hints=("{command} add 'numpy >=2'   quotes keep the shell away",),
        )


class PackageNotFoundError(SolveError):
    """No channel has a package of that name.

    Parameters
    ----------
    name, channels, platform
        What was looked for, and where.
    close
        The nearest name that there is.
    verb
        The command that was meant.
    elsewhere
        Platforms that do have the package.
    """

    code = "package-not-found"

    def __init__(
        self,
        name: str,
        *,
        channels: Iterable[str],
        platform: str,
        close: str | None = None,
        verb: str = "add",
        elsewhere: Iterable[str] = (),
    ) -> None:
        self.name, self.channels, self.platform = name, tuple(channels), platform
        self.close, self.elsewhere = close, tuple(elsewhere)
        if self.elsewhere:
            there = ", ".join(self.elsewhere)
            first = f"--platform {self.elsewhere[0]}"
            hint = f"{{command}} add {name} {first}   it is there for {there}"
        elif close:
            hint = f"{{command}} {verb} {close}   the nearest name"
        else:
            hint = f"{{command}} search '*{name}*'"
        super().__init__(
            f"No package named {name} in {_listed(self.channels)} for {platform}",
            hints=(hint,),
        )


class UnsatisfiableError(SolveError):
    """The requirements of an environment contradict each other.

    Parameters
    ----------
    environment, platform
        What could not be solved.
    report
        The solver's own tree, shown below our words.
    guilty
        Our words: which requirements meet, and where they are written.
    """

    code = "unsatisfiable"

    def __init__(
        self,
        environment: str,
        *,
        platform: str,
        report: str,
        guilty: Sequence[str] = (),
        hints: Sequence[str] = (),
    ) -> None:
        self.environment, self.platform = environment, platform
        self.report, self.guilty = report, tuple(guilty)
        super().__init__(
            f"Environment {environment} has no solution for {platform}",
            details=(*guilty, *([""] if guilty else []), *report.splitlines()),
            hints=hints,
        )


class ChannelError(SolveError):
    """A channel did not answer, or answered nonsense."""

    code = "channel"

    def __init__(
        self,
        channel: str,
        *,
        reason: str,
        hints: Sequence[str] = ("{command} … --offline   works from what is cached",),
    ) -> None:
        self.channel, self.reason = channel, reason
        super().__init__(
            f"Channel {channel} could not be read",
            details=reason.splitlines(),
            hints=hints,
        )


def credential_hints(host: str) -> tuple[str, ...]:
    """Say where credentials for a host can be kept.

    Parameters
    ----------
    host
        With or without a port; stores know it without.
    """
    name = host.partition(":")[0] or "HOST"
    return (
        (
            f'{{"{name}": {{"BearerToken": "…"}}}}   in ~/.rattler/credentials.json,'
            " or in a file that RATTLER_AUTH_FILE names"
        ),
        f"machine {name} login … password …   in ~/.netrc",
    )


class ChannelAccessError(ChannelError):
    """A channel asks who we are, and was not satisfied."""

    code = "channel-access"

    def __init__(self, channel: str, *, host: str, status: int, reason: str) -> None:
        self.channel, self.reason = channel, reason
        self.host, self.status = host, status
        asks = "asks for credentials" if status == 401 else "does not let us in"  # noqa: PLR2004  Unauthorized
        looked = "RATTLER_AUTH_FILE, keyring, ~/.rattler/credentials.json, ~/.netrc"
        PixiJupyterError.__init__(
            self,
            f"Channel {channel} {asks}",
            details=(f"none that fit {host} are in {looked}", *reason.splitlines()),
            hints=credential_hints(host),
        )


class ChannelBuildError(PixiJupyterError):
    """A channel, or one package of it, cannot be made."""

    code = "channel-build"

    def __init__(self, what: str, *, reason: str, hint: str = "") -> None:
        self.what, self.reason = what, reason
        super().__init__(
            f"The channel cannot be built: {what}",
            details=reason.splitlines(),
            hints=(hint,) if hint else (),
        )


class DistributionNotFoundError(ChannelBuildError):
    """No distribution of that name is installed beside the interpreter."""

    code = "distribution-not-found"

    def __init__(self, name: str, *, available: Iterable[str]) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        hint = f"did you mean {close}?" if close else f"python -m pip install {name}"
        super().__init__(
            name, reason="it is not installed beside this interpreter", hint=hint
        )


class LockError(PixiJupyterError):
    """The lock file cannot be used."""

    code = "lock"


class LockNotFoundError(LockError):
    """There is no lock file, and none may be made now."""

    code = "lock-not-found"

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} does not exist", hints=("{command} lock",))


class LockParseError(LockError):
    """The text of a lock file is not a lock file."""

    code = "lock-parse"

    def __init__(self, path: Path | str, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} cannot be read",
            details=reason.splitlines(),
            hints=("{command} lock   after moving the file away",),
        )


class NewerLockError(LockParseError):
    """The lock file has a format that only a newer pixi knows."""

    code = "newer-lock"

    def __init__(self, path: Path | str, *, version: object, known: int) -> None:
        self.version, self.known = version, known
        reason = f"it has format {version}, this program knows up to {known}"
        super().__init__(path, reason=reason)
        self.message = _printable(f"{path} was written by a newer pixi: {reason}")
        self.details = ()
        self.hints = (f"{{command}} lock   makes it anew, in format {known}",)


class LockConflictError(LockParseError):
    """A merge left its marks in a lock file.

    Parameters
    ----------
    path
        The lock file.
    lines
        Number and text of each line that is a mark.
    """

    code = "lock-conflict"

    def __init__(self, path: Path | str, *, lines: Sequence[tuple[int, str]]) -> None:
        super().__init__(path, reason="merge conflict")
        self.message, self.details = _conflict(path, lines)
        todo = f"git checkout --ours {path} && {{command}} lock"
        why = "takes one side, and makes it fit the manifest"
        self.hints = ("finish the merge of the manifest first", f"{todo}   {why}")


def _conflict(
    path: Path | str, lines: Sequence[tuple[int, str]]
) -> tuple[str, tuple[str, ...]]:
    """Give message and details of a merge that was not finished."""
    first, last = lines[0][0], lines[-1][0]
    shown = [f"{number:>4} | {_printable(text)[:80]}" for number, text in lines[:6]]
    more = [f"and {len(lines) - 6} more"] if len(lines) > len(shown) else []
    what = f"{path} has a merge conflict in it, lines {first} to {last}"
    return _printable(what), (*shown, *more)


class LockOutdatedError(LockError):
    """The lock file does not fit the manifest.

    Parameters
    ----------
    path
        The lock file.
    reasons
        One text for each disagreement; further lines of it say where.
    """

    code = "lock-outdated"

    def __init__(self, path: Path | str, *, reasons: Sequence[str]) -> None:
        self.path, self.reasons = path, tuple(reasons)
        count = len(self.reasons)
        noun = "reason" if count == 1 else "reasons"
        super().__init__(
            f"{path} is out of date, {count} {noun}",
            details=[line for reason in self.reasons for line in reason.splitlines()],
            hints=("{command} lock   mends it, keeps every other version",),
        )


class PackageNotLockedError(LockError):
    """No package of that name, or that fits a pattern, is locked there.

    Parameters
    ----------
    name
        What was looked for.
    environments
        Where; empty for the whole lock.
    available
        The names that are locked there.
    verb
        The command that was meant.
    is_pattern
        Whether `name` is a regular expression.
    """

    code = "package-not-locked"

    def __init__(
        self,
        name: str,
        *,
        environments: Iterable[str],
        available: Iterable[str],
        verb: str = "reinstall",
        is_pattern: bool = False,
    ) -> None:
        self.name, self.environments = name, tuple(environments)
        noun = "environment" if len(self.environments) == 1 else "environments"
        where = f" for {noun} {', '.join(self.environments)}"
        what = f"that matches {name}" if is_pattern else f"named {name}"
        close = nearest(name, available)
        hint = (
            f"{{command}} {verb} {close}   the nearest name"
            if close
            else "{command} list   shows what there is"
        )
        super().__init__(
            f"No package {what} is locked{where if self.environments else ''}",
            hints=(hint,),
        )


class InstallError(PixiJupyterError):
    """A prefix could not be brought to what is locked."""

    code = "install"


class UnsupportedPlatformError(InstallError):
    """A machine cannot run the environment."""

    code = "unsupported-platform"

    def __init__(
        self,
        environment: str,
        *,
        host: str,
        declared: Iterable[str],
        reasons: Sequence[str] = (),
    ) -> None:
        self.environment, self.host = environment, host
        self.declared, self.reasons = tuple(declared), tuple(reasons)
        hint = (
            f"add {host!r} to platforms in the manifest, then {{command}} lock"
            if not reasons
            else "CONDA_OVERRIDE_GLIBC, CONDA_OVERRIDE_CUDA … simulate another machine"
        )
        super().__init__(
            f"Environment {environment} cannot run on this computer ({host})",
            details=(f"it is made for {_listed(self.declared)}", *reasons),
            hints=(hint,),
        )


class DownloadError(InstallError):
    """A package could not be fetched, or was not what the lock says."""

    code = "download"

    def __init__(
        self,
        url: str,
        *,
        reason: str,
        hints: Sequence[str] = ("{command} install   goes on with what is missing",),
    ) -> None:
        self.url, self.reason = url, reason
        super().__init__(
            f"{url} could not be fetched", details=reason.splitlines(), hints=hints
        )


class LinkError(InstallError):
    """A package could not be linked into a prefix."""

    code = "link"

    def __init__(self, prefix: Path, *, reason: str) -> None:
        self.prefix, self.reason = prefix, reason
        super().__init__(
            f"Prefix {prefix} could not be changed",
            details=reason.splitlines(),
            hints=("{command} install   repairs and finishes it",),
        )


class PrefixBusyError(InstallError):
    """Another process is changing the prefix."""

    code = "prefix-busy"

    def __init__(self, prefix: Path, *, holder: str, seconds: float) -> None:
        self.prefix, self.holder, self.seconds = prefix, holder, seconds
        super().__init__(
            f"Prefix {prefix} is being changed by another process"
            f" ({holder}, waited {seconds:.0f} s)",
            hints=("wait for that process, or stop it",),
        )


class PrefixMissingError(InstallError):
    """An environment is not installed, and must not be."""

    code = "prefix-missing"

    def __init__(self, environment: str, *, prefix: Path) -> None:
        self.environment, self.prefix = environment, prefix
        super().__init__(
            f"Environment {environment} is not installed in {prefix}",
            hints=(f"{{command}} install -e {environment}",),
        )


class PrefixBrokenError(InstallError):
    """A prefix is not whole, and could not be made whole."""

    code = "prefix-broken"

    def __init__(self, prefix: Path, *, packages: Iterable[str]) -> None:
        self.prefix, self.packages = prefix, tuple(packages)
        super().__init__(
            f"Prefix {prefix} is damaged: {_listed(self.packages)}",
            hints=("remove that folder, then {command} install",),
        )


class DiskFullError(InstallError):
    """There is no room for packages.

    Parameters
    ----------
    folder
        What lies on the full disk.
    needed, free
        In bytes, where they are known.
    is_cache
        Whether it is the package cache, which can be kept elsewhere.
    state
        What became of the prefix.
    reason
        What the system said.
    """

    code = "disk-full"

    def __init__(
        self,
        folder: Path,
        *,
        needed: int | None = None,
        free: int | None = None,
        is_cache: bool = False,
        state: str = "",
        reason: str = "",
    ) -> None:
        self.folder, self.needed, self.free = folder, needed, free
        self.is_cache, self.state, self.reason = is_cache, state, reason
        room = (
            ""
            if needed is None or free is None
            else f": at least {_megabytes(needed)} are needed,"
            f" {_megabytes(free)} are free"
        )
        what = "package cache" if is_cache else "environment"
        hints = ["make room on that disk, then {command} install"]
        if is_cache:
            hints.append("RATTLER_CACHE_DIR=FOLDER   keeps packages on another disk")
        super().__init__(
            f"The disk of the {what} {folder} is full{room}",
            details=[line for line in (state, *reason.splitlines()) if line],
            hints=hints,
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


class NotWritableError(InstallError):
    """A folder that packages go to may not be written.

    Parameters
    ----------
    folder
        Which one.
    reason
        What the system said.
    is_cache
        Whether it is the package cache, which can be kept elsewhere.
    """

    code = "not-writable"

    def __init__(self, folder: Path, *, reason: str, is_cache: bool = False) -> None:
        self.folder, self.reason, self.is_cache = folder, reason, is_cache
        what = "Package cache" if is_cache else "Environment"
        super().__init__(
            f"{what} {folder} cannot be written",
            details=reason.splitlines(),
            hints=(
                "RATTLER_CACHE_DIR=FOLDER   names a folder that can be written"
                if is_cache
                else "give write permission to that folder, then {command} install",
            ),
        )


class PrefixTooLongError(InstallError):
    """The path of a prefix does not fit into the files of a package.

    Parameters
    ----------
    prefix
        Where the environment is, or was to be.
    limit
        How many bytes a path may have; None where the system has the limit.
    package
        Whose limit it is.
    reason
        What the system said.
    """

    code = "prefix-too-long"

    def __init__(
        self,
        prefix: Path,
        *,
        limit: int | None = None,
        package: str = "",
        reason: str = "",
    ) -> None:
        self.prefix, self.limit, self.package = prefix, limit, package
        size = len(str(prefix).encode(errors="surrogateescape"))
        details = [str(prefix), *reason.splitlines()]
        if limit is None:
            message = f"A path of {size} bytes is too long for an environment"
            hint = "move the workspace to a shorter path, then {command} install"
        else:
            message = (
                f"A path of {size} bytes is too long for package {package},"
                f" which has room for {limit}"
            )
            hint = (
                f"move the workspace to a path that is {size - limit} bytes shorter,"
                " then {command} install"
            )
        super().__init__(message, details=details, hints=(hint,))


class PrefixPlaceError(InstallError):
    """No environment can work at a path.

    Parameters
    ----------
    prefix
        Where it was to be.
    character
        What is to blame, in words.
    reason
        Why.
    """

    code = "prefix-place"

    def __init__(self, prefix: Path, *, character: str, reason: str) -> None:
        self.prefix, self.character, self.reason = prefix, character, reason
        super().__init__(
            f"No environment can work at a path with {character}",
            details=(str(prefix), reason),
            hints=("rename that folder, then {command} install",),
        )


class PrefixInUseError(InstallError):
    """A program that runs keeps files of a prefix open.

    Parameters
    ----------
    prefix
        The environment.
    reason
        What the system said.
    """

    code = "prefix-in-use"

    def __init__(self, prefix: Path, *, reason: str) -> None:
        self.prefix, self.reason = prefix, reason
        super().__init__(
            f"Environment {prefix} cannot be changed: a program in it is running",
            details=reason.splitlines(),
            hints=("stop its kernels and programs, then {command} install",),
        )


class LinkScriptError(InstallError):
    """A script that a package runs when it is installed failed.

    Parameters
    ----------
    package
        Whose script.
    script
        Where it is.
    exit_code
        How it ended.
    output
        What it printed.
    """

    code = "link-script"

    def __init__(
        self, package: str, *, script: Path, exit_code: int, output: str = ""
    ) -> None:
        self.package, self.script = package, script
        self.exit_code, self.output = exit_code, output
        super().__init__(
            f"The script of package {package} failed with exit code {exit_code}",
            details=(str(script), *output.splitlines()[-20:]),
            hints=(
                f"{{command}} reinstall {package}   runs it again",
                "link-scripts in .pixi/config.toml   says whose scripts may run",
            ),
        )


class LinkerSpentError(InstallError):
    """One failed install makes its process unfit for another.

    Parameters
    ----------
    reason
        What went wrong in it before.
    """

    code = "linker-spent"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "This process saw an install fail, and must not start another one",
            details=reason.splitlines(),
            hints=("the same command again, which starts a new process",),
        )


class ToolNotFoundError(PixiJupyterError):
    """A program that does part of the work is not there.

    Parameters
    ----------
    tool
        Its name.
    places
        Where it was looked for.
    install
        The command that brings it.
    """

    code = "tool-not-found"

    def __init__(self, tool: str, *, places: Sequence[str], install: str) -> None:
        self.tool, self.places = tool, tuple(places)
        super().__init__(
            f"The program {tool} is not there",
            details=[f"looked for in {place}" for place in self.places],
            hints=(install,),
        )


class ToolFailedError(PixiJupyterError):
    """A program failed in a way that we have no words for.

    Parameters
    ----------
    tool
        Its name.
    what
        What it was to do.
    exit_code
        How it ended.
    report
        What it said.
    """

    code = "tool-failed"

    def __init__(self, tool: str, *, what: str, exit_code: int, report: str) -> None:
        self.tool, self.what = tool, what
        self.exit_code, self.report = exit_code, report
        super().__init__(
            f"{tool} could not {what} (exit code {exit_code})",
            details=report.splitlines() or ["it said nothing"],
            hints=("the same command again; if it stays, report the text above",),
        )


class InvalidRequirementError(SolveError):
    """What a manifest asks of PyPI cannot be read.

    Parameters
    ----------
    requirement
        Name and what stands behind it.
    reason
        What is wrong with it.
    where
        Table or line.
    """

    code = "invalid-requirement"

    def __init__(self, requirement: str, *, reason: str, where: str = "") -> None:
        self.requirement, self.reason, self.where = requirement, reason, where
        at = f" in {where}" if where else ""
        super().__init__(
            f"{requirement!r}{at} is not a requirement: {reason}",
            hints=('requests = ">=2.31,<3"   is one',),
        )


class PypiResolutionError(SolveError):
    """The PyPI requirements of an environment have no solution.

    Parameters
    ----------
    environment, platform
        What could not be solved.
    report
        uv's own words.
    guilty
        Our words: the requirements and conda packages that meet in it.
    pinned
        Names of conda packages that the report speaks of.
    """

    code = "pypi-resolution"

    def __init__(
        self,
        environment: str,
        *,
        platform: str,
        report: str,
        guilty: Sequence[str] = (),
        hints: Sequence[str] = (),
        pinned: Sequence[str] = (),
    ) -> None:
        self.environment, self.platform = environment, platform
        self.report, self.guilty = report, tuple(guilty)
        self.pinned = tuple(pinned)
        super().__init__(
            f"Environment {environment} has no solution of its PyPI requirements"
            f" for {platform}",
            details=(*guilty, *([""] if guilty else []), *report.splitlines()),
            hints=hints,
        )


class IndexAccessError(DownloadError):
    """A package index asks who we are, and was not satisfied."""

    code = "index-access"

    def __init__(self, url: str, *, host: str, status: int, reason: str = "") -> None:
        self.url, self.reason = url, reason
        self.host, self.status = host, status
        asks = "asks for credentials" if status == 401 else "does not let us in"  # noqa: PLR2004  Unauthorized
        PixiJupyterError.__init__(
            self,
            f"Package index {url} {asks}",
            details=reason.splitlines(),
            hints=(f"machine {host} login … password …   in ~/.netrc",),
        )


class HashMismatchError(DownloadError):
    """A package is not the one that was locked.

    Parameters
    ----------
    package
        Name and version, or file.
    expected, computed
        The hashes.
    """

    code = "hash-mismatch"

    def __init__(self, package: str, *, expected: str, computed: str) -> None:
        self.url, self.reason = package, "hash mismatch"
        self.package, self.expected, self.computed = package, expected, computed
        name = package.partition(" ")[0]
        PixiJupyterError.__init__(
            self,
            f"{package} is not what was locked, and was refused",
            details=(f"expected {expected}", f"received {computed}"),
            hints=(f"{{command}} update {name}   if the index had a reason for it",),
        )


class PypiBuildError(InstallError):
    """A package of sources could not be built.

    Parameters
    ----------
    package
        Name and version.
    reason
        What the build said.
    """

    code = "pypi-build"

    def __init__(self, package: str, *, reason: str) -> None:
        self.package, self.reason = package, reason
        name = package.partition(" ")[0]
        super().__init__(
            f"{package} could not be built",
            details=reason.splitlines(),
            hints=(
                f'no-build = ["{name}"]   in [pypi-options] takes wheels only',
                "{command} add COMPILER …   if the build lacks a program",
            ),
        )


class PypiInstallError(InstallError):
    """Packages of PyPI could not be installed into a prefix, or taken out of it.

    Parameters
    ----------
    prefix
        The environment.
    reason
        Why.
    """

    code = "pypi-install"

    def __init__(self, prefix: Path, *, reason: str) -> None:
        self.prefix, self.reason = prefix, reason
        super().__init__(
            f"PyPI packages of {prefix} could not be changed",
            details=reason.splitlines(),
            hints=("{command} install   goes on where it ended",),
        )


class ClobberError(InstallError):
    """A conda package and one of PyPI want to own the same files.

    Parameters
    ----------
    prefix
        The environment.
    files
        Paths by (PyPI package, conda package).
    is_done
        Whether the files were replaced already.
    """

    code = "clobber"

    def __init__(
        self,
        prefix: Path,
        *,
        files: Mapping[tuple[str, str], Sequence[str]],
        is_done: bool = False,
    ) -> None:
        self.prefix, self.is_done = prefix, is_done
        self.files = {pair: tuple(paths) for pair, paths in files.items()}
        pairs = sorted(self.files)
        lines = []
        for pypi, conda in pairs[:6]:
            paths = self.files[pypi, conda]
            more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            lines.append(f"{pypi} of PyPI and conda's {conda}: {paths[0]}{more}")
        if len(pairs) > 6:  # noqa: PLR2004  as many lines as a conflict has
            lines.append(f"and {len(pairs) - 6} more pairs")
        did = "replaced" if is_done else "would replace"
        conda = " ".join(sorted({conda for _, conda in pairs}))
        heal = f"{{command}} reinstall {conda}   brings conda's files back"
        super().__init__(
            f"PyPI packages {did} files of conda packages in {prefix}",
            details=lines,
            hints=(
                *((heal,) if is_done else ()),
                "take the package from [dependencies] or [pypi-dependencies] only",
                "conda-pypi-map   in the manifest says which packages are the same",
            ),
        )


class KernelError(PixiJupyterError):
    """An environment cannot be used as a kernel."""

    code = "kernel"


class NoKernelError(KernelError):
    """An environment holds nothing that could be a kernel."""

    code = "no-kernel"

    def __init__(self, environment: str) -> None:
        self.environment = environment
        super().__init__(
            f"Environment {environment} has no python, so no kernel can start",
            hints=("{command} add python",),
        )


class OverlayError(KernelError):
    """ipykernel does not fit on top of an environment.

    Parameters
    ----------
    environment
        The environment that lacks ipykernel.
    blockers
        Our words: which installed package stands against it.
    report
        The solver's tree.
    """

    code = "overlay"

    def __init__(
        self, environment: str, *, report: str, blockers: Sequence[str] = ()
    ) -> None:
        self.environment, self.report = environment, report
        self.blockers = tuple(blockers)
        super().__init__(
            f"Environment {environment} has no ipykernel, and none fits beside it",
            details=(*blockers, *([""] if blockers else []), *report.splitlines()),
            hints=("{command} add ipykernel",),
        )


class KernelspecNotFoundError(KernelError):
    """No kernel of that name is registered by us."""

    code = "kernelspec-not-found"

    def __init__(self, name: str, *, available: Iterable[str]) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No kernel named {name} is registered",
            details=(f"there are {_listed(self.available)}",),
            hints=(f"did you mean {close}?",) if close else ("{command} kernel list",),
        )


class ActivationError(PixiJupyterError):
    """The variables of an activated environment could not be found out.

    Parameters
    ----------
    environment
        The environment that was to be activated.
    reason
        What is wrong.
    script
        The script, or file of variables, that is to blame.
    output
        What the scripts printed until then.
    """

    code = "activation"

    def __init__(
        self,
        environment: str,
        *,
        reason: str,
        script: Path | None = None,
        output: str = "",
    ) -> None:
        self.environment, self.reason = environment, reason
        self.script, self.output = script, output
        blamed = f"{script}: {reason}" if script else reason
        super().__init__(
            f"Environment {environment} could not be activated",
            details=(blamed, *output.splitlines()[-20:]),
            hints=(f"bash -x {script}   shows what it does",)
            if script and script.suffix in {".sh", ".bash"}
            else (),
        )


class CommandNotFoundError(PixiJupyterError):
    """`run` was asked for a program that the environment does not have."""

    code = "command-not-found"

    def __init__(self, command: str, *, environment: str) -> None:
        self.command, self.environment = command, environment
        super().__init__(
            f"No command named {command} in environment {environment}",
            hints=(f"{{command}} add {command}",),
        )


class CommandStartError(PixiJupyterError):
    """A program of an environment is there and cannot be started."""

    code = "command-start"

    def __init__(self, program: str, *, reason: str) -> None:
        self.program, self.reason = program, reason
        super().__init__(
            f"{program} cannot be started",
            details=(reason, "the interpreter in its first line may be missing"),
            hints=("{command} reinstall   links every package again",),
        )


class WriteError(PixiJupyterError):
    """A file of the workspace could not be written."""

    code = "write"

    def __init__(self, path: Path, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} could not be written",
            details=(reason,),
            hints=("make room or give write permission, then try again",),
        )


class RemoveError(PixiJupyterError):
    """Something that was to be removed stays.

    Parameters
    ----------
    paths
        What stays.
    reason
        What the system says of the first of them.
    removed
        How many other things were removed.
    """

    code = "remove"

    def __init__(self, paths: Sequence[Path], *, reason: str, removed: int = 0) -> None:
        self.paths, self.reason, self.removed = tuple(paths), reason, removed
        first = str(self.paths[0]) if self.paths else "something"
        more = len(self.paths) - 1
        super().__init__(
            f"{first} could not be removed"
            + (f", and {more} more" if more > 0 else ""),
            details=(reason, *(str(path) for path in self.paths[1:])),
            hints=("give write permission or stop what uses it, then try again",),
        )


class ConsentNeededError(PixiJupyterError):
    """Nobody can be asked whether something may be done.

    Parameters
    ----------
    what
        What would be done, to begin a sentence with.
    agreed
        The command that does it without a question.
    """

    code = "consent-needed"

    def __init__(self, what: str, *, agreed: str) -> None:
        self.what, self.agreed = what, agreed
        super().__init__(
            f"{what} was not agreed to, and nobody can be asked here",
            hints=(f"{agreed}   agrees to it",),
        )


class WorkspaceBusyError(PixiJupyterError):
    """Another process is changing manifest or lock."""

    code = "workspace-busy"

    def __init__(self, root: Path, *, holder: str, seconds: float) -> None:
        self.root, self.holder, self.seconds = root, holder, seconds
        super().__init__(
            f"Workspace {root} is being changed by another process"
            f" ({holder}, waited {seconds:.0f} s)",
            hints=("wait for that process, or stop it",),
        )


class ChangedMeanwhileError(WriteError):
    """Somebody else wrote a file while a verb was at work on it."""

    code = "changed-meanwhile"

    def __init__(self, path: Path) -> None:
        super().__init__(path, reason="it was changed by somebody else meanwhile")
        self.hints = ("the same command again; nothing was written",)


class EngineEndedError(PixiJupyterError):
    """The engine process ended before it answered."""

    code = "engine-ended"

    def __init__(self, exit_code: int | None, *, log_tail: str = "") -> None:
        self.exit_code, self.log_tail = exit_code, log_tail
        super().__init__(
            f"The engine ended before it answered (exit code {exit_code})",
            details=log_tail.splitlines()[-12:],
            hints=("try again; a new engine starts by itself",),
        )


class OfflineError(PixiJupyterError):
    """Something is needed that only the network has."""

    code = "offline"

    def __init__(self, what: str, *, reason: str = "") -> None:
        self.what, self.reason = what, reason
        super().__init__(
            f"{what} is not in the cache, and --offline forbids the network",
            details=reason.splitlines(),
            hints=(
                (
                    "the same command without --offline, or without `offline = true`"
                    " in pixi's configuration"
                ),
            ),
        )


class OperationCancelledError(PixiJupyterError):
    """The user stopped the operation."""

    code = "cancelled"

    def __init__(self, what: str, *, state: str = "nothing was changed") -> None:
        self.what, self.state = what, state
        super().__init__(f"{what} was cancelled, {state}")


def error_from_wire(data: Mapping[str, object]) -> PixiJupyterError:
    """Make an error again from what an engine sent.

    The class is the one whose `code` was sent, so that callers can catch it;
    its own attributes are not carried.
    """
    wanted = data.get("code")
    pending: list[type[PixiJupyterError]] = [PixiJupyterError]
    found: type[PixiJupyterError] = PixiJupyterError
    while pending:
        cls = pending.pop()
        if cls.code == wanted:
            found = cls
            break
        pending.extend(cls.__subclasses__())
    error = found.__new__(found)
    PixiJupyterError.__init__(
        error,
        str(data.get("message", "")),
        details=_strings(data.get("details")),
        hints=_strings(data.get("hints")),
    )
    return error


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
