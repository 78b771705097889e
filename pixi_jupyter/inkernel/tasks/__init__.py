"""The tasks of a workspace as buttons below a cell.

`state`, `log` and `page` are pure, `work` has the threads, and the rest is what
ipywidgets shows. Only the widgets need ipywidgets.
"""
