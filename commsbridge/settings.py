"""Settings: read from the environment once; nothing else reads it. docs/running.md documents each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "COMMSBRIDGE_"
SHORTEST_KEY = 32


class SettingsError(Exception):
    """A setting is missing or cannot be read; ``problems`` are sentences that name the variable, never its value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _setting(meaning: str, default: str | None = None, *, secret: bool = False) -> str:
    metadata = {"meaning": meaning, "secret": secret}
    if default is None:
        return field(metadata=metadata)  # type: ignore[no-any-return]
    return field(default=default, metadata=metadata)


def _whole(meaning: str, default: int) -> int:
    return field(default=default, metadata={"meaning": meaning, "secret": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of the service; the environment variable is COMMSBRIDGE_ and the name in capitals."""

    database_url: str = _setting("PostgreSQL as the role commsbridge_app", secret=True)
    migrate_database_url: str = _setting(
        "PostgreSQL as the role commsbridge_owner, for migrations and backup", secret=True
    )
    carrier_database_url: str = _setting("PostgreSQL as the role commsbridge_carrier, for the workers", secret=True)
    public_url: str = _setting("The https address families and carriers reach the service at, without a final slash")
    secret_key: str = _setting("At least 32 random characters: signs tokens and digests", secret=True)
    old_secret_key: str = _setting("The key before the last rotation, still accepted", "", secret=True)
    twilio_account_sid: str = _setting("Twilio account that sends the texts", "")
    twilio_auth_token: str = _setting("Its auth token; also proves that hooks come from Twilio", "", secret=True)
    twilio_old_auth_token: str = _setting(
        "The token before the last rotation, still accepted on hooks", "", secret=True
    )
    twilio_base_url: str = _setting("Where Twilio's API is spoken, when not at Twilio (the demo's neighbourhood)", "")
    sendgrid_api_key: str = _setting("SendGrid key that sends the mail", "", secret=True)
    sendgrid_base_url: str = _setting("Where SendGrid's API is spoken, when not at SendGrid", "")
    sendgrid_event_public_key: str = _setting("Public key that proves SendGrid's event hooks", "")
    inbound_email_domain: str = _setting("Domain whose mail SendGrid's Inbound Parse posts to us", "")
    inbound_email_secret: str = _setting("Unguessable last part of the inbound mail hook's path", "", secret=True)
    push_private_key: str = _setting(
        "Key that signs notices to teachers' devices (web push); without it there are none", "", secret=True
    )
    push_contact: str = _setting("Where push services reach whoever runs this: mailto: or https://", "")
    push_service_url: str = _setting("The one push service to speak to, when not those of browsers (the demo's)", "")
    metrics_token: str = _setting(
        "What a collector shows as its bearer token at /metrics; without it there is no such page", "", secret=True
    )
    trusted_proxies: int = _whole("How many reverse proxies stand in front (X-Forwarded-For is read so far)", 0)
    carrier_threads: int = _whole("Texts and mails a worker has in flight at once", 64)

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Signing keys, the current one first."""
        return tuple(key.encode() for key in (self.secret_key, self.old_secret_key) if key)


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises SettingsError naming everything that is missing or wrong at once."""
    given, problems = read_given(environment)
    if problems:
        raise SettingsError(problems)
    return Settings(**given)  # type: ignore[arg-type]


def read_one(name: str, environment: Mapping[str, str] | None = None) -> str:
    """One setting alone, for a command that needs no more. Raises SettingsError when it is missing or wrong."""
    written = _written(name, os.environ if environment is None else environment)
    problems = list(_faults({name: written})) if written else [_missing(name)]
    if problems:
        raise SettingsError(problems)
    return written


def read_given(environment: Mapping[str, str] | None = None) -> tuple[dict[str, object], list[str]]:
    """What is set, by setting, defaults among it; and a sentence, never a value, for each that is missing or wrong."""
    source = os.environ if environment is None else environment
    given: dict[str, object] = {}
    problems: list[str] = []
    for setting in fields(Settings):
        written = _written(setting.name, source) or ("" if setting.default is MISSING else str(setting.default))
        if not written and setting.default is MISSING:
            problems.append(_missing(setting.name))
        elif setting.type == "int" and not written.isdecimal():
            problems.append(f"{variable(setting.name)} is not a whole number.")
        else:
            given[setting.name] = int(written) if setting.type == "int" else written
    return given, [*problems, *_faults(given)]


def unknown_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """Variables that begin like ours and name no setting: most often one that is misspelt."""
    ours = {variable(setting.name) for setting in fields(Settings)}
    source = os.environ if environment is None else environment
    return sorted(name for name in source if name.startswith(PREFIX) and name not in ours)


def _written(name: str, source: Mapping[str, str]) -> str:
    return source.get(variable(name), "").strip()


def _missing(name: str) -> str:
    meanings = {setting.name: setting.metadata["meaning"] for setting in fields(Settings)}
    return f"{variable(name)} is not set: {meanings[name]}."


def _faults(given: dict[str, object]) -> Iterator[str]:
    """What is set and cannot be right; the public address loses its final slash on the way."""
    key, url = given.get("secret_key"), given.get("public_url")
    if isinstance(key, str) and len(key) < SHORTEST_KEY:
        yield f"{variable('secret_key')} is shorter than {SHORTEST_KEY} characters."
    if isinstance(url, str):
        given["public_url"] = url.rstrip("/")
        if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            yield f"{variable('public_url')} does not start with https://."
    contact = str(given.get("push_contact", ""))
    if given.get("push_private_key") and not contact.startswith(("mailto:", "https://")):
        yield f"{variable('push_contact')} does not begin with mailto: or https://, and notices need it."
    if given.get("carrier_threads") == 0:
        yield f"{variable('carrier_threads')} is 0: then nothing is sent."
    for name, written in given.items():
        if name.endswith("database_url") and not _is_database_url(str(written)):
            yield f"{variable(name)} is not an address like postgresql+psycopg://role:password@host:5432/database."


def _is_database_url(written: str) -> bool:
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        return False
    return url.drivername in {"postgresql", "postgresql+psycopg"} and bool(url.database)
