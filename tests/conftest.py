"""What the tests share."""

from __future__ import annotations

import pytest

# Folders whose files take longest. Begun last, one of them would keep a core busy while the others wait.
FIRST = ("flows", "lake", "crawl")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; the rest as collected."""
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(FIRST)))
