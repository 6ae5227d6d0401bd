"""Settings: where they come from, what a mistake says, and that the documentation is today's."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import console
from tasks.settings import SettingsError, configured
from tasks.settings_keys import markdown


@pytest.fixture(autouse=True)
def folder(bare: Path) -> Path:
    return bare


def test_the_settings_in_docs_are_todays() -> None:
    written = Path(__file__).parents[1] / "docs" / "settings.md"
    assert written.read_text(encoding="utf-8") == markdown(), "run: make docs"


def test_option_then_environment_then_env_file_then_toml(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert configured().lake == "lake"
    (folder / "newslake.toml").write_text('lake = "toml"\naws_region = "toml"\nworkers = 3\n')
    assert (configured().lake, configured().aws_region, configured().workers) == ("toml", "toml", 3)
    (folder / ".env").write_text("NEWSLAKE_LAKE=dotenv\nAWS_DEFAULT_REGION=dotenv\nOTHER=1\n")
    assert (configured().lake, configured().aws_region) == ("dotenv", "dotenv")
    monkeypatch.setenv("NEWSLAKE_LAKE", "environment")
    assert configured().lake == "environment"
    assert configured(lake="option").lake == "option"


def test_the_toml_file_may_be_anywhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = folder / "etc"
    elsewhere.mkdir()
    (elsewhere / "news.toml").write_text('lake = "named"\n')
    (folder / "newslake.toml").write_text('lake = "not this one"\n')
    monkeypatch.setenv("NEWSLAKE_CONFIG", str(elsewhere / "news.toml"))
    assert configured().lake == "named"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('lake = "x"\nlak = "y"\n', "newslake.toml:2: lak: no such setting; did you mean lake?"),
        ("[zzz]\na = 1\n", "newslake.toml:1: zzz: no such setting; docs/settings.md lists them"),
        ("lake = x\n", "newslake.toml: cannot be read: Invalid value (at line 1, column 8)"),
    ],
)
def test_a_mistake_in_toml_is_one_line(
    folder: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "newslake.toml").write_text(text)
    with console.failures():
        configured()
    assert capsys.readouterr().err == f"newslake: {told}\n"


def test_a_file_that_is_named_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLAKE_CONFIG", "none.toml")
    with pytest.raises(SettingsError, match=r"none\.toml: no such file"):
        configured()


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "NEWSLAKE_WEBHOOK_URL", "NEWSLAKE_MAIL_TO"])
def test_a_wrong_value_is_not_repeated(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, "user:hush hush@host")
    with console.failures():
        configured()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("newslake: setting ")
    assert "hush" not in line
    with pytest.raises(ValueError, match="validation error") as raised:
        configured()  # as a flow's log would show it
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://chat.example/hooks/x", True),
        ("https://me:word@chat.example:8443?x=1", True),
        ("http://[::1]:9/x", True),
        ("https://chat.example:port/x", False),
        ("https:///x", False),
        ("chat.example/x", False),
    ],
)
def test_a_webhook_that_is_no_address_is_told_at_once(address: str, taken: bool) -> None:
    if taken:
        configured(webhook_url=address)
    else:
        with pytest.raises(ValueError, match="not an http or https address"):
            configured(webhook_url=address)
