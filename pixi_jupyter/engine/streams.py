"""Takes the wire away from everybody else.

Imports nothing but ``os`` and ``sys``, so that it can run first.
"""

from __future__ import annotations

import os
import sys


def claim() -> tuple[int, int]:
    """Move file descriptors 0 and 1 to private numbers.

    After it a ``print``, a write of a native library, and a child process all
    reach the log (descriptor 2), and reading standard input gives nothing.

    Returns
    -------
    tuple
        Where to read messages, and where to write them.
    """
    read, write = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (read, write):
            # text mode would end the input at a control character
            msvcrt.setmode(descriptor, os.O_BINARY)
    return read, write
