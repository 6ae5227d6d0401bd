"""The lake: schema, commits, catalog."""
