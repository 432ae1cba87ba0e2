"""What the command line's tests share: a way to call it as a shell would, and rows for every table."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import Column, Connection, Table, Text, Uuid, insert
from sqlalchemy import types as kinds

from commsbridge.cli import main
from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model
from commsbridge.settings import Settings, variable
from tests.conftest import RoleUrls

PUBLIC_URL = "https://hui.example.org"
HEADER = (
    "student_id,student_name,year_level,class,teacher_email,contact_name,relationship,mobile,email,language,channel"
)
ROLL = f"""{HEADER}
101,Aroha Kereama,3,Room 7,walsh@rimu.school.nz,Hine Kereama,kuia,021 555 0101,,mi,text
101,Aroha Kereama,3,Room 7,walsh@rimu.school.nz,Tom Kereama,father,,tom@example.org,en,email
102,Nikau Petera,3,Room 7,walsh@rimu.school.nz,Mere Petera,mother,021 555 O199,,en,text
103,Tama Rangi,4,Room 8,,Ana Rangi,mother,021 555 0103,,en,text"""
RIMU = ("--name-en", "Rimu Road School", "--name-mi", "Te Kura o te Ara Rimu", "--text-name", "Rimu Road")
KOWHAI = ("--name-en", "Kōwhai School", "--name-mi", "Te Kura o Kōwhai", "--text-name", "Kōwhai")
WALSH = ("--email", "walsh@rimu.school.nz", "--name", "Sarah Walsh", "--shown-name", "Ms Walsh", "--role", "kaiako")


@dataclass(frozen=True)
class CommandLine:
    """`commsbridge …` with these variables and no others of ours."""

    environment: Mapping[str, str]

    def __call__(self, *words: str, **more: str) -> Result:
        """Call it; a traceback fails the test."""
        nothing = dict.fromkeys(variable(setting.name) for setting in fields(Settings))
        outcome = CliRunner(env={**nothing, **self.environment, **more}).invoke(main, words, catch_exceptions=False)
        assert "Traceback" not in outcome.output
        return outcome

    def says(self, *words: str, **more: str) -> str:
        """What it prints when all goes well."""
        outcome = self(*words, **more)
        assert outcome.exit_code == 0, outcome.output
        return outcome.output

    def refuses(self, *words: str, **more: str) -> str:
        """What it says when it does not do it: exit code 1."""
        outcome = self(*words, **more)
        assert outcome.exit_code == 1, outcome.output
        return outcome.output


def environment_of(urls: RoleUrls, **more: str) -> dict[str, str]:
    """The variables with which the service runs on this database."""
    return {
        "COMMSBRIDGE_DATABASE_URL": urls.app,
        "COMMSBRIDGE_MIGRATE_DATABASE_URL": urls.owner,
        "COMMSBRIDGE_CARRIER_DATABASE_URL": urls.carrier,
        "COMMSBRIDGE_PUBLIC_URL": PUBLIC_URL,
        "COMMSBRIDGE_SECRET_KEY": "not-so-secret-but-long-enough-for-a-key",
        **more,
    }


# What a column must be where a check, or another table's row, decides.
SAID: dict[str, Any] = {
    "senders.kind": "zero_rated",
    "staff_bars.kind": "whanau",
    "aims_set.aim": "own",
    "hui.with_household_id": None,
    "hui.with_contact_id": None,
    "staff_roles.role": "kaiako",
    "lines.moment": "praise",
    "ways.channel": "text",
    "ways.address": "+64215550101",
    "guardianships.may_message": "yes",
    "deliveries.state": "held",
    "deliveries.address": "+64215550101",
    "replies.state": "filed",
    "reply_pictures.state": "kept",
    "reply_pictures.fetch_at": None,
    "consent_entries.kind": "stop",
    "wishes.kind": "only_about",
    "wishes.staff_id": None,
    "notices.audience": "class",
    "alarms.kind": "failures",
    "sending_rules.urgent_roles": "leader",
    "consent_entries.channel": "text",
    "terms.last_on": date(2026, 12, 18),
    "tasks.role": "office",
    "pauses.student_id": None,
    "deliveries.lease_until": None,
    "accounts.language": "mi",
    "promise_rules.closes": time(16),
    "promise_rules.acknowledges": "free",
    "slowed_senders.cause": "threat",
    "prompt_schedules.class_id": None,
    "prompt_schedules.group_id": None,
    "book_signatures.contact_id": None,
    "book_corrections.contact_id": None,
    "book_entries.household_id": None,
    "asked_items.sound_id": None,
    "child_sounds.household_id": None,
    "child_sounds.sees": "teacher",
    "asked_items.picture_id": None,
    "plan_versions.contact_id": None,
    "plan_signatures.contact_id": None,
    "safety_alerts.said_in": None,
    "pulse_answers.language": "mi",
    "safety_watches.screens": False,
    "support_requests.from_contact": None,
    "hui.contact_id": None,
    "hui.minutes": 45,
    "safety_watches.minutes": 15,
}
AWKWARD = "Wī\tKereama \\ said:\r\n“kia ora” \\N 🙂\\."


def fill_every_table(connection: Connection) -> None:
    """Rows of two schools in every table, with every letter that a text format could trip over."""
    for number in (1, 2):
        made: dict[str, uuid.UUID] = {}
        for table in Model.metadata.sorted_tables:
            row = {column.name: _value(table, column, made, number) for column in table.columns if _wanted(column)}
            returning = table.c.id if "id" in table.c else next(iter(table.primary_key.columns))
            made[table.name] = connection.execute(insert(table).values(row).returning(returning)).scalar_one()
    raw = Model.metadata.tables["raw_inbound"]
    connection.execute(
        insert(raw).values(carrier="twilio", carrier_key="nobody's", content_type="", body=b"\x00\xff", school_id=None)
    )


def _wanted(column: Column[Any]) -> bool:
    """Leave out what the database counts itself, and links to a row of the same table."""
    own = {key.column.table.name for key in column.foreign_keys if key.column.name != "school_id"}
    return column.identity is None and column.table.name not in own


def _value(table: Table, column: Column[Any], made: Mapping[str, uuid.UUID], number: int) -> Any:
    if f"{table.name}.{column.name}" in SAID:
        return SAID[f"{table.name}.{column.name}"]
    if column.name == "school_id":
        return made["schools"]
    target = _target(table, column)
    if target is not None:
        return made[target]
    return _of_kind(column, number)


def _target(table: Table, column: Column[Any]) -> str | None:
    """The table a column refers to, by its own key or together with the school's."""
    targets = {key.column.table.name for key in column.foreign_keys}
    return next(iter(targets - {table.name}), None)


def _of_kind(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, Uuid):
        return uuid.uuid4()
    if isinstance(kind, kinds.ARRAY):
        return [uuid.uuid4(), uuid.uuid4()]
    if isinstance(kind, OneOf):
        words: type[StrEnum] = kind.words
        return next(iter(words))
    if isinstance(kind, Text):
        return f"{AWKWARD} {number}"
    if isinstance(kind, kinds.String):
        return f"ā{number}"[: kind.length]
    plain: dict[type[Any], Any] = {
        kinds.DateTime: datetime(2026, 11, 17, 2, 0, 0, 123456, tzinfo=UTC),
        kinds.Date: date(2026, 11, 17),
        kinds.Time: time(7, 30),
        kinds.Boolean: True,
        kinds.LargeBinary: bytes([number, 0, 10, 92, 255]),
        kinds.Float: 0.1,
        kinds.Integer: number,
        kinds.JSON: [number],
    }
    return next(value for known, value in plain.items() if isinstance(kind, known))
