"""The work pool's template for Kubernetes: what Prefect and Kubernetes themselves ask of it, as told offline."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from prefect.server.schemas.actions import WorkPoolCreate
from prefect.utilities.templating import apply_values

TEMPLATE = json.loads(
    (Path(__file__).parents[2] / "deployments" / "kubernetes" / "work-pool.json").read_text(encoding="utf-8")
)
VERSIONS = ["1.29", "1.37"]
# As a worker fills them in for a run.
OF_A_RUN = {
    "name": "amber-otter",
    "env": [{"name": "PREFECT_API_URL", "value": "http://prefect-server.newslake:4200/api"}],
    "labels": {"prefect.io/flow-run-name": "amber-otter"},
    "annotations": {},
    "command": ["prefect", "flow-run", "execute"],
}


def rendered() -> dict[str, Any]:
    """The job of a run that has the defaults."""
    properties = TEMPLATE["variables"]["properties"]
    values = {name: of["default"] for name, of in properties.items() if "default" in of}
    configuration = apply_values(deepcopy(TEMPLATE["job_configuration"]), values | OF_A_RUN)
    job: dict[str, Any] = configuration["job_manifest"]
    return job


def test_prefect_takes_it() -> None:
    pool = WorkPoolCreate(name="newslake", type="kubernetes", base_job_template=TEMPLATE)
    assert pool.base_job_template == TEMPLATE


def test_prefect_refuses_what_is_not_declared() -> None:
    wrong = deepcopy(TEMPLATE)
    del wrong["variables"]["properties"]["volume_claim"]
    with pytest.raises(ValueError, match="volume_claim"):
        WorkPoolCreate(name="newslake", type="kubernetes", base_job_template=wrong)


def test_every_variable_is_used() -> None:
    used = json.dumps(TEMPLATE["job_configuration"])
    assert [name for name in TEMPLATE["variables"]["properties"] if f"{{{{ {name} }}}}" not in used] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_its_job(version: str) -> None:
    job = rendered()
    assert "{{" not in json.dumps(job)
    for name in (
        "parallelism",
        "completions",
    ):  # Prefect's worker insists on them, Kubernetes passes over them
        assert job["spec"]["template"]["spec"].pop(name) == 1
    kubernetes_validate.validate(job, version, strict=True)


def test_kubernetes_refuses_what_it_does_not_know() -> None:
    job = rendered()
    job["spec"]["template"]["spec"]["containers"][0]["volumeMount"] = []
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, VERSIONS[-1], strict=True)
