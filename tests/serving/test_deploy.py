"""Applying the deployments takes long, and is given up where the server is told to stop."""

from __future__ import annotations

import os
from contextlib import closing

import pytest

from tasks.serving.deploy import OWN_DEPLOYMENTS, deploy
from tasks.serving.prefect_api import PrefectAPI, PrefectError


def test_it_is_given_up_when_the_server_stops() -> None:
    told: list[str] = []
    with (
        closing(PrefectAPI("http://127.0.0.1:1/api")) as api,
        pytest.raises(PrefectError, match="stopped while"),
    ):
        deploy(api, OWN_DEPLOYMENTS, os.environ, told.append, lambda: True)
    assert told == []
