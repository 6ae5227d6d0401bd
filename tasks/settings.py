"""Settings, and the only reader of the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What ``NEWSLAKE_*`` variables or a ``.env`` file say; the command line's options come before them."""

    model_config = SettingsConfigDict(env_prefix="NEWSLAKE_", env_file=".env", extra="ignore")

    lake: Path = Field(Path("lake"), description="Folder of the lake.")
    source: str = Field("files", min_length=1, description="Source id of loaded documents.")
    workers: PositiveInt | None = Field(None, description="Processes that extract; one a core by default.")
    prefect_api_url: str | None = Field(
        None, validation_alias="PREFECT_API_URL", description="Where set, journeys run as Prefect flows."
    )
