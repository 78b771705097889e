"""Print `docs/compatibility.md`: the table of keys, and the text around it.

::

    python tests/tools/compatibility.py > docs/compatibility.md
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

    from support.compatibility_page import page

    sys.stdout.write(page())
