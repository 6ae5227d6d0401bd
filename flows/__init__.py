"""The commands and flows: how the journeys are run."""

import os

# Prefect reads these when it is imported. Nothing is sent to the outside, and an in-process server has more than
# its 20 seconds to start: a cold one on a busy machine needs them.
for _name, _value in {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
}.items():
    os.environ.setdefault(_name, _value)
