"""What pip, conda, pixi and the tools of systems are told to install."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Kind: TypeAlias = Literal[
    "pypi", "conda", "channel", "index", "file", "module", "system", "r", "unclear"
]
"""What is asked for: a requirement, a match spec, a channel, an index, a file of
requirements or an environment.yml, a module, a package of the system, text in R."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a command asks for."""

    kind: Kind
    text: str
    command: str
    """The words that ask, shortened: ``pip install``."""


_PIP_VALUES = frozenset(
    [
        "-t",
        "--target",
        "--prefix",
        "--root",
        "--src",
        "--progress-bar",
        "--cache-dir",
        "--timeout",
        "--retries",
        "--default-timeout",
        "--proxy",
        "--trusted-host",
        "--cert",
        "--client-cert",
        "--log",
        "--no-binary",
        "--only-binary",
        "--python-version",
        "--platform",
        "--abi",
        "--implementation",
        "--python",
        "-p",
        "--upgrade-strategy",
        "--global-option",
        "--install-option",
        "--config-settings",
        "--report",
        "--exists-action",
        "--group",
        "--extra",
        "--optional",
        "--keyring-provider",
        "--index-strategy",
        "--resolution",
        "--prerelease",
        "--exclude-newer",
        "--torch-backend",
    ]
)
_PIP_INDEXES = frozenset(("-f", "--find-links", "-i", "--index-url"))
_PIP_INDEXES |= {"--extra-index-url", "--index", "--default-index"}
_PIP_FILES = frozenset(("-r", "--requirement", "--requirements"))
_CONDA_VALUES = frozenset(
    [
        "-n",
        "--name",
        "-p",
        "--prefix",
        "--solver",
        "--experimental-solver",
        "--platform",
        "--subdir",
        "--repodata-fn",
        "-r",
        "--root-prefix",
        "--freeze-installed",
    ]
)
_RUNTIME = re.compile(r"[$`{}]|%\w+%")


def _options(words: Sequence[str], values: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give options with their values, and words with an empty option."""
    with_value, pending = frozenset(values), ""
    for word in words:
        if pending:
            yield pending, word
            pending = ""
        elif word.startswith("--"):
            option, is_there, value = word.partition("=")
            if option in with_value and not is_there:
                pending = option
            else:
                yield option, value
        elif word.startswith("-") and len(word) > 1:
            if word[:2] in with_value and len(word) > 2:  # noqa: PLR2004  -rFILE
                yield word[:2], word[2:].removeprefix("=")
            elif word[:2] in with_value:
                pending = word
            else:
                yield word, ""
        else:
            yield "", word


def pip(words: Sequence[str], wanted: str, said: str) -> Iterator[Asked]:
    """Read the words after pip, or after another tool for PyPI."""
    known = {*_PIP_VALUES, *_PIP_INDEXES, *_PIP_FILES, "-c", "--constraint"}
    known |= {"-e", "--editable"}
    verb = ""
    for option, value in _options(words, known):
        if not option and not verb:
            verb = value
            if verb != wanted:
                return
        elif option in _PIP_INDEXES and value:
            yield Asked("index", value, said)
        elif option in _PIP_FILES:
            yield Asked("file", value, said)
        elif option in ("", "-e", "--editable") and value:
            yield _requirement(value, said)


def _requirement(text: str, said: str) -> Asked:
    if _RUNTIME.search(text):
        return Asked("unclear", text, said)
    is_path = text.startswith((".", "/", "~")) or re.match(r"[A-Za-z]:\\", text)
    is_file = re.search(r"\.(?:whl|zip|tar\.gz)$", text) and "://" not in text
    if is_path or is_file or ("/" in text and "://" not in text and "@" not in text):
        return Asked("unclear", text, said)
    return Asked("pypi", text, said)


def conda(words: Sequence[str], program: str) -> Iterator[Asked]:
    """Read the words after conda, mamba or micromamba."""
    known = {*_CONDA_VALUES, "-c", "--channel", "-f", "--file"}
    verbs: list[str] = []
    for option, value in _options(words, known):
        if not option and (not verbs or verbs == ["env"]):
            verbs.append(value)
            if verbs[0] not in ("install", "create", "update", "env"):
                return
        elif option in ("-c", "--channel") and value:
            yield Asked("channel", value, f"{program} {verbs[0] if verbs else ''}")
        elif option in ("-f", "--file") and value:
            yield Asked("file", value, f"{program} {' '.join(verbs)}")
        elif not option and verbs != ["env", "remove"]:
            is_clear = not _RUNTIME.search(value)
            kind: Kind = "conda" if is_clear else "unclear"
            yield Asked(kind, value, f"{program} {verbs[0]}")


def pixi(words: Sequence[str]) -> Iterator[Asked]:
    """Read the words after pixi."""
    kind: Kind = "pypi" if "--pypi" in words else "conda"
    known = [
        "-f",
        "--feature",
        "-e",
        "--environment",
        "-p",
        "--platform",
        "-m",
        "--manifest-path",
        "--git",
        "--branch",
        "--tag",
        "--rev",
        "--index",
    ]
    verb = ""
    for option, value in _options(words, known):
        if not option and not verb:
            verb = value
            if verb != "add":
                return
        elif not option:
            yield Asked(
                "unclear" if _RUNTIME.search(value) else kind, value, "pixi add"
            )


def system(words: Sequence[str], program: str) -> Iterator[Asked]:
    """Read the words after apt and its like."""
    names = [each for each in words if not each.startswith("-")]
    if names[:1] in (["install"], ["add"]):
        for name in names[1:]:
            plain = name.partition("=")[0]
            if re.fullmatch(r"[A-Za-z0-9][\w.+-]*", plain):
                yield Asked("system", plain, f"{program} {names[0]}")
