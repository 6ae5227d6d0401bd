"""The command as a user runs it: its output and its exit code, where it matters from a process of its own."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tests.bench.generate import article, write

Newslake = Callable[..., Result]
Process = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def newslake(bare: Path, monkeypatch: pytest.MonkeyPatch) -> Newslake:
    """Runs ``newslake`` in this process, in an empty folder, without settings from outside."""
    monkeypatch.setenv("HOME", str(bare))
    return lambda *arguments, **options: CliRunner().invoke(
        main, list(map(str, arguments)), catch_exceptions=False, **options
    )


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Runs ``newslake`` in a process of its own, in an empty folder, without settings from outside."""

    def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLAKE_", "PREFECT_"))}
        environment = clean | {"HOME": str(tmp_path)} | dict(options.pop("env", {}))  # type: ignore[call-overload]
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            [sys.executable, "-m", "flows.cli", *map(str, arguments)],
            **{
                "cwd": tmp_path,
                "env": environment,
                "text": True,
                "capture_output": True,
                "stdin": -3,
                **options,
            },
        )

    return run


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    write(tmp_path / "in", 3, 1_500)
    return tmp_path / "in"


def test_load_then_ask(newslake: Newslake, process: Process, texts: Path) -> None:
    loaded = process("load", texts)
    assert loaded.returncode == 0, loaded.stderr
    assert "read                  3\nnew                   3\n" in loaded.stdout
    assert "directly (--prefect runs it as a flow)" in loaded.stderr
    again = newslake("load", texts)
    assert (again.exit_code, "unchanged             3\n" in again.stdout) == (0, True)
    counted = process(
        "sql", "SELECT count(*) AS n, min(source_id) AS source FROM articles", "--format", "json"
    )
    assert json.loads(counted.stdout) == {"n": 3, "source": "files"}


def test_forms_of_an_answer(newslake: Newslake, texts: Path, tmp_path: Path) -> None:
    newslake("load", texts, "--source", "wire")
    query = "SELECT source_id, ingested_at > '2020-01-01' AS recent, ['a', 'b'] AS both FROM articles LIMIT 1"
    assert "│ wire" in newslake("sql", query).stdout
    assert (
        newslake("sql", query, "--format", "csv").stdout
        == 'source_id,recent,both\nwire,True,"[""a"", ""b""]"\n'
    )
    row = {"source_id": "wire", "recent": True, "both": ["a", "b"]}
    assert json.loads(newslake("sql", query, "--format", "json").stdout) == row
    parquet = newslake("sql", query, "--format", "parquet").stdout_bytes
    assert pq.read_table(io.BytesIO(parquet)).to_pylist() == [row]
    assert "wire" in newslake("sql", input=query).stdout


def test_errors_of_a_query_are_one_message(newslake: Newslake, texts: Path) -> None:
    newslake("load", texts)
    for query in ("SELECT nothing FROM articles", "DROP VIEW articles", "CREATE TABLE x (y INT)"):
        failed = newslake("sql", query)
        assert failed.exit_code == 1
        assert failed.stderr.startswith("newslake: ")
        assert "Traceback" not in failed.stderr


def test_no_lake_yet(newslake: Newslake) -> None:
    failed = newslake("sql", "SELECT 1", "--lake", "nowhere")
    assert failed.exit_code == 3
    assert failed.stderr.startswith("newslake: no lake at ")
    assert failed.stderr.endswith("/nowhere: newslake load PATH... makes one\n")


@pytest.mark.parametrize(
    "arguments",
    [["load"], ["extract"], ["load", "x", "--workers", "0"], ["sql", "x", "--format", "xml"], ["sail"]],
    ids=" ".join,
)
def test_wrong_usage(newslake: Newslake, arguments: list[str]) -> None:
    failed = newslake(*arguments)
    assert failed.exit_code == 2
    assert "Traceback" not in failed.stderr


def test_a_wrong_setting_is_named(newslake: Newslake, texts: Path) -> None:
    failed = newslake("load", texts, env={"NEWSLAKE_WORKERS": "many"})
    assert failed.exit_code == 3
    assert failed.stderr.startswith("newslake: setting workers: ")


