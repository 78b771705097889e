"""Results and errors as HTML for the output of a cell.

No script, no style sheet, no colour that only one theme can show: what is saved in a
notebook has to be readable wherever that is opened, also where styles are taken out.
"""

from pixi_jupyter.commands.html.errors import error_html
from pixi_jupyter.commands.html.results import to_html

__all__ = ["error_html", "to_html"]
