"""The verbs as a process of their own, for faces that live long.

Nothing is imported here: `python -m pixi_jupyter.engine` must have moved its
file descriptors away before anything else is loaded.
"""
