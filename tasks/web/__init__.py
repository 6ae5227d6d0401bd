"""The web: an HTTP client that hosts can bear, and what its answers list."""
