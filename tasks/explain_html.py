"""An article explained as one web page that holds all it needs: no script, and nothing from elsewhere. Pure."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tasks.article import EXTRACTOR_VERSION
from tasks.explain_model import Explained

_FILES = resources.files("tasks").joinpath("explain_page")
_WIDTH = 1_000  # of the strip that shows the document as a whole


def page(explained: Explained) -> str:
    """The page as HTML, to be written as UTF-8. The same article gives the same page."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_FILES.joinpath("page.html.j2").read_text(encoding="utf-8"))
    style = _FILES.joinpath("style.css").read_text(encoding="utf-8")
    return template.render(
        explained=explained,
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{_digest(style)}'; base-uri 'none'; form-action 'none'",
        strip=strip(explained),
        speakers={quote.number: quote.speaker for quote in explained.quotes},
        kinds={quote.number: quote.kind for quote in explained.quotes},
        version=EXTRACTOR_VERSION,
    )


def strip(explained: Explained) -> list[tuple[float, float, str]]:
    """The runs of the document from left to right: where each starts, its width by its characters, and its state."""
    whole = sum(run.size for run in explained.runs) or 1
    bands: list[tuple[float, float, str]] = []
    at = 0
    for run in explained.runs:
        bands.append((round(at * _WIDTH / whole, 2), round(run.size * _WIDTH / whole, 2), run.state))
        at += run.size
    return bands


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
