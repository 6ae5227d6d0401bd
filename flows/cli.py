"""The ``newslake`` command. Heavy imports wait for the subcommand that needs them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

LAKE = click.option("--lake", type=click.Path(path_type=Path), help="Folder of the lake.  [default: ./lake]")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newslake")
def main() -> None:
    """News articles into a Parquet lake that answers SQL."""


@main.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@LAKE
@click.option("--source", help="Source id that the documents are filed under.  [default: files]")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that extract.  [default: one a core]")
@click.option("--prefect/--direct", default=None, help="Run as a Prefect flow, or in this process.")
def load(
    paths: tuple[str, ...], lake: Path | None, source: str | None, workers: int | None, prefect: bool | None
) -> None:
    """Load files into the lake: text, HTML, JSONL, CSV, Parquet or WARC, plain, gzip or zstd.

    PATH is a file, a folder (searched to its depths), a quoted glob, or - for standard input. The content tells
    the format. Exits with 0 when every document was taken, 1 when some were refused, 3 when the lake could not be
    used.
    """
    from flows import console

    sys.exit(console.load(list(paths), lake=lake, source=source, workers=workers, prefect=prefect))


@main.command()
@click.argument("paths", metavar="PATH...", nargs=-1)
@click.option("--jsonl", is_flag=True, help='Read rows {"id", "url", "html" or "text"} from standard input.')
def extract(paths: tuple[str, ...], jsonl: bool) -> None:
    """Print what the extractor makes of each document, one JSON object a line, without a lake."""
    from flows import console

    if bool(paths) == jsonl:
        raise click.UsageError("give PATH..., or --jsonl with rows on standard input")
    sys.exit(console.extract(list(paths)))


@main.command()
@click.argument("query", required=False)
@LAKE
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), help="[default: table]"
)
def sql(query: str | None, lake: Path | None, form: str | None) -> None:
    """Answer a query over the lake's views; without one, prompt for queries."""
    from flows import shell

    sys.exit(shell.run(query, lake=lake, form=form or "table"))


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def dictionary(file: Path | None) -> None:
    """Write the data dictionary, every view and column, as Markdown."""
    from tasks.dictionary import markdown

    file.write_text(markdown(), encoding="utf-8") if file else click.echo(markdown(), nl=False)


if __name__ == "__main__":
    main()
