"""What linking takes of a load: ``python -m tests.bench.linking [ARTICLES] [--bench DIR] [--pages] [--profile FILE]``.

Loads texts into an empty lake, in one process, and prints the CPU of each stage of linking, of all of linking and of
the whole load, in milliseconds a text. Linking is to take at most 20 % of it. The texts are those of whole pages in
``DIR/text``, ``text_news`` and ``text_guides`` with the news reports of ``DIR/stories``, as many as there are; without
``DIR`` synthetic ones, whose few phrases make far more of them utterances of each other than real ones are. With
``--pages`` they are pages, as an ingest fetches them: those of ``DIR/html_body``, ``html_meta`` and ``html_news``. A
few others are loaded before, since what is read once is not counted.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows import journeys
from tasks import link, link_mentions, link_reprints, link_stories, link_utterances
from tasks.files import documents
from tasks.lake.store import Lake
from tasks.run import Run
from tests.bench.generate import article

# What is timed, as (module, function).
STAGES = {
    "mentions": (link_mentions, "rows"),
    "utterances": (link_utterances, "rows"),
    "stories": (link_stories, "rows"),
    "sketches": (link_reprints, "sketched"),
    "reprints": (link_reprints, "rows"),
    "commits": (link, "commit"),
}
TEXTS = ("text", "text_news", "text_guides", "stories")
PAGES = ("html_body", "html_meta", "html_news")
SHARE = 0.2
WARM = 100


def documents_of(bench: Path, *, pages: bool) -> list[str]:
    """The texts or the pages of evaluation sets, in no order, the same each time."""
    file, field, sets = ("pages", "html", PAGES) if pages else ("docs", "text", TEXTS)
    found: list[str] = []
    for name in sets:
        with gzip.open(bench / name / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found += [json.loads(line)[field] for line in lines]
    random.Random(0).shuffle(found)
    return found


def load(folder: Path, texts: list[str], suffix: str) -> None:
    """Load texts, or pages, into an empty lake."""
    source = folder / "texts"
    source.mkdir(parents=True)
    for number, text in enumerate(texts):
        (source / f"{number:07}.{suffix}").write_text(text, encoding="utf-8")
    journeys.load(documents([str(source)]), Lake(folder / "lake"), Run.begin("bench"), workers=1)


class Meter:
    """Seconds of CPU by the name of what took them."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """``work``, whose CPU is added up under ``name``."""

        @wraps(work)
        def measured(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **kwargs)
            finally:
                self.seconds[name] += time.process_time() - start

        return measured

    def patches(self) -> Iterator[Any]:
        """What puts a meter on each stage, and on linking as a whole."""
        for name, (module, function) in {**STAGES, "all of linking": (link, "catch_up")}.items():
            yield patch.object(module, function, self.timed(name, getattr(module, function)))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What linking takes of a load.")
    parser.add_argument("articles", nargs="?", type=int, default=2_000)
    parser.add_argument("--bench", type=Path, help="a folder of evaluation sets")
    parser.add_argument("--pages", action="store_true", help="load the pages of DIR, not its texts")
    parser.add_argument("--profile", type=Path, help="where to write a profile of linking, for pstats")
    options = parser.parse_args()
    count = options.articles + WARM
    if options.pages and not options.bench:
        parser.error("--pages needs --bench")
    if options.bench:
        texts = documents_of(options.bench, pages=options.pages)[:count]
    else:
        texts = [article(number) for number in range(count)]
    suffix = "html" if options.pages else "txt"
    meter = Meter()
    profile = cProfile.Profile() if options.profile else None
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        load(Path(folder, "warm"), texts[:WARM], suffix)
        for each in meter.patches():
            stack.enter_context(each)
        if profile:
            catch_up = link.catch_up

            def profiled(*args: Any) -> bool:
                with profile or nullcontext():
                    return catch_up(*args)

            stack.enter_context(patch.object(link, "catch_up", profiled))
        start = time.process_time()
        load(Path(folder, "measured"), texts[WARM:], suffix)
        meter.seconds["whole load"] = time.process_time() - start
    if profile:
        profile.dump_stats(options.profile)
    count = len(texts) - WARM
    print(f"{count} {'pages' if options.pages else 'texts'}, ms of CPU each")
    for name in (*STAGES, "all of linking", "whole load"):
        print(f"  {name:<16}{1000 * meter.seconds[name] / count:8.3f}")
    share = meter.seconds["all of linking"] / meter.seconds["whole load"]
    print(f"linking is {share:.1%} of the load, at most {SHARE:.0%} wanted")


if __name__ == "__main__":
    main()
