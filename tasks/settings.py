"""Settings, and the only reader of the environment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from tasks.web.client import Options

_PROXY = (
    r"^$|^(https?://)?[^\s:/@]+(:[^\s:/@]*)?(@[^\s:/@]+)?(:\d+)?/?$|^(https?://)?\[[0-9a-fA-F:]+\](:\d+)?/?$"
)


class Settings(BaseSettings):
    """What ``NEWSLAKE_*`` variables or a ``.env`` file say; the command line's options come before them."""

    model_config = SettingsConfigDict(env_prefix="NEWSLAKE_", env_file=".env", extra="ignore")

    lake: Path = Field(Path("lake"), description="Folder of the lake.")
    source: str = Field("files", min_length=1, description="Source id of loaded documents.")
    workers: PositiveInt | None = Field(None, description="Processes that extract; one a core by default.")
    prefect_api_url: str | None = Field(
        None, validation_alias="PREFECT_API_URL", description="Where set, journeys run as Prefect flows."
    )
    sources: Path = Field(Path("deployments/sources"), description="Folder of the sources' files.")
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


def in_utc(date: datetime | None) -> datetime | None:
    """A date that a person gave, taken for UTC where it does not say otherwise."""
    return date.replace(tzinfo=UTC) if date and date.tzinfo is None else date
