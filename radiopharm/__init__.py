"""radiopharm: every becquerel from delivery to cleared waste, at any instant, with its working."""

__version__ = "0.1.0"
