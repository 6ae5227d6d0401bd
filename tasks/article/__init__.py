"""Extraction: bytes and arguments in, an Article out. No network, clock, environment or files of the user."""

# Raise it with every change of what extraction returns: rows of the lake name it.
EXTRACTOR_VERSION = "3"
