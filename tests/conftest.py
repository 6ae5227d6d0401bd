"""What the tests share."""

import os

# Read by Prefect when it is imported; nothing is sent to the outside.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
