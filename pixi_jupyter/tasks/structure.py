"""Whether a value changes what a command does, not only what it works on.

Each value that comes from outside of the manifest has a *twin*: of the same length,
with a harmless character in the place of each that could mean something. A template
is rendered with the values and with the twins. The two texts may differ in those
places only, and the shell must take both apart in the same way; where it does not,
the value has become part of the command. Blanks may split a word, but never make
another word the one that runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.tasks.shape import shape_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixi_jupyter.tasks.shape import Shape, Word

TWIN = "\ue0f7"
"""Stands for a character that could mean something; for private use in Unicode."""
_HARMLESS = frozenset("_-./:,+@%^")
_NEVER_BARE = frozenset(";&|<>()`$'\"")
"""Never outside of quotes, whatever the shell would make of it."""
_BLANKS = " \t"
_SOFT = frozenset(" \t*?[]{}~")
_IN_CODE = _HARMLESS | frozenset(_BLANKS)
_INTERPRETERS = frozenset(
    [
        "sh",
        "bash",
        "dash",
        "zsh",
        "ksh",
        "fish",
        "xonsh",
        "nu",
        "csh",
        "tcsh",
        "busybox",
        "cmd",
        "powershell",
        "pwsh",
        "eval",
        "python",
        "pypy",
        "ipython",
        "node",
        "deno",
        "bun",
        "perl",
        "ruby",
        "php",
        "lua",
        "julia",
        "r",
        "rscript",
        "awk",
        "gawk",
        "ssh",
        "su",
    ]
)
_ALL_CODE = frozenset(("eval", "ssh"))
"""All words behind these are code."""
_CODE_FLAGS = frozenset(
    [
        "-e",
        "-E",
        "-r",
        "--eval",
        "--execute",
        "--command",
        "--expression",
        "/c",
        "/k",
        "-command",
    ]
)


def twin_of(value: str) -> str:
    r"""Give the twin of a value.

    Examples
    --------
    >>> twin_of("a;b").replace(TWIN, "?")
    'a?b'
    """
    if value.isalnum():
        return value
    return "".join(
        char if char in _HARMLESS or char.isalnum() else TWIN for char in value
    )


def digits_hidden(value: str) -> str:
    """Give the twin of a value, digits among what is hidden."""
    return "".join(TWIN if char.isdigit() else char for char in twin_of(value))


def is_changed(text: str, twin: str, values: Iterable[str] = ()) -> bool:
    """Tell whether the values in a text change the command.

    Parameters
    ----------
    text
        The command with the values.
    twin
        The command with their twins.
    values
        The values.
    """
    if text == twin:
        return False
    if not is_aligned(text, twin):
        return _is_doubtful(text, values)
    places = [at for at, char in enumerate(twin) if char != text[at]]
    shape, harmless = shape_of(text), shape_of(twin)
    is_whole = shape.is_whole and harmless.is_whole
    if shape.commands != harmless.commands or not is_whole:
        return True
    # blanks may be there, and everything else has to mean as little as its twin
    split = shape_of(
        "".join(
            text[at] if text[at] in _BLANKS else char for at, char in enumerate(twin)
        )
    )
    may_quote = all(_is_quoted_well(value) for value in values)
    for state, other in zip(shape.states, split.states, strict=True):
        is_quoted = may_quote and state in "sdq" and other in "w "
        if state != other and not is_quoted:
            return True
    return _is_bare(text, shape, harmless, places) or _is_code(text, shape, places)


def is_aligned(text: str, twin: str) -> bool:
    """Tell whether two texts differ only where the twin says so."""
    return len(text) == len(twin) and all(
        char in (mine, TWIN) for mine, char in zip(text, twin, strict=True)
    )


def redirects_empty(text: str, filled: str) -> bool:
    """Tell whether empty values let a redirection take another word for its file.

    Parameters
    ----------
    text
        The command.
    filled
        The command with `TWIN` in the place of each empty value.
    """
    shape, other = shape_of(text), shape_of(filled)
    if shape.redirections != other.redirections:
        return False
    return any(
        word.is_target and set(filled[word.start : word.end]) == {TWIN}
        for word in other.words
    )


def becomes_command(whole: str) -> bool:
    """Tell whether a value stands where only this shell sees a command.

    That is behind the file of a redirection, or behind a closing parenthesis.

    Parameters
    ----------
    whole
        The command with `TWIN` in the place of each character of a value.
    """
    shape = shape_of(whole)
    before: Word | None = None
    for word in shape.words:
        start = before.end if before else 0
        between = shape.states[start : word.start]
        is_behind = before is not None and before.is_target and "o" not in between
        is_behind |= whole[start : word.start].rstrip().endswith(")")
        if is_behind and word.is_command and whole[word.start] == TWIN:
            return True
        before = word
    return False


def changes_number(text: str, twin: str) -> bool:
    """Tell whether a value is the number of a redirection."""
    return is_aligned(text, twin) and any(
        state == "n" and twin[at] == TWIN
        for at, state in enumerate(shape_of(text).states)
    )


def first_character(value: str) -> str:
    """Give the first character of a value that means something to a shell."""
    for char in value:
        if char in _NEVER_BARE or char in "\n\r\\#=!":
            return char
    return next((x for x in value if twin_of(x) == TWIN), "")


def _is_bare(text: str, shape: Shape, harmless: Shape, places: list[int]) -> bool:
    """Tell whether a value has what may not be outside of quotes."""
    for at in places:
        char, state = text[at], shape.states[at]
        if char in "'\"" and state == "q" and harmless.states[at] in "wa":
            continue
        if state in "sd" or char in _BLANKS:
            continue
        if char == "\\" and not text[at + 1 : at + 2].isalnum():
            return True
        if char in _NEVER_BARE or not char.isprintable() or char.isspace():
            return True
    return False


def _is_quoted_well(value: str) -> bool:
    """Tell whether all quotes in a value are closed in it, around plain text."""
    if "'" not in value and '"' not in value:
        return True
    shape = shape_of(value)
    return shape.is_whole and set(shape.states) <= set(" wsdq")


def _is_doubtful(text: str, values: Iterable[str]) -> bool:
    """Judge a template that makes something else of a value than itself.

    There only blanks and what never changes a command are let through.
    """
    if any(char not in _SOFT and twin_of(char) == TWIN for x in values for char in x):
        return True
    return "a" in shape_of(text).states


def _is_code(text: str, shape: Shape, places: list[int]) -> bool:
    """Tell whether a value is part of code for another interpreter."""
    risky = [at for at in places if text[at] not in _IN_CODE]
    spaced = [at for at in places if text[at] in _BLANKS]
    if not risky and not spaced:
        return False
    for start in shape.commands:
        code = _code_of(text, shape, start)
        if any(begin <= at < end for at in risky for begin, end in code):
            return True
        for at in spaced:
            for begin, end in code:
                if (
                    begin <= at < end
                    and "=" in text[begin:at].rsplit(" ", maxsplit=1)[-1]
                ):
                    return True
    return False


def _code_of(text: str, shape: Shape, start: int) -> list[tuple[int, int]]:
    """Give the places of code among the words of a command."""
    found: list[tuple[int, int]] = []
    interpreter, is_code = "", False
    for word in words_of(shape, start):
        plain = text[word.start : word.end].strip("'\"")
        flag, equals, _ = plain.partition("=")
        is_flag = bool(interpreter) and _is_code_flag(flag)
        if is_code or interpreter in _ALL_CODE or (is_flag and equals):
            found.append((word.start, word.end))
            is_code = False
        elif is_flag:
            is_code = True
        else:
            name = _program(plain)
            interpreter = name if name in _INTERPRETERS else interpreter
    return found


def _program(word: str) -> str:
    """Give the name of a program without folder, ending and version."""
    name = word.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return name.removesuffix(".exe").rstrip("0123456789.")


def _is_code_flag(flag: str) -> bool:
    if flag.lower() in _CODE_FLAGS:
        return True
    is_short = flag.startswith("-") and not flag.startswith("--")
    return is_short and flag.endswith(("c", "e"))
