"""The views of the lake, one a file."""
