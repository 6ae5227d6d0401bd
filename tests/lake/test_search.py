"""Full-text search: one rule for terms, BM25, phrases, beginnings; and an index that is complete whoever dies."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tasks import append, index
from tasks.lake.commit import commit
from tasks.lake.postings import postings
from tasks.lake.schema import ARTICLES, CAPTURES, DOCUMENTS, EXCERPTS, INDEX, POSTINGS, Table
from tasks.lake.store import Conflict, Lake, LakeError, committed
from tasks.lake.views import statement
from tasks.publish import publish
from tests.lake.test_append import load, query

SCRIPTS = {
    "Joe Biden's state-of-the-art PLAN, 1,000 kr": "joe biden s state of the art plan 1 000 kr",
    "Ångström cafe\u0301 øre Straße Łódź İstanbul": "angstrom cafe ore strasse lodz istanbul",
    "l’homme qu'on n’a pas": "l homme qu on n a pas",
    "Ёлка и чай, війна": "елка и чай війна",
    "Σεισμός στην Αθήνα": "σεισμοσ στην αθηνα",
    "صَحَافَة أحمد ٢٠٢٦": "صحافه احمد 2026",
    "שָׁלוֹם צה״ל בית־ספר": "שלום צהל בית ספר",
    "हिन्दी की ख़बर": "हिन्दी की ख़बर",
    "東京都で日本、iPhone手机": "東京 京都 都で で日 日本 iphone 手机",
    "がぎ": "がぎ",
    "ภาษาไทย": "ภา าษ ษา าไ ไท ทย",
    "한국어 뉴스": "한국 국어 뉴스",
    "１２ ＡＢ": "12 ab",
    "soft\u00adhyphen zero\u200bwidth": "softhyphen zero width",
    "😀 … — '": "",
}


def rows(*texts: str | dict[str, Any], number: int = 1) -> pa.Table:
    """Articles as they are committed in batch ``number``; a text, or what else is to be known."""
    stamp = datetime(2026, 1, number, tzinfo=UTC)
    return pa.Table.from_pylist(
        [
            {
                "article_id": f"{number}-{at}", "key": 100 * number + at, "version": 1, "batch": number,
                "run_id": "run", "ingested_at": stamp, "month": "2026-01",
                **({"text": row} if isinstance(row, str) else row),
            }
            for at, row in enumerate(texts)
        ],
        schema=ARTICLES.schema,
    )  # fmt: skip


def add(lake: Lake, articles: pa.Table, *, indexed: bool = True) -> None:
    state = lake.state()
    batch = articles["batch"][0].as_py()
    commit(state["captures"], CAPTURES, CAPTURES.schema.empty_table(), batch)
    commit(state["articles"], ARTICLES, articles, batch)
    if indexed:
        index.add(state, index.made(state, articles, index.terms(articles)), batch)


def found(lake: Lake, asked: str, more: str = "") -> list[str]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return [r[0] for r in con.execute(f"SELECT article_id FROM search($1{more})", [asked]).fetchall()]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(statement("macros/tokens.sql"))
    return con


@pytest.mark.parametrize("text", SCRIPTS)
def test_terms_of_many_scripts(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert con.execute("SELECT tokens($1)", [text]).fetchall()[0][0] == SCRIPTS[text].split()


def test_white_space_parts_terms(con: duckdb.DuckDBPyConnection) -> None:
    """What the index relies on: a text's terms are those of its words."""
    for space in " \t\n\r\u00a0\u2003\u3000":
        whole = con.execute("SELECT tokens($1)", [space.join(SCRIPTS)]).fetchall()[0][0]
        assert whole == " ".join(SCRIPTS.values()).split()


def test_postings_are_what_the_macro_says_of_whole_texts(con: duckdb.DuckDBPyConnection) -> None:
    texts = [*SCRIPTS, " ".join(SCRIPTS), "", "a " * 40 + "b", "\n\n".join(reversed(SCRIPTS)), "b a\u00a0a"]
    table, lengths = postings(pa.array(texts), 7)
    terms = [con.execute("SELECT tokens($1)", [text]).fetchall()[0][0] for text in texts]
    expected = []
    for document, words in enumerate(terms, 7):
        for term, count in Counter(words).items():
            bits = sum({1 << (place % 16) for place, word in enumerate(words) if word == term})
            expected.append((term, document, count, bits, round(4 * math.log2(len(words)))))
    made = [
        (r["term"], r["document"], r["frequency"], r["places"] & 0xFFFF, r["length"])
        for r in table.to_pylist()
    ]
    assert made == sorted(expected, key=lambda row: (row[0].encode(), row[1]))
    assert lengths.tolist() == list(map(len, terms))


