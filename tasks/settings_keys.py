"""The settings as Markdown, from the model that checks them."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from tasks.settings import Settings

_HEAD = """# Settings

Made by `newslake settings docs/settings.md` from `tasks/settings.py`; do not edit.

A setting comes from the command's option, else from an environment variable, else from `.env` in the working folder,
else from a TOML file: `newslake.toml` in the working folder, or the one that `NEWSLAKE_CONFIG` names. In TOML the name
of the key is the setting's:

```toml
lake = "/srv/lake"
contact = "news@example.org"
webhook_url = "https://chat.example.org/hooks/…"
```

Secrets are never shown: not in logs, not in artifacts, not in the lake. Keep them in a file that only the user who
runs newslake can read (`chmod 600 newslake.toml`); `newslake doctor` says where others can.

| setting | variable | default | |
|---|---|---|---|
"""


def markdown() -> str:
    """A table: setting, environment variables (the first that is set counts), default and meaning."""
    return _HEAD + "\n".join(_rows()) + "\n"


def variables(name: str) -> list[str]:
    """The environment variables of a setting, the first that is set counting."""
    alias = Settings.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [str(alias or f"NEWSLAKE_{name.upper()}")]


def is_secret(name: str) -> bool:
    """Whether a setting is a secret, or may hold one."""
    return "SecretStr" in str(Settings.model_fields[name].annotation)


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        named = " or ".join(f"`{variable}`" for variable in variables(name))
        told = f"{field.description} Secret." if is_secret(name) else field.description
        yield f"| `{name}` | {named} | {_default(field)} | {told} |"


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return "" if value in (None, "", PydanticUndefined) else f"`{value}`"
