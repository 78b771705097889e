"""Notebooks that are verified, and the results in which every text is the same."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pixi_jupyter.notebook.provenance import Difference, Other, Provenance
from pixi_jupyter.notebook.stamps import Stamp
from pixi_jupyter.notebook.verify import CellCheck, NotebookCheck
from pixi_jupyter.verbs.notebook_verify import NotebookVerifyResult

if TYPE_CHECKING:
    from collections.abc import Iterator


def cell(source: str, *outputs: Any, count: int | None = 1, **metadata: Any) -> Any:
    """Give a code cell that shows some outputs."""
    return new_code_cell(
        source, outputs=list(outputs), execution_count=count, metadata=metadata
    )


def printed(text: str) -> Any:
    """Give what a cell printed."""
    return new_output("stream", name="stdout", text=text)


def write(path: Path, *cells: Any, kernel: str = "python3") -> Path:
    """Write a notebook whose cells come after a heading."""
    notebook = new_notebook(cells=[new_markdown_cell("# A notebook"), *cells])
    spec = {"name": kernel, "display_name": kernel, "language": "python"}
    notebook.metadata["kernelspec"] = spec
    nbformat.write(notebook, path)
    return path


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this computer; give its URL."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            del words

    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def verify_results(name: str) -> dict[str, Any]:
    """Make a result of the verb."""
    theirs, here = (Stamp(mark=name, name=name, platform=name) for _ in range(2))
    difference = Difference(name=name, theirs=name, here=None)
    provenance = Provenance(
        current=here,
        outputs=2,
        unknown=1,
        others=(Other(stamp=theirs, cells=(0,), differences=(difference,)),),
    )
    differs = {"key": name, "shown": name, "made": name}
    cells = (
        CellCheck(
            place=0,
            status="differs",
            id=name,
            execution_count=1,
            source=name,
            reason=name,
            differences=(differs,),
        ),
        CellCheck(place=1, status="fails", source=name, reason=name),
    )
    checks = (
        NotebookCheck(notebook=Path(name), environment=name, origin="workspace"),
        NotebookCheck(
            notebook=Path(name),
            environment=name,
            origin="notebook",
            digest=name,
            reason=name,
            details=(name,),
            hints=(name,),
            checks=cells,
            seconds=1.0,
            provenance=provenance,
        ),
    )
    result = NotebookVerifyResult(checks=checks, junit=Path(name))
    return {"notebook_verify": result}
