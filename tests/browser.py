"""A page in headless Chromium, within a frame of a given width that says what it sees."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.small_site import serve

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is installed to look at the page with"
)


def look(page: str, frame: str, width: int, profile: Path) -> dict[str, Any]:
    """What ``frame``, which shows /page and is told the ``width``, writes as JSON into its element ``result``.

    Nothing but the two pages may be asked for, their policies may stop nothing that they hold, and nothing may stick
    out of the page or lack its style.
    """
    with serve({"/page": page, "/": frame.replace("{width}", str(width))}) as site:
        done = subprocess.run(
            [
                str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
                "--enable-logging=stderr", "--virtual-time-budget=3000", "--window-size=1600,1000", "--dump-dom",
                site.url + "/",
            ],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        asked = set(site.asked)
    found = re.search(r'<pre id="result">(.*?)</pre>', done.stdout)
    assert found, done.stderr
    result: dict[str, Any] = json.loads(html.unescape(found[1]))
    assert asked <= {"/", "/page", "/favicon.ico"}
    assert "Content Security Policy" not in done.stderr
    assert result["wide"] <= width  # nothing sticks out
    assert result["paper"] != "rgba(0, 0, 0, 0)"  # the policy lets its style pass
    return result
