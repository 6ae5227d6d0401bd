"""Settings, and the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import AliasChoices, Field, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from tasks.lake.store import Lake
    from tasks.web.client import Options

_PROXY = (
    r"^$|^(https?://)?[^\s:/@]+(:[^\s:/@]*)?(@[^\s:/@]+)?(:\d+)?/?$|^(https?://)?\[[0-9a-fA-F:]+\](:\d+)?/?$"
)


class Settings(BaseSettings):
    """What ``NEWSLAKE_*`` variables or a ``.env`` file say; the command line's options come before them."""

    model_config = SettingsConfigDict(env_prefix="NEWSLAKE_", env_file=".env", extra="ignore")

    lake: str = Field("lake", description="Folder of the lake, or s3://bucket/prefix.")
    local: Path | None = Field(
        None,
        description="Where lakes in object stores keep their catalogs, locks and caches on this machine.",
    )
    s3_endpoint: str | None = Field(
        None,
        pattern=r"^https?://[^\s/@]+/?$",
        validation_alias=AliasChoices("NEWSLAKE_S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
        description="Address of an object store other than Amazon's.",
    )
    aws_region: str | None = Field(
        None,
        validation_alias=AliasChoices("AWS_REGION", "AWS_DEFAULT_REGION"),
        description="Region of the object store.",
    )
    aws_access_key_id: str | None = Field(
        None, validation_alias="AWS_ACCESS_KEY_ID", description="Key to the object store."
    )
    aws_secret_access_key: SecretStr | None = Field(
        None, validation_alias="AWS_SECRET_ACCESS_KEY", description="Secret of that key."
    )
    aws_session_token: SecretStr | None = Field(
        None, validation_alias="AWS_SESSION_TOKEN", description="Token of a key that is lent for some hours."
    )
    source: str = Field("files", min_length=1, description="Source id of loaded documents.")
    workers: PositiveInt | None = Field(None, description="Processes that extract; one a core by default.")
    grace_hours: float = Field(
        24,
        ge=1,
        le=24 * 365,
        description="Hours that superseded files are kept for readers that still list them.",
    )
    body_days: PositiveInt | None = Field(
        None,
        description="Days after which captures whose article is stored lose their bodies; kept by default.",
    )
    prefect_api_url: str | None = Field(
        None, validation_alias="PREFECT_API_URL", description="Where set, journeys run as Prefect flows."
    )
    sources: Path = Field(Path("deployments/sources"), description="Folder of the sources' files.")
    home: Path = Field(
        Path("~/.local/state/newslake/prefect"),
        description="Folder of the Prefect server that `newslake serve` runs, and of its database.",
    )
    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address that this server listens on; it asks nobody who they are.",
    )
    port: int = Field(4200, ge=1, le=65535, description="Port that it listens on.")
    deployments: Path | None = Field(
        None,
        description="File of the deployments that it applies; newslake's own deployments/prefect.yaml by default.",
    )
    history_days: PositiveInt = Field(
        30, description="Days that Prefect keeps its records of runs; the lake keeps its own."
    )
    contact: str | None = Field(
        None, pattern="^[!-~]{1,200}$", description="Web or mail address that hosts find in the User-Agent."
    )
    http_proxy: str = Field("", pattern=_PROXY, validation_alias="HTTP_PROXY", description="Proxy for http.")
    https_proxy: str = Field(
        "", pattern=_PROXY, validation_alias="HTTPS_PROXY", description="Proxy for https."
    )
    all_proxy: str = Field("", pattern=_PROXY, validation_alias="ALL_PROXY", description="Proxy for both.")
    no_proxy: str = Field("", validation_alias="NO_PROXY", description="Hosts asked without it.")

    @property
    def user_agent(self) -> str:
        """Who asks, and where a host's owner finds who runs it."""
        return f"newslake/{version('newslake')}" + (f" (+{self.contact})" if self.contact else "")

    @property
    def place(self) -> Lake:
        """The lake, with what it takes to reach it. Raises LakeError where it cannot be a lake's place."""
        from tasks.lake.store import Lake

        secret, token = self.aws_secret_access_key, self.aws_session_token
        storage = {
            "AWS_ENDPOINT_URL": (self.s3_endpoint or "").rstrip("/"),
            "AWS_ALLOW_HTTP": "true" if (self.s3_endpoint or "").startswith("http:") else "",
            "AWS_REGION": self.aws_region,
            "AWS_ACCESS_KEY_ID": self.aws_access_key_id,
            "AWS_SECRET_ACCESS_KEY": secret and secret.get_secret_value(),
            "AWS_SESSION_TOKEN": token and token.get_secret_value(),
        }
        given = {name: value for name, value in storage.items() if value}
        return Lake(self.lake, storage=given, local=self.local)

    @property
    def options(self) -> Options:
        """The HTTP client's options."""
        from tasks.web.client import Options
        from tasks.web.proxies import Proxies

        return Options(
            user_agent=self.user_agent,
            proxies=Proxies(self.http_proxy, self.https_proxy, self.all_proxy, self.no_proxy),
        )


def configured(**options: object) -> Settings:
    """The settings, with those options of the command line that were given."""
    make: Callable[..., Settings] = Settings
    return make(**{name: value for name, value in options.items() if value is not None})


def environment(unless_set: Mapping[str, str], set_to: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child process: this process's, with what it does not say, and with what it must be."""
    return {**unless_set, **os.environ, **set_to}


def in_utc(date: datetime | None) -> datetime | None:
    """A date that a person gave, taken for UTC where it does not say otherwise."""
    return date.replace(tzinfo=UTC) if date and date.tzinfo is None else date
