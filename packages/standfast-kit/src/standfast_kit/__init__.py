"""The runtime half of a production standard, for Python services.

At this version the distribution is importable and says its version; the parts that hold the standard's limits
inside a running service come with later versions.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
