"""Everything that can go wrong, as one tree of exceptions.

PixiJupyterError
    UsageError
    NotSupportedYetError
    ManifestError
        ManifestNotFoundError
        ManifestExistsError
        ManifestParseError
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
    ChannelBuildError
        DistributionNotFoundError
    LockError
        LockNotFoundError
        LockParseError
            NewerLockError
        LockOutdatedError
    InstallError
        UnsupportedPlatformError
        DownloadError
        LinkError
        PrefixBusyError
        PrefixBrokenError
        LinkerSpentError
    KernelError
        OverlayError
        KernelspecNotFoundError
        NoKernelError
    ActivationError
    CommandNotFoundError
    WriteError
        ChangedMeanwhileError
    WorkspaceBusyError
    EngineEndedError
    OfflineError
    OperationCancelledError

A class takes data and makes its own sentence, so that the words for one
failure stand in one place. `hints` may hold ``{command}``: the face that shows
them puts its own word there (``pixi-jupyter`` or ``%pixi``).
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def nearest(name: str, available: Iterable[str]) -> str | None:
    """Find the name that a typing error most likely stood for."""
    found = difflib.get_close_matches(name, sorted(available), n=1, cutoff=0.5)
    return found[0] if found else None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


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
        super().__init__(message)
        self.message = message
        self.details = tuple(line for text in details for line in text.split("\n"))
        self.hints = tuple(hints)

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
    """The manifest does not ask for a package of that name there."""

    code = "dependency-not-found"

    def __init__(
        self,
        name: str,
        *,
        table: str,
        available: Iterable[str],
        manifest: Path | str,
    ) -> None:
        self.name, self.table, self.available = name, table, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No dependency named {name} in [{table}] of {manifest}",
            details=(f"there are {_listed(self.available)}",),
            hints=(f"{{command}} remove {close}",) if close else (),
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

    def __init__(self, channel: str, *, reason: str) -> None:
        self.channel, self.reason = channel, reason
        super().__init__(
            f"Channel {channel} could not be read",
            details=reason.splitlines(),
            hints=("{command} … --offline   works from what is cached",),
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
        super().__init__(
            path,
            reason=f"it has format {version}, this program knows up to {known}",
        )


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

    def __init__(self, url: str, *, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(
            f"{url} could not be fetched",
            details=reason.splitlines(),
            hints=("{command} install   goes on with what is missing",),
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


class PrefixBrokenError(InstallError):
    """A prefix is not whole, and could not be made whole."""

    code = "prefix-broken"

    def __init__(self, prefix: Path, *, packages: Iterable[str]) -> None:
        self.prefix, self.packages = prefix, tuple(packages)
        super().__init__(
            f"Prefix {prefix} is damaged: {_listed(self.packages)}",
            hints=("remove that folder, then {command} install",),
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
            hints=("the same command without --offline",),
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
