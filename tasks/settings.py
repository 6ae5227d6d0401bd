"""Settings, and the only reader of the environment."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from dotenv import dotenv_values
from pydantic import AfterValidator, AliasChoices, Field, NonNegativeFloat, PositiveInt, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

if TYPE_CHECKING:
    from tasks.lake.store import Lake
    from tasks.linking.watchlist import Watchlist
    from tasks.web.client import Options
    from tasks.web.proxies import Proxies

_PROXY = (
    r"^$|^(https?://)?[^\s:/@]+(:[^\s:/@]*)?(@[^\s:/@]+)?(:\d+)?/?$|^(https?://)?\[[0-9a-fA-F:]+\](:\d+)?/?$"
)

_WEB = r"^https?://([^\s/?#@]+@)?([^\s/?#@:\[\]]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?([/?]\S*)?$"
_MAIL = r"^[^\s,@]+@[^\s,@]+$"
_MAILS = r"^\s*[^\s,@]+@[^\s,@]+(\s*,\s*[^\s,@]+@[^\s,@]+)*\s*$"


class SettingsError(Exception):
    """The file of settings cannot be used; the message is one line that names it and says what to change."""


def _proxy(address: SecretStr) -> SecretStr:
    if not re.search(_PROXY, address.get_secret_value()):
        raise ValueError("not the address of an http or https proxy")
    return address


def _web_address(address: SecretStr) -> SecretStr:
    if not re.search(_WEB, address.get_secret_value()):
        raise ValueError("not an http or https address")
    return address


# They may hold a password, or be one: neither shows what it is.
_Proxy = Annotated[SecretStr, AfterValidator(_proxy)]
_Webhook = Annotated[SecretStr, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """What environment variables, a ``.env`` file or a TOML file say, the first of them that does.

    The command line's options come before all of them.
    """

    # A mistake's message never repeats the value: it may be a secret.
    model_config = SettingsConfigDict(
        env_prefix="NEWSLAKE_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    config: Path = Field(
        Path("newslake.toml"), description="TOML file of settings; it must exist where this names one."
    )
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
    aws_access_key_id: SecretStr | None = Field(
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
    dask: str | None = Field(
        None,
        pattern=r"^(tcp|tls)://[^\s/]+:\d+$",
        description="Scheduler of a Dask cluster on which flows extract, as tcp://host:8786.",
    )
    watchlist: Path | None = Field(
        None, description="TOML file of names that articles are searched for; see docs/linking.md."
    )
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
        None,
        pattern=r"^https?://[^\s/@]+(/[^\s@]*)?$",  # a login in it would be shown
        validation_alias="PREFECT_API_URL",
        description="Where set, journeys run as Prefect flows; flows themselves find it in the environment alone.",
    )
    prefect_api_auth_string: SecretStr | None = Field(
        None,
        validation_alias="PREFECT_API_AUTH_STRING",
        description="user:password of a Prefect server that asks for it.",
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
    http_proxy: _Proxy = Field(SecretStr(""), validation_alias="HTTP_PROXY", description="Proxy for http.")
    https_proxy: _Proxy = Field(SecretStr(""), validation_alias="HTTPS_PROXY", description="Proxy for https.")
    all_proxy: _Proxy = Field(SecretStr(""), validation_alias="ALL_PROXY", description="Proxy for both.")
    no_proxy: str = Field("", validation_alias="NO_PROXY", description="Hosts asked without it.")
    webhook_url: _Webhook | None = Field(
        None, description="Address that alerts are posted to as JSON, such as an incoming webhook of a chat."
    )
    smtp_host: str | None = Field(None, min_length=1, description="Mail server that takes alerts.")
    smtp_port: int = Field(
        587,
        ge=1,
        le=65535,
        description="Its port: on 465 TLS comes first, on others STARTTLS where it is offered.",
    )
    smtp_user: str | None = Field(None, description="User at the mail server.")
    smtp_password: SecretStr | None = Field(
        None, description="Password of that user; sent over TLS alone, except to this machine."
    )
    mail_from: str | None = Field(
        None, pattern=_MAIL, description="Sender of alerts; by default their first recipient."
    )
    mail_to: str | None = Field(
        None, pattern=_MAILS, description="Recipients of alerts, separated by commas."
    )
    quiet_minutes: NonNegativeFloat = Field(
        120,
        description="What comes back within so many minutes after it was over is told only if it outlasts them.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, environment, ``.env``, TOML. Raises SettingsError for a TOML file that cannot be used."""
        before = (init_settings, env_settings, dotenv_settings)
        named = next((found for source in before if (found := source().get("config"))), None)
        return (*before, _toml(settings_cls, Path(named or "newslake.toml"), must_exist=bool(named)))

    @property
    def server(self) -> str:
        """Where the pages of `newslake serve` are, as seen from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def prefect_api(self) -> str:
        """Prefect's API that is asked how runs do: the one that is set, else that of `newslake serve`."""
        return self.prefect_api_url or f"{self.server}/api"

    @property
    def user_agent(self) -> str:
        """Who asks, and where a host's owner finds who runs it."""
        return f"newslake/{version('newslake')}" + (f" (+{self.contact})" if self.contact else "")

    @property
    def place(self) -> Lake:
        """The lake, with what it takes to reach it. Raises LakeError where it cannot be a lake's place."""
        from tasks.lake.store import Lake

        storage = {
            "AWS_ENDPOINT_URL": (self.s3_endpoint or "").rstrip("/"),
            "AWS_ALLOW_HTTP": "true" if (self.s3_endpoint or "").startswith("http:") else "",
            "AWS_REGION": self.aws_region,
            "AWS_ACCESS_KEY_ID": revealed(self.aws_access_key_id),
            "AWS_SECRET_ACCESS_KEY": revealed(self.aws_secret_access_key),
            "AWS_SESSION_TOKEN": revealed(self.aws_session_token),
        }
        given = {name: value for name, value in storage.items() if value}
        return Lake(self.lake, storage=given, local=self.local)

    @property
    def watched(self) -> Watchlist | None:
        """The watchlist, if there is one. Raises SettingsError where it cannot be read."""
        if not self.watchlist:
            return None
        from tasks.linking.watchlist import WatchlistError, parse

        try:
            return parse(self.watchlist.read_text(encoding="utf-8"), str(self.watchlist))
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.watchlist}: cannot be read: {error}") from error
        except WatchlistError as error:
            raise SettingsError(str(error)) from error

    @property
    def options(self) -> Options:
        """The HTTP client's options."""
        from tasks.web.client import Options

        return Options(user_agent=self.user_agent, proxies=self.proxies)

    @property
    def proxies(self) -> Proxies:
        """Which proxy an address is asked through."""
        from tasks.web.proxies import Proxies

        http, https, both = (
            address.get_secret_value() for address in (self.http_proxy, self.https_proxy, self.all_proxy)
        )
        return Proxies(http, https, both, self.no_proxy)


