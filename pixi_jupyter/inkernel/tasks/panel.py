"""All tasks of a workspace as widgets."""

from typing import Any, Dict, List, Optional, Tuple

import ipywidgets

from . import page
from .row import Row
from .state import Run
from .style import CSS, LIVE_CSS, STATIC_CSS
from .work import Asker, NewClient, Work

_works: Dict[Tuple[str, str], Work] = {}
"""What was run last of each task: a panel that is shown anew goes on with it."""


class Panel:
    """A row for each task that is not hidden.

    Parameters
    ----------
    tasks
        The data of the command `tasks`.
    where
        Folder, manifest and prefix of requests.
    new_client
        Gives clients with an engine of their own.
    """

    def __init__(
        self, tasks: Dict[str, Any], where: Dict[str, Any], new_client: NewClient
    ) -> None:
        self._manifest = str(tasks["manifest"])
        self._where, self._new_client = where, new_client
        self._asker = Asker(new_client)
        shared = ipywidgets.Layout()
        self._rows = [
            Row(task, self, shared) for task in tasks["tasks"] if not task.get("hidden")
        ]
        search = ipywidgets.Button(tooltip="Filter tasks")
        search.add_class("pjk-mod-search")
        search.on_click(lambda _: self._show_filter())
        title = ipywidgets.HTML(page.head(tasks), layout=shared)
        self._head = ipywidgets.HBox([title, search], layout=shared)
        self._head.add_class("pjk-Tasks-head")
        style = ipywidgets.HTML()
        style.add_class("pjk-hidden")
        style.layout.display = "none"
        self._filter: Optional[Any] = None
        boxes = [row.box for row in self._rows]
        self.box = ipywidgets.VBox([style, self._head, *boxes], layout=shared)
        self.box.add_class("pjk-Tasks")
        model = self.box.model_id
        style.value = "<style>%s%s</style>" % (CSS, LIVE_CSS.replace("MODEL", model))

    def _show_filter(self) -> None:
        title, *_, search = self._head.children
        if self._filter is None:
            self._filter = ipywidgets.Text(placeholder="Filter tasks")
            self._filter.add_class("pjk-Filter")
            self._filter.observe(lambda change: self._pick(change["new"]), "value")
        if self._filter in self._head.children:
            self._filter.value = ""
            self._head.children = (title, search)
        else:
            self._head.children = (title, self._filter, search)
            self._filter.focus()

    def _pick(self, text: str) -> None:
        wanted = text.strip().lower()
        for row in self._rows:
            described = "%s %s" % (row.name, row.task.get("description") or "")
            if wanted in described.lower():
                row.box.remove_class("pjk-hidden")
            else:
                row.box.add_class("pjk-hidden")

    def _params(self, words: List[str]) -> Dict[str, Any]:
        line = ["run", "--manifest-path", self._manifest, *words]
        return {"words": line, "face": "%pixi", **self._where}

    def work(self, task: str, words: List[str], run: Run) -> Work:
        """Run a task."""
        made = Work(self._new_client, self._params(words), run)
        _works[self._manifest, task] = made
        return made

    def last(self, task: str) -> Optional[Work]:
        """Give what was run last of a task in this kernel."""
        return _works.get((self._manifest, task))

    def preview(self, words: List[str], answer: Any, refuse: Any) -> None:  # noqa: ANN401
        """Ask what would run."""
        self._asker.ask(self._params(["--dry-run", *words]), answer, refuse)


def bundles(panel: Panel, text: str, html: str) -> List[Dict[str, Any]]:
    """Give what a notebook keeps: a table, and below it the widgets.

    Notes
    -----
    One output could hold both. Where the kernel is gone, JupyterLab would then show
    an error instead of the table. So there are two, of which a page shows one.
    """
    model = panel.box.model_id
    static = '<div class="pjk-Static-%s"><style>%s</style>%s</div>' % (
        model,
        STATIC_CSS % model,
        html,
    )
    view = {"version_major": 2, "version_minor": 0, "model_id": model}
    return [
        {"text/plain": text, "text/html": static},
        {
            "text/plain": "",
            "text/html": "",
            "application/vnd.jupyter.widget-view+json": view,
        },
    ]
