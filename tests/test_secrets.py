"""Secrets and files' modes, as a whole command leaves them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tasks.settings import Settings
from tasks.settings_keys import is_secret, variables
from tests.bench.generate import write
from tests.crawl.site import site

ROOT = Path(__file__).parents[1]
MARK = "hushhushhush"
SECRETS = {
    variables(name)[0]: MARK for name in Settings.model_fields if is_secret(name)
} | {
    "HTTP_PROXY": f"http://user:{MARK}@127.0.0.1:1",
    "HTTPS_PROXY": f"http://user:{MARK}@127.0.0.1:1",
    "ALL_PROXY": f"http://user:{MARK}@127.0.0.1:1",
    "NEWSLAKE_WEBHOOK_URL": f"http://127.0.0.1:1/hooks/{MARK}",
    "NEWSLAKE_S3_ENDPOINT": "http://127.0.0.1:1",
    "AWS_REGION": "here",
    "NEWSLAKE_SMTP_HOST": "127.0.0.1",
    "NEWSLAKE_SMTP_PORT": "1",
    "NEWSLAKE_SMTP_USER": "user",
    "NEWSLAKE_MAIL_TO": "person@example.org",
}  # fmt: skip


def files(folder: Path) -> list[Path]:
    """Every file that the command has made."""
    return [path for path in folder.rglob("*") if path.is_file() and not {"in", "sources"} & set(path.parts)]


@pytest.fixture
def folder(bare: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a user whose secrets are all set, with a few texts in it."""
    for variable, value in SECRETS.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("HOME", str(bare))
    write(bare / "in", 3, 1_200)
    return bare


def source(folder: Path, source_id: str, feed: str) -> None:
    """Declare a source of one feed."""
    text = f'id = "{source_id}"\nname = "A source"\nallow_private = true\nfeeds = ["{feed}"]\n'
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / f"{source_id}.toml").write_text(text + "politeness.delay = 0\n")


def test_no_secret_is_told_or_stored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Result] = []

    def newslake(*arguments: str, code: int) -> None:
        told.append(CliRunner().invoke(main, arguments))
        assert told[-1].exit_code == code, told[-1].output

    with site() as shore:
        shore.article("/a", "Storm closes harbour")
        shore.feed("/feed", {"/a": ""})
        source(folder, "shore", shore.url + "/feed")
        newslake("load", "in", "--workers", "1", code=0)
        monkeypatch.setenv("NO_PROXY", "*")
        newslake("ingest", "--sources", "sources", "--workers", "1", code=0)
        monkeypatch.delenv("NO_PROXY")
        newslake("ingest", "--sources", "sources", "--workers", "1", "--force", code=1)
    newslake("sources", "check", "--sources", "sources", code=1)
    newslake("sql", "SELECT 1", "--lake", "s3://news/lake", code=3)
    newslake("watch", "--lake", "none", code=1)
    newslake("watch", "--test", code=1)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    newslake("doctor", code=1)
    monkeypatch.setenv("NEWSLAKE_SMTP_PORT", MARK)
    newslake("verify", code=3)
    assert not [result.output for result in told if MARK in result.output]
    assert len(files(folder / "lake")) > 10
    assert not [path for path in files(folder) if MARK.encode() in path.read_bytes()]


def test_strangers_read_no_file(folder: Path) -> None:
    """Run by a user who lets everyone read and write all that he makes."""
    command = [sys.executable, "-m", "flows.cli", "load", "in", "--workers", "1"]
    subprocess.run(command, umask=0, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert CliRunner().invoke(main, ["maintain"]).exit_code == 0  # merges what the load made
    loose = [p for p in files(folder / "lake") if p.stat().st_mode & 0o137]
    assert not [(str(path), stat.filemode(path.stat().st_mode)) for path in loose]
    folders = [folder / "lake", *(path for path in (folder / "lake").rglob("*") if path.is_dir())]
    assert not [path for path in folders if path.stat().st_mode & 0o027]
