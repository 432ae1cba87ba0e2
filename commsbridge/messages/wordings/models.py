"""What a named person said about a te reo Māori wording: the history, which is never changed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class Verdict(StrEnum):
    """What was said of a wording: right, wrong, or only written anew with nobody to vouch for it."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WRITTEN = "written"


class WordingCheck(SchoolRow, Model):
    """One verdict on one wording, bound to the exact words in both languages. Append-only.

    ``key`` names the wording ("phrase:" and the phrase's key, "letter:" and a digest of its English). ``staff_id`` is
    who entered it; ``checked_by`` who vouches for the te reo, as they were called then: the same person, or a
    ``licensed`` translator whose answer came back in a file. ``number`` is the order.
    """

    __tablename__ = "wording_checks"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    key: Mapped[str] = mapped_column(String(80))
    verdict: Mapped[Verdict] = mapped_column(OneOf(Verdict, 10))
    text_en: Mapped[str] = mapped_column(Text)
    text_mi: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[uuid.UUID | None]
    checked_by: Mapped[str | None] = mapped_column(String(120))
    licensed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    checked_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, server_default="", default="")
    made_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("staff", "staff_id"),
        CheckConstraint("verdict IN ('approved', 'rejected', 'written')", name="verdict_is_known"),
        CheckConstraint("verdict = 'written' OR (checked_by IS NOT NULL AND checked_on IS NOT NULL)", name="named"),
        Index("ix_wording_checks_key", "school_id", "key", "number"),
    )
