"""A form of the school's own: the headings that the agenda and the minutes of a hui follow, in both languages."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school
from commsbridge.foundation.language import Language


class HuiForm(SchoolRow, Model):
    """One version of a form: ``form_id`` is the same in all of them, ``number`` counts up, the last one stands.

    ``headings`` are [English, te reo Māori], in their order; no hui begins with a ``retired`` one. Append-only.
    """

    __tablename__ = "hui_forms"

    form_id: Mapped[uuid.UUID]
    number: Mapped[int]
    title_en: Mapped[str] = mapped_column(String(60))
    title_mi: Mapped[str] = mapped_column(String(60))
    headings: Mapped[list[list[str]]] = mapped_column(JSONB)
    retired: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    __table_args__ = within_school(belongs_to("staff", "staff_id"), UniqueConstraint("school_id", "form_id", "number"))

    def title_in(self, language: Language) -> str:
        """Its name in a language."""
        return self.title_mi if language is Language.MI else self.title_en

    def headings_in(self, language: Language) -> list[str]:
        """Its headings in a language, in their order."""
        return [reo if language is Language.MI else english for english, reo in self.headings]
