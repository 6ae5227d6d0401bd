"""The commands and flows: how the journeys are run."""

import contextlib
import ctypes
import os

# Prefect, numpy and Arrow read these when they are imported. Nothing is sent to the outside, and an in-process server
# has more than its 20 seconds to start: a cold one on a busy machine needs them.
for _name, _value in {
    # Arrow's own pools keep what a batch has freed, some 100 MiB.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "DO_NOT_TRACK": "1",
    "OPENBLAS_NUM_THREADS": "1",  # the matrices are small, and worker processes share out the cores
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
}.items():
    os.environ.setdefault(_name, _value)

# Threads share glibc's memory, too, in place of an arena each, which keep what they have freed: some 25 MiB.
_ARENA_MAX = -8
if "MALLOC_ARENA_MAX" not in os.environ:
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)

# What a command or a flow writes is its user's and group's alone, and never less strict than the machine asks for.
os.umask(0o027 | os.umask(0o777))
