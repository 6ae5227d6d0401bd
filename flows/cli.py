"""The ``newslake`` command. Heavy imports wait for the subcommand that needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

LAKE = click.option("--lake", help="Folder of the lake, or s3://bucket/prefix.  [default: ./lake]")
SINCE = click.option("--since", type=click.DateTime(), help="Captures taken from then on, UTC.")
UNTIL = click.option("--until", type=click.DateTime(), help="Captures taken before then, UTC.")


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
    paths: tuple[str, ...], lake: str | None, source: str | None, workers: int | None, prefect: bool | None
) -> None:
    """Load files into the lake: text, HTML, JSONL, CSV, Parquet or WARC, plain, gzip or zstd.

    PATH is a file, a folder (searched to its depths), a quoted glob, or - for standard input. The content tells
    the format. Exits with 0 when every document was taken, 1 when some were refused, 3 when the lake could not be
    used.
    """
    from flows import console

    sys.exit(console.load(list(paths), lake=lake, source=source, workers=workers, prefect=prefect))


@main.command()
@click.argument("only", metavar="[SOURCE...]", nargs=-1)
@LAKE
@click.option("--sources", type=click.Path(path_type=Path), help="[default: ./deployments/sources]")
@click.option("--since", type=click.DateTime(), help="Back-fill: articles dated from then on (UTC).")
@click.option("--until", type=click.DateTime(), help="Back-fill: articles dated before then (UTC).")
@click.option("--force", is_flag=True, help="Ask for lists that are not due, too.")
@click.option("--minutes", type=click.FloatRange(min=0), help="Begin no article after so many.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that extract.  [default: one a core]")
@click.option("--prefect/--direct", default=None, help="Run as a Prefect flow, or in this process.")
def ingest(only: tuple[str, ...], **options: Any) -> None:
    """Fetch what is new from the sources (all, or those named) into the lake.

    Exits with 0 when every list was read, 1 when some failed, 3 when the lake or a source's file could not be used.
    """
    from flows import console

    sys.exit(console.ingest(only, **options))


SOURCES = click.option(
    "--sources", "folder", type=click.Path(path_type=Path), help="[default: ./deployments/sources]"
)


@main.group()
def sources() -> None:
    """Find the sources of articles, exchange them with feed readers, try them and list them."""


@sources.command("add")
@click.argument("url")
@click.option("--id", "source_id", help="[default: the host, with - for dots]")
@click.option(
    "--delay", type=click.FloatRange(0, 3600), default=1.0, help="Seconds between requests.  [default: 1]"
)
@click.option("--allow-private", is_flag=True, help="It may be on this machine or a private network.")
@SOURCES
def sources_add(url: str, source_id: str | None, **options: Any) -> None:
    """Find the feeds and sitemaps of the site at URL, or take the one that URL is, and write a source of them."""
    from flows import sources as console

    sys.exit(console.add(url, source_id, **options))


@sources.command("import")
@click.argument("file", metavar="FILE.opml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@SOURCES
def sources_import(file: Path, folder: Path | None) -> None:
    """Write a source for each site that an OPML file subscribes to; sources that exist stay as they are."""
    from flows import sources as console

    sys.exit(console.import_(file, folder=folder))


@sources.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@SOURCES
def sources_export(file: Path | None, folder: Path | None) -> None:
    """Write the feeds of all enabled sources as OPML, to FILE or to standard output."""
    from flows import sources as console

    sys.exit(console.export(file, folder=folder))


@sources.command("check")
@click.argument("source_id", metavar="[ID]", required=False)
@click.option(
    "--articles", type=click.IntRange(min=0), default=3, help="Articles of each list.  [default: 3]"
)
@SOURCES
def sources_check(source_id: str | None, articles: int, folder: Path | None) -> None:
    """Fetch the lists of one source, or of all enabled ones, and show what would be ingested, without a lake.

    Exits with 0 when every list was read, 1 when some failed, 3 when a source's file cannot be used.
    """
    from flows import sources as console

    sys.exit(console.check(source_id, folder=folder, articles=articles))


@sources.command("list")
@LAKE
@SOURCES
def sources_list(lake: str | None, folder: Path | None) -> None:
    """Show every source, when it was last polled, what it brought, and how it does."""
    from flows import sources as console

    sys.exit(console.list_(folder=folder, lake=lake))


@sources.command("keys")
def sources_keys() -> None:
    """Print what each key of a source's file means, as Markdown."""
    from tasks.web.source_keys import markdown

    click.echo(markdown(), nl=False)


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
@click.argument("what", metavar="FILE|URL|ID")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write it as one web page.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@click.option("--all", "everything", is_flag=True, help="Fold nothing.")
@click.option("--fetch", is_flag=True, help="Ask for URL, though the lake holds it.")
@click.option("--source", "source_id", help="Explain it as a page of this source.")
@click.option("--allow-private", is_flag=True, help="URL may be on this machine or a private network.")
@click.option("--sources", type=click.Path(path_type=Path), help="[default: ./deployments/sources]")
@LAKE
def explain(what: str, **options: Any) -> None:
    """Show how an article came about: each field, the signal that won, those that lost, and what was cut away.

    FILE is anything that `extract` reads, FILE#2 the second document in it, - standard input. A URL or an article's or
    capture's ID that the lake holds is explained as stored; any other URL is asked for politely. Nothing is stored.
    """
    from flows.explained import explain as command

    sys.exit(command(what, **options))


