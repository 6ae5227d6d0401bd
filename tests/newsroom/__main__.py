"""``python -m tests.newsroom --port 8711 --sources DIR``: the newsroom in the foreground."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import click

from tests.newsroom import sources
from tests.newsroom.server import serve


@click.command()
@click.option(
    "--port", default=8711, show_default=True, help="0: any. The port after it serves the raw faults."
)
@click.option(
    "--sources", "folder", type=click.Path(path_type=Path), help="Write one source file an outlet there."
)
@click.option("--now", type=click.DateTime(), help="The day, UTC, that the newsroom takes for today.")
@click.option("--until-input-ends", is_flag=True, help="Stop when standard input is closed.")
def main(port: int, folder: Path | None, now: datetime | None, until_input_ends: bool) -> None:
    """Serve a dozen invented outlets on loopback, and print the port."""

    def ready(bound: int) -> None:
        if folder:
            sources.write(folder, bound)
        print(bound, flush=True)

    asyncio.run(serve(port, now, ready, until_input_ends))


if __name__ == "__main__":
    main()