def test_it_ranks_by_bm25(lake: Lake) -> None:
    texts = [
        "ferry ferry storm",
        "ferry strike in the port",
        "storm " * 9 + "ferry",
        "nothing of it here",
        "storm",
    ]
    add(lake, rows(*texts[:2]))
    add(lake, rows(*texts[2:], number=2))
    publish(lake)
    words = [text.split() for text in texts]
    mean = sum(map(len, words)) / len(words)

    def score(text: list[str]) -> float:
        total, length = 0.0, 2 ** (round(4 * math.log2(len(text))) / 4)
        for term in ("ferry", "storm"):
            holding = sum(term in other for other in words)
            weight = math.log(1 + (len(words) - holding + 0.5) / (holding + 0.5))
            often = text.count(term)
            total += weight * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length / mean))
        return total

    expected = sorted((score(text) for text in words if score(text)), reverse=True)
    assert [r[0] for r in query(lake, "SELECT score FROM search('Storm ferry')")] == pytest.approx(expected)
    assert found(lake, "Storm ferry", ", conjunctive := true") == ["1-0", "2-0"]


def test_phrases_and_beginnings(lake: Lake) -> None:
    add(
        lake,
        rows(
            "The prime minister, Mr. Holm, spoke.",
            "The minister of prime numbers. "
            + "x " * 13
            + "A prime y.",  # 16 places apart: only the text tells
            "Ministers met in Jean-Paul Street.",
            "Paul met Jean.",
            "東京都の天気",
            "京都と東京",
        ),
    )
    publish(lake)
    assert found(lake, '"prime minister"') == ["1-0"]
    assert found(lake, '"Prime  MINIST"*') == ["1-0"]
    assert found(lake, '"minister prime"') == []
    assert sorted(found(lake, "minist*")) == ["1-0", "1-1", "1-2"]
    assert sorted(found(lake, "minist* pau*")) == ["1-0", "1-1", "1-2", "1-3"]
    assert found(lake, "jean-paul") == ["1-2"]
    assert found(lake, "東京都") == ["1-4"]
    assert sorted(found(lake, "東")) == ["1-4", "1-5"]


def test_what_a_result_shows(lake: Lake) -> None:
    filler = "Nothing of interest is said in these words that come before. " * 2
    seen = {
        "title": "Déjà vu",
        "outlet": "Shore Post",
        "url": "https://a.example/1",
        "text": f"{filler}\n\nA café, “Déjà”.",
    }
    add(lake, rows(seen))
    publish(lake)
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        (row,) = con.sql("FROM search('deja cafe')").to_arrow_table().to_pylist()
    assert [row[name] for name in ("article_id", "title", "outlet", "url")] == [
        "1-0",
        "Déjà vu",
        "Shore Post",
        seen["url"],
    ]
    assert row["snippet"].endswith("A **café**, “**Déjà**”.")
    assert "\n" not in row["snippet"]


