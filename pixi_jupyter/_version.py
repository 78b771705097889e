"""The version of this package, and of the pixi whose files it speaks."""

__version__ = "0.1.0"
PIXI_VERSION = "0.77.0"
