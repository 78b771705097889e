"""The extension of a Jupyter server."""