def test_bounds_limit_and_newest_version(lake: Lake) -> None:
    times = [datetime(2025, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
    add(lake, rows(*({"text": "storm", "published_at": time} for time in times), "storm"))
    new = {"article_id": "1-2", "key": 102, "version": 2, "text": "calm storm", "published_at": times[2]}
    add(lake, rows(new, number=2))
    publish(lake)
    assert sorted(found(lake, "storm", ", since := '2025-02-01', until := '2025-03-01'")) == ["1-1"]
    assert sorted(found(lake, "storm", ", since := '2026-01-01'")) == ["1-3"]  # by ingestion
    assert sorted(found(lake, "storm")) == ["1-0", "1-1", "1-2", "1-3"]
    assert len(found(lake, "storm", ', "limit" := 2')) == 2


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("two") / "lake")
    add(lake, rows("a word or two", "1"))
    publish(lake)
    return lake


HOSTILE = [
    "",
    " ",
    "'",
    '"',
    '""',
    '"*',
    "*",
    "%",
    "\\",
    "' OR 1=1 --",
    "😀",
    "\x00",
    "a" * 100_000,
    "[](){}?+.^$|",
]


@pytest.mark.parametrize(
    "asked", [*HOSTILE, "word " * 10_000, '"word ' * 500, "w* " * 500, " ".join(SCRIPTS)]
)
def test_hostile_queries_find_what_they_say_or_nothing(two: Lake, asked: str) -> None:
    answer = found(two, asked)
    assert set(answer) <= {"1-0", "1-1"}
    if asked in HOSTILE[:9]:
        assert answer == []


def test_a_prepared_query(lake: Lake) -> None:
    add(lake, rows("ministers", "storm"))
    publish(lake)
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        con.execute("PREPARE q AS SELECT article_id FROM search($1)")
        assert con.execute("EXECUTE q('minist*')").fetchall() == [("1-0",)]
        assert con.execute("EXECUTE q('storm')").fetchall() == [("1-1",)]


def contents(lake: Lake) -> list[Any]:
    state = lake.state()
    assert len({committed(delta) for delta in state.values()}) == 1
    publish(lake)
    return query(
        lake,
        "SELECT term, shown, version, frequency, places FROM base.postings "
        "JOIN base.documents USING (document) JOIN base.excerpts USING (document) ORDER BY ALL",
    )


def test_a_lake_without_an_index_gets_one(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces: several commits, each of whole batches."""
    for number in range(1, 6):
        add(lake, rows("one storm", f"number {number}", number=number))
    whole = contents(lake)
    assert len(whole) == 20
    for table in INDEX:
        rmtree(lake.local / table.name)
    monkeypatch.setattr(index, "PIECE", 4)
    assert append.recover(lake)
    assert len(lake.open(POSTINGS).file_uris()) == 3
    assert contents(lake) == whole
    rmtree(lake.local / DOCUMENTS.name)
    with pytest.raises(LakeError, match="delete documents/, excerpts/, postings/"):
        lake.state()


@pytest.mark.parametrize("table", [EXCERPTS, POSTINGS], ids=lambda table: table.name)
def test_what_is_made_of_documents_is_made_again(
    lake: Lake, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it was deleted, or an older newslake knew nothing of it."""
    for number in range(1, 4):
        add(lake, rows("one storm", f"number {number}", number=number))
    whole = contents(lake)
    rmtree(lake.local / table.name)
    monkeypatch.setattr(index, "PIECE", 4)
    if table is EXCERPTS:
        monkeypatch.delattr(index, "terms")  # which takes nearly all the time
    assert append.recover(lake)
    assert contents(lake) == whole
    assert not append.recover(lake)


@pytest.mark.parametrize("commits", [1, 2])
def test_a_writer_that_dies_before_the_postings(lake: Lake, commits: int) -> None:
    add(lake, rows("one storm"))
    articles = rows("a second storm", "a third", number=2)
    add(lake, articles, indexed=False)
    state = lake.state()
    made = index.made(state, articles, index.terms(articles))
    for table in INDEX[:commits]:
        commit(state[table.name], table, made[table], 2)
    assert append.recover(lake)
    assert [(term, shown[0]) for term, shown, *_ in contents(lake)] == [
        ("a", "2-0"), ("a", "2-1"), ("one", "1-0"), ("second", "2-0"), ("storm", "1-0"), ("storm", "2-0"),
        ("third", "2-1"),
    ]  # fmt: skip


def test_two_writers_index_a_batch_once(lake: Lake) -> None:
    add(lake, rows("one storm"), indexed=False)
    ours, theirs = lake.state(), lake.state()
    assert index.catch_up(theirs)
    with pytest.raises(Conflict):
        index.catch_up(ours)
    assert len(contents(lake)) == 2


def test_a_load_is_found_at_once(lake: Lake, tmp_path: Path) -> None:
    from tests.bench.generate import write

    write(tmp_path / "in", 20, 1_500)
    load([tmp_path / "in"], lake)
    named = {
        r[0]
        for r in query(lake, "SELECT article_id FROM articles WHERE contains(lower(text), 'ferry company')")
    }
    assert named
    assert set(found(lake, '"ferry company"', ', "limit" := 100')) == named


def test_terms_are_made_before_it_is_known_which_articles_are_new() -> None:
    articles = rows("one storm", "a second storm, a long one", "", "the last storm")
    chosen = pa.chunked_array([[False, True, True, False]])
    some, ours = index.terms(articles).of(chosen), index.terms(articles.filter(chosen))
    assert some.postings.equals(ours.postings) and some.postings.num_rows
    assert some.lengths.equals(ours.lengths)