def test_settings_from_the_environment(newslake: Newslake, texts: Path, tmp_path: Path) -> None:
    assert newslake("load", texts, env={"NEWSLAKE_LAKE": "mine", "NEWSLAKE_SOURCE": "wire"}).exit_code == 0
    assert (tmp_path / "mine" / "newslake.duckdb").exists()


def test_standard_input(newslake: Newslake) -> None:
    rows = "".join(json.dumps({"id": n, "text": article(n, 900)}) + "\n" for n in range(3))
    loaded = newslake("load", "-", input=rows)
    assert "new                   3\n" in loaded.stdout


def test_extract_files_in_order(newslake: Newslake, texts: Path) -> None:
    files = sorted(texts.rglob("*.txt"), reverse=True)
    found = [json.loads(line) for line in newslake("extract", *files).stdout.splitlines()]
    assert [Path(record["id"]).name for record in found] == [file.name for file in files]


# They go with published_at, language, and the fields that have values.
_COMPANIONS = {"published_precision", "published_from", "language_confidence", "signals"}


def test_extract_takes_no_date_of_the_future(newslake: Newslake, tmp_path: Path) -> None:
    dated = article(3, 1_500).split("\n\n")
    dated[2] = "3 May 2199 10:15"
    (tmp_path / "late.txt").write_text("\n\n".join(dated))
    found = json.loads(newslake("extract", "late.txt").stdout)
    assert found.get("published_at") is None
    assert found["field_errors"]["published_at"] == "future"


def test_extract_keeps_its_contract(newslake: Newslake) -> None:
    rows = [
        {"id": "a", "text": article(7, 900)},
        {
            "id": "b",
            "url": "https://shorepost.example/x",
            "html": "<html><body><p>No article.</p></body></html>",
        },
        {"id": 3},
    ]
    given = "".join(json.dumps(row) + "\n" for row in rows)
    found = newslake("extract", "--jsonl", input=given)
    records = [json.loads(line) for line in found.stdout.splitlines()]
    assert [record["id"] for record in records] == ["a", "b"]
    assert found.exit_code == 1
    assert found.stderr.startswith("bad_record: ")
    assert list(records[0]) == [
        *(
            "id",
            "kind",
            "title",
            "subtitle",
            "authors",
            "agency",
            "agencies",
            "dateline",
            "outlet",
            "published_at",
        ),
        *(
            "published_precision",
            "published_from",
            "modified_at",
            "language",
            "language_confidence",
            "section",
        ),
        *("tags", "image_url", "is_paywalled", "text", "quotes", "corrections", "signals", "field_errors"),
    ]
    assert records[0]["published_precision"] == "minute"
    for record in records:
        for field in record.keys() - _COMPANIONS:
            value = record[field]
            assert (value in (None, [], "")) == (field in record["field_errors"]), field


