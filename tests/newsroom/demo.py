"""The demo: ``python -m tests.newsroom.demo LAKE`` ingests the newsroom twice, and once more after it went to press."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.newsroom import newsroom


def main(lake: str) -> None:
    newslake = Path(sys.executable).with_name("newslake")
    environment = os.environ | {"NEWSLAKE_CONTACT": "demo@newslake.example", "NEWSLAKE_LAKE": lake}
    with newsroom() as room, tempfile.TemporaryDirectory() as sources:
        room.sources(Path(sources))

        def ingest(said: str) -> None:
            print(f"\n{said}", flush=True)
            command = [newslake, "ingest", "--sources", sources, "--force"]
            subprocess.run(command, env=environment, check=True)

        ingest("Twelve invented outlets, asked for the first time:")
        ingest("Asked again, with almost nothing to do:")
        for _ in range(3):
            room.advance()
        ingest("Asked after three more editions, with new articles and with edits:")


if __name__ == "__main__":
    main(sys.argv[1])