@main.command()
@LAKE
@SINCE
@UNTIL
@click.option("--source", help="Captures of this source alone.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that extract.  [default: one a core]")
@click.option("--dry-run", is_flag=True, help="Print the difference per field, and write nothing.")
@click.option("--prefect/--direct", default=None, help="Run as a Prefect flow, or in this process.")
def reextract(**options: Any) -> None:
    """Make articles anew of the stored captures, without the network; what differs is appended as a new version."""
    from flows import rebuild

    sys.exit(rebuild.reextract_command(**options))


@main.command()
@click.option(
    "--warc", "file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write."
)
@LAKE
@SINCE
@UNTIL
@click.option("--source", help="Captures of this source alone.")
def export(file: Path, **options: Any) -> None:
    """Write captures as a web archive (WARC 1.1), compressed where the name ends in .gz."""
    from flows import rebuild

    sys.exit(rebuild.export(file, **options))


@main.command()
@LAKE
@click.option(
    "--grace-hours",
    type=click.FloatRange(min=1),
    help="Keep superseded files so long for readers.  [default: 24]",
)
@click.option(
    "--body-days", type=click.IntRange(min=1), help="Drop bodies of stored articles after so many days."
)
@click.option("--prefect/--direct", default=None, help="Run as a Prefect flow, or in this process.")
def maintain(**options: Any) -> None:
    """Merge small files, delete superseded ones, tidy the log; loads and readers may go on meanwhile."""
    from flows import upkeep

    sys.exit(upkeep.maintain_command(**options))


@main.command()
@LAKE
@click.option("--sources", type=click.Path(path_type=Path), help="[default: ./deployments/sources]")
@click.option(
    "--test", "try_out", is_flag=True, help="Send a test alert through each channel, and nothing else."
)
def watch(**options: Any) -> None:
    """Look once at the lake and its runs, and tell by webhook and mail what needs a person, and what is over.

    Each incident is told once, however often this runs. Exits with 0 when all alerts were delivered, 1 when some were
    not (the next watch tries again), 3 when a setting or the lake's folder could not be used.
    """
    from flows.watched import watch_command

    sys.exit(watch_command(**options))


@main.command()
@LAKE
@click.option(
    "--repair", is_flag=True, help="Take out what is damaged, and make articles anew of their captures."
)
@click.option("--prefect/--direct", default=None, help="Run as a Prefect flow, or in this process.")
def verify(**options: Any) -> None:
    """Read every page of every file, compare it with what the log and the rows say, and run every check.

    Exits with 0 when the lake is whole, 1 when something is wrong with it, 3 when it could not be read.
    """
    from flows import verified

    sys.exit(verified.verify_command(**options))


@main.command()
@LAKE
def relink(lake: str | None) -> None:
    """Find copies, stories, utterances and names anew, in the whole lake; needed after a change of the watchlist.

    What it has not done when it is stopped, the next run does. Exits with 0 when it is done, 3 when it cannot go on.
    """
    from flows.relinked import relink as command

    sys.exit(command(lake))


