"""What can be wrong with a lock file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, nearest, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class LockError(PixiJupyterError):
    """The lock file cannot be used."""

    code = "lock"


class LockNotFoundError(LockError):
    """There is no lock file, and none may be made now."""

    code = "lock-not-found"

    def __init__(self, path: Path) -> None:
        self.path = path
        script = path.name.removesuffix(".pixi.lock")
        option = f" --script {script}" if script != path.name else ""
        super().__init__(f"{path} does not exist", hints=(f"{{command}} lock{option}",))


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
        self.message = printable(f"{path} was written by a newer pixi: {reason}")
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
        self.message, self.details = conflict(path, lines)
        todo = f"git checkout --ours {path} && {{command}} lock"
        why = "takes one side, and makes it fit the manifest"
        self.hints = ("finish the merge of the manifest first", f"{todo}   {why}")


def conflict(
    path: Path | str, lines: Sequence[tuple[int, str]]
) -> tuple[str, tuple[str, ...]]:
    """Give message and details of a merge that was not finished."""
    first, last = lines[0][0], lines[-1][0]
    shown = [f"{number:>4} | {printable(text)[:80]}" for number, text in lines[:6]]
    more = [f"and {len(lines) - 6} more"] if len(lines) > len(shown) else []
    what = f"{path} has a merge conflict in it, lines {first} to {last}"
    return printable(what), (*shown, *more)


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
