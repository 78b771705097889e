"""TOML 1.1 through tomlkit: reading, and editing that keeps the layout."""

from __future__ import annotations

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError
from tomlkit.toml_document import TOMLDocument

__all__ = ["TOMLDocument", "TomlError", "format_toml", "parse_toml", "tomlkit"]

TOO_DEEP = "tables and arrays are nested too deeply"
"""What a person is told of a text that is."""


class TomlError(ValueError):
    """A text is not TOML."""

    def __init__(
        self, reason: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


def parse_toml(text: str) -> TOMLDocument:
    """Read a document that can be edited in place.

    Raises
    ------
    TomlError
        If the text is not TOML; line and column count from 1.
    """
    try:
        return tomlkit.parse(text)
    except ParseError as error:
        reason = str(error).rsplit(" at line", 1)[0]
        raise TomlError(reason, line=error.line, column=error.col + 1) from error
    except TOMLKitError as error:
        raise TomlError(str(error)) from error
    except RecursionError as error:
        raise TomlError(TOO_DEEP) from error
    except (ValueError, OverflowError) as error:
        # Python reads no number of thousands of digits, for that takes long
        raise TomlError(str(error)) from error


def format_toml(document: TOMLDocument) -> str:
    """Give the document's text, unchanged where nothing was edited."""
    return tomlkit.dumps(document)
