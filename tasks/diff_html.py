"""An edit as one web page that holds all it needs: no script, and nothing from elsewhere. Pure."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tasks.diff import Edit

_FILES = resources.files("tasks").joinpath("diff_page")


def page(edit: Edit) -> str:
    """The page as HTML, to be written as UTF-8. The same edit gives the same page."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_FILES.joinpath("page.html.j2").read_text(encoding="utf-8"))
    style = _FILES.joinpath("style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return template.render(edit=edit, style=Markup(style), policy=policy)
