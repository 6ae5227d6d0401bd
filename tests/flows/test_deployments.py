"""What deployments/prefect.yaml says, without a server: what is run exists, and takes what it is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from prefect.flows import Flow
from prefect.utilities.importtools import import_object

FILE = Path(__file__).parents[2] / "deployments" / "prefect.yaml"
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["deployments"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_a_deployment_is_whole(deployment: dict[str, Any]) -> None:
    flow = import_object(deployment["entrypoint"])
    assert isinstance(flow, Flow)
    assert flow.timeout_seconds
    parameters = deployment.get("parameters", {})
    required = {
        name for name, field in flow.parameters.properties.items() if name in flow.parameters.required
    }
    if schedules := deployment.get("schedules"):
        assert required <= set(parameters)
        flow.validate_parameters(parameters)
        assert all(CronSchedule(**schedule).timezone for schedule in schedules)
    assert set(parameters) <= set(flow.parameters.properties)
    assert all(field.get("description") for field in flow.parameters.properties.values())
    limit = deployment["concurrency_limit"]
    assert limit["limit"] == 1
    assert limit["collision_strategy"] in ({"CANCEL_NEW", "ENQUEUE"} if schedules else {"ENQUEUE"})
    assert (
        deployment["description"] and deployment["tags"] and deployment["work_pool"] == {"name": "newslake"}
    )


def test_a_wrong_parameter_is_told_before_a_run() -> None:
    from prefect.exceptions import ParameterTypeError

    from flows.back_fill import back_fill

    with pytest.raises((ParameterTypeError, TypeError)):
        back_fill.validate_parameters({"since": "the day before"})
