"""The outlets as sources: one TOML file each."""

from __future__ import annotations

import json
from pathlib import Path

from tests.newsroom.outlets import OUTLETS, Outlet


def write(folder: Path, port: int) -> list[Path]:
    """Write a source file for each outlet into ``folder``, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{outlet.id}.toml" for outlet in OUTLETS]
    for file, outlet in zip(files, OUTLETS, strict=True):
        file.write_text(toml(outlet, port), encoding="utf-8")
    return files


def toml(outlet: Outlet, port: int) -> str:
    """The outlet's source file."""
    base = f"http://{outlet.host}:{port}"
    lines = [
        f"id = {_q(outlet.id)}",
        f"name = {_q(outlet.name)}",
        f"outlet = {_q(outlet.name)}",
        f"country = {_q(outlet.country)}",
        f"language = {_q(outlet.language)}",
        "allow_private = true",
    ]
    feeds = [outlet.feed] if outlet.feed else []
    feeds += ["/feeds/all.xml"] if "twin_feed" in outlet.habits else []
    if feeds:
        lines.append(f"feeds = [{', '.join(_q(base + feed) for feed in feeds)}]")
    if outlet.sitemap:
        lines.append(f"sitemaps = [{_q(base + outlet.sitemap)}]")
    lines += [
        "",
        "[politeness]",
        "delay = 0.02",
        "",
        "[expect]",
        f"articles_per_day = {2 if outlet.wire else 1}",
    ]
    for page in outlet.pages:
        lines += ["", "[[pages]]", f"url = {_q(base + page)}", f"links = {_q('-[0-9]{5}$')}"]
    return "\n".join(lines) + "\n"


def _q(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML string