def test_nothing_but_a_flow_imports_prefect(newslake: Newslake, texts: Path, tmp_path: Path) -> None:
    newslake("load", texts)
    commands = [["--help"], ["extract", "in"], ["sql", "FROM runs"], ["load", "in"]]
    code = f"""
import sys
from flows.cli import main
for command in {commands}:
    try:
        main(command)
    except SystemExit as end:
        assert not end.code, command
    assert "prefect" not in sys.modules, command
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def bad_inputs(folder: Path) -> dict[str, str]:
    """Files that cannot be taken, beside two that can; file name → outcome."""
    write(folder / "good", 2, 1_200)
    packed = gzip.compress(
        b"\n".join(json.dumps({"text": article(n, 900)}).encode() for n in (10, 11)) + b"\n"
    )
    contents = {
        "empty.txt": (b"", "empty"),
        "zero.gz": (b"", "empty"),
        "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(200), "binary"),
        "noise.bin": (bytes(range(256)) * 20, "binary"),
        "cut.jsonl.gz": (packed[:-40], "corrupt"),
        "keys.jsonl": (
            b'{"headline": "No text", "link": "x"}\n{"headline": "Nor here", "link": "y"}\n',
            "bad_record",
        ),
        "bomb.txt.gz": (gzip.compress(bytes(b"a" * 1000) * 200_000), "bomb"),
        "menu.html": (
            b"<!doctype html><html><body><nav><a href=/>Home</a></nav></body></html>",
            "no_article",
        ),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    (folder / "dangling.txt").symlink_to(folder / "gone.txt")
    os.mkfifo(folder / "pipe.txt")
    return {name: outcome for name, (_, outcome) in contents.items()} | {
        "dangling.txt": "missing",
        "pipe.txt": "unreadable",
    }


def test_bad_input_is_recorded_and_the_rest_loaded(newslake: Newslake, tmp_path: Path) -> None:
    expected = bad_inputs(tmp_path / "in")
    latin = article(5, 900).replace("“", "»").replace("e", "é").encode("cp1252", "replace")
    (tmp_path / "in" / "latin.txt").write_bytes(latin + b"\xff\xfe\x81")
    loaded = newslake("load", "in", "absent*.txt")
    assert loaded.exit_code == 1
    assert "Traceback" not in loaded.stderr
    with duckdb.connect(str(tmp_path / "lake" / "newslake.duckdb"), read_only=True) as con:
        found = con.sql(
            "SELECT parse_filename(split_part(location, '#', 1)), outcome, error FROM captures"
        ).fetchall()
    refused = {name: outcome for name, outcome, error in found if error}
    assert refused == expected | {"absent%2A.txt": "missing"}
    assert all("\n" not in error for *_, error in found if error)
    taken = [name for name, outcome, _ in found if outcome == "new"]
    assert {"0000000.txt", "0000001.txt", "latin.txt"} <= set(taken)
    for line in loaded.stderr.splitlines():
        assert line.startswith(("run ", "refused: ", "batch run="))


def test_a_full_disk_is_one_line_and_harms_nothing(
    newslake: Newslake, process: Process, tmp_path: Path
) -> None:
    """The disk ends after so many bytes of one file: what a full one does to a writer, without a disk to fill."""
    write(tmp_path / "first", 2, 1_200)
    assert newslake("load", "first").exit_code == 0
    write(tmp_path / "many", 60, 3_000)
    limit = 20_000
    full = process(
        "load", "many", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    assert full.returncode == 3
    assert "Traceback" not in full.stderr
    assert full.stderr.splitlines()[-1].startswith("newslake: cannot go on: ")
    count = "SELECT count(*) AS n FROM articles"
    assert newslake("sql", count, "--format", "csv").stdout == "n\n2\n"
    assert newslake("load", "many").exit_code == 0
    assert newslake("sql", count, "--format", "csv").stdout == "n\n62\n"


def test_a_lake_that_cannot_be_made(newslake: Newslake, texts: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    failed = newslake("load", texts, "--lake", tmp_path / "file" / "lake")
    assert failed.exit_code == 3
    assert failed.stderr.splitlines()[-1].startswith("newslake: ")
    assert "Traceback" not in failed.stderr


def test_the_prompt_answers_and_remembers(newslake: Newslake, texts: Path, tmp_path: Path) -> None:
    newslake("load", texts)
    if not shutil.which("script"):
        pytest.skip("needs script(1) for a terminal")
    command = f"{sys.executable} -m flows.cli sql"
    with subprocess.Popen(
        ["script", "-qec", command, "/dev/null"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path,
        env=os.environ | {"HOME": str(tmp_path)},
    ) as shell:  # fmt: skip
        assert shell.stdin and shell.stdout
        shell.stdin.write("SELECT count(*) * 14 AS\nanswer FROM articles;\n")
        with contextlib.suppress(BrokenPipeError):
            while shell.poll() is None:  # Ctrl-D is lost on a terminal whose query still runs
                shell.stdin.write("\x04")
                shell.stdin.flush()
                time.sleep(0.5)
        assert "42" in shell.stdout.read()
    history = tmp_path / ".local" / "state" / "newslake" / "history"
    assert "answer FROM articles" in history.read_text()