def unknown() -> list[str]:
    """The variables of the environment and of ``.env`` that have newslake's prefix and are no setting."""
    names = {variable.upper() for variable in (*os.environ, *dotenv_values(".env"))}
    known = {f"NEWSLAKE_{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in names - known if name.startswith("NEWSLAKE_"))


def revealed(secret: SecretStr | None) -> str | None:
    """What a secret is."""
    return None if secret is None else secret.get_secret_value()


def _toml(settings: type[BaseSettings], path: Path, *, must_exist: bool) -> TomlConfigSettingsSource:
    """The TOML file as a source of settings, no file being an empty one. Raises SettingsError."""
    from tasks.web.source_files import line_of

    if must_exist and not path.is_file():
        raise SettingsError(f"{path}: no such file; NEWSLAKE_CONFIG names it")
    try:
        source = TomlConfigSettingsSource(settings, toml_file=path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    for key in source.toml_data:
        if key not in settings.model_fields:
            near = difflib.get_close_matches(key, settings.model_fields, n=1)
            line = line_of(path.read_text(encoding="utf-8"), (key,))
            raise SettingsError(
                f"{path}:{line}: {key}: no such setting"
                + (f"; did you mean {near[0]}?" if near else "; docs/settings.md lists them")
            )
    return source


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
