"""docs/server.md is followed word by word: its commands exist, its paths fit together, its settings are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server_docs import NOT_HERE, PAGE, ROOT, adapt, blocks, follow


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_the_page_works(tmp_path: Path) -> None:
    said: list[str] = []
    for text, done in follow(tmp_path, install=False):
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        said.append(done.stdout)
    assert any("shorepost" in text for text in said)
    noted = (tmp_path / "noted").read_text(encoding="utf-8")
    assert "systemctl enable --now newslake\n" in noted
    assert not (tmp_path / "var/lib/newslake").exists()
    assert not list((tmp_path / "etc/systemd/system").iterdir())


def test_what_is_left_out_is_said_to_be() -> None:
    labels = {label for label, _ in blocks(PAGE.read_text(encoding="utf-8"))}
    assert labels == NOT_HERE | {"", "upgrade", "uninstall"}


def test_nothing_outside_is_touched(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        adapt("sudo rm -r /etc/newslake\n", tmp_path, "http://127.0.0.1:1")
