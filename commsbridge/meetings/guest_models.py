"""That a guest of a hui was asked how a next step went."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from commsbridge.foundation.database import Model, SchoolRow, belongs_to, within_school


class HuiGuestAsking(SchoolRow, Model):
    """One guest was mailed about one step (``delivery_id``), once; their link opens nothing but this."""

    __tablename__ = "hui_guest_askings"

    step_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    delivery_id: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]
    __table_args__ = within_school(
        belongs_to("hui_steps", "step_id"),
        belongs_to("hui_people", "person_id"),
        belongs_to("deliveries", "delivery_id"),
        UniqueConstraint("school_id", "step_id", "person_id"),
    )