@main.command()
@LAKE
@click.option("--sources", type=click.Path(path_type=Path), help="[default: ./deployments/sources]")
@click.option(
    "--host", help="Address to listen on; whoever reaches it may do anything.  [default: 127.0.0.1]"
)
@click.option("--port", type=click.IntRange(1, 65535), help="[default: 4200]")
@click.option("--home", type=click.Path(path_type=Path), help="[default: ~/.local/state/newslake/prefect]")
@click.option(
    "--deployments",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What to run when.  [default: newslake's own deployments/prefect.yaml]",
)
def serve(**options: Any) -> None:
    """Run on a schedule: Prefect's server, a worker and the deployments, until SIGTERM or Ctrl-C.

    Exits with 0 when it was told to stop, 3 when it cannot start.
    """
    from flows.serve import serve as command

    sys.exit(command(**options))


@main.command()
@LAKE
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
def status(**options: Any) -> None:
    """Show the last runs and the next, the sources that ail, gaps, checks, the lake's size and what needs a person.

    Exits with 0 when nothing needs a person, 1 when something does, 3 when the lake could not be read.
    """
    from flows.status import status_command

    sys.exit(status_command(**options))


@main.command()
@click.option(
    "--deployments",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What to run when.  [default: newslake's own deployments/prefect.yaml]",
)
def deploy(deployments: Path | None) -> None:
    """Apply the deployments to a Prefect server that has workers of its own: PREFECT_API_URL, or this machine's.

    `serve` does so by itself. Exits with 0 when they are applied, 3 when they are not.
    """
    from flows.serve import deploy as command

    sys.exit(command(deployments))


@main.command()
@click.argument("article")
@LAKE
@click.option(
    "--version",
    type=click.IntRange(min=2),
    help="The version to compare with the one before.  [default: newest]",
)
@click.option("--html", metavar="FILE", help="Write it as a web page; - is standard output.")
def diff(article: str, **options: Any) -> None:
    """Show what an outlet changed in ARTICLE: an article_id, the beginning of one, or a web address.

    Exits with 0 when it was shown, 3 when there is no such article or edit, or the lake could not be read.
    """
    from flows.diffed import diff as command

    sys.exit(command(article, **options))


@main.command()
@LAKE
@click.option("--since", type=click.DateTime(), help="Published from then on (UTC).  [default: 30 days]")
@click.option("--until", type=click.DateTime(), help="Published before then.  [default: the newest is last]")
@click.option("--story", metavar="ID", help="Of one story: its story_id, or the beginning of it.")
@click.option("--out", metavar="FILE", default="report.html", help="- is stdout.  [default: report.html]")
def report(**options: Any) -> None:
    """Write a web page: stories, who copied whom, quotes, edits, coverage. Exits with 3 where it cannot."""
    from flows.reported import report as command

    sys.exit(command(**options))


@main.command()
@click.argument("query", required=False)
@LAKE
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), help="[default: table]"
)
def sql(query: str | None, lake: str | None, form: str | None) -> None:
    """Answer a query over the lake's views; without one, prompt for queries."""
    from flows import shell

    sys.exit(shell.run(query, lake=lake, form=form or "table"))


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def dictionary(file: Path | None) -> None:
    """Write the data dictionary, every view and column, as Markdown."""
    from tasks.dictionary import markdown

    file.write_text(markdown(), encoding="utf-8") if file else click.echo(markdown(), nl=False)


@main.command()
@LAKE
@click.option("--sources", type=click.Path(path_type=Path), help="[default: ./deployments/sources]")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(**options: Any) -> None:
    """Check versions, settings, permissions, disk, clock, store and Prefect, and say what to do.

    Exits with 0 when no check failed, 1 when one did.
    """
    from flows.doctor import doctor as command

    sys.exit(command(**options))


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def settings(file: Path | None) -> None:
    """Write every setting, its variable, default and meaning, as Markdown."""
    from tasks.settings_keys import markdown

    file.write_text(markdown(), encoding="utf-8") if file else click.echo(markdown(), nl=False)


if __name__ == "__main__":
    main()
