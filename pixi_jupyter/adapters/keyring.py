"""The system's keyring, where the package `keyring` is installed.

Entries are those of pixi and rattler: service ``rattler``, the host as the name, one
JSON object as the password (rattler's authentication storage, read 2026-11). What
Python's keyring writes is found by them on macOS alone; elsewhere the two packages
name their entries differently, so nothing is written there.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

SERVICE = "rattler"


def is_writable() -> bool:
    """Tell whether rattler would find what is written here."""
    return sys.platform == "darwin" and _keyring() is not None


def read_secret(host: str) -> str | None:
    """Give what is stored for a host; None for nothing, or where nobody can tell."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, host)
    except Exception:  # noqa: BLE001  backends raise whatever their system has
        return None
    return found


def write_secret(host: str, secret: str) -> bool:
    """Store something for a host; tell whether it was accepted."""
    keyring = _keyring()
    if keyring is None or not is_writable():
        return False
    try:
        keyring.set_password(SERVICE, host, secret)
    except Exception:  # noqa: BLE001  backends raise whatever their system has
        return False
    return True


def delete_secret(host: str) -> bool:
    """Remove what is stored for a host; tell whether there was something."""
    keyring = _keyring()
    if keyring is None or read_secret(host) is None:
        return False
    try:
        keyring.delete_password(SERVICE, host)
    except Exception:  # noqa: BLE001  backends raise whatever their system has
        return False
    return True


def _keyring() -> Any:  # noqa: ANN401  it is optional, and so are its types
    try:
        return import_module("keyring")
    except ImportError:
        return None
