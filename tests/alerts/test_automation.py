"""What Prefect is asked to do after a failure; tests/flows shows that it does."""

from __future__ import annotations

import pytest

from tasks.automations import watch_after_failure


def test_a_watch_is_run_after_others_alone() -> None:
    made = watch_after_failure("w", ["a", "b"])
    assert made["trigger"]["match_related"]["prefect.resource.id"] == [
        "prefect.deployment.a",
        "prefect.deployment.b",
    ]
    assert [action["deployment_id"] for action in made["actions"]] == ["w"]
    with pytest.raises(ValueError, match="its own failure"):
        watch_after_failure("w", ["a", "w"])
