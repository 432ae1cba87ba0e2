"""Addresses that belong to one delivery: where its receipts, its answers and its way out come in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from commsbridge.foundation import tokens

Purpose = Literal["status", "reply", "change", "photo"]


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads the addresses; each purpose has a token of its own: a mail passed on opens one door only."""

    public_url: str
    mail_domain: str
    keys: Sequence[bytes]

    def status_url(self, school_number: int, delivery_id: uuid.UUID) -> str:
        """Where the carrier reports about a text."""
        return f"{self.public_url}/hooks/twilio/status/{self.token('status', school_number, delivery_id)}"

    def reply_address(self, school_number: int, delivery_id: uuid.UUID) -> str:
        """The mail address whose post is an answer to this delivery."""
        return f"reply+{self.token('reply', school_number, delivery_id)}@{self.mail_domain}"

    def change_url(self, school_number: int, delivery_id: uuid.UUID) -> str:
        """The page on which whoever got the delivery stops or changes what comes; it costs nothing."""
        return f"{self.public_url}/change/{self.token('change', school_number, delivery_id)}"

    def praise_url(self, student_id: uuid.UUID) -> str:
        """The page on which a teacher praises one child; it asks who is there first."""
        return f"{self.public_url}/students/{student_id}/praise"

    def student_url(self, student_id: uuid.UUID) -> str:
        """The page of one child, with all that went home; it asks who is there first."""
        return f"{self.public_url}/students/{student_id}"

    def today_url(self) -> str:
        """The first page of a teacher's day."""
        return f"{self.public_url}/today"

    def replies_url(self, *, late: bool = False) -> str:
        """The page with what waits for a person's answer, or (``late``) for anybody's at school."""
        return f"{self.public_url}/replies?whose={'school' if late else 'me'}"

    def slowed_url(self) -> str:
        """The page of those who flood or threaten, for whoever reads them for the others."""
        return f"{self.public_url}/replies/slowed"

    def prompts_url(self) -> str:
        """The page on which a teacher chooses when to be asked."""
        return f"{self.public_url}/prompts"

    def report_url(self, first_on: date, last_on: date, *, for_board: bool = False) -> str:
        """The report of some days, or its paper for a board; it asks who is there first."""
        page = "/reports/take/board.pdf" if for_board else "/reports"
        return f"{self.public_url}{page}?span=dates&first_on={first_on}&last_on={last_on}"

    def report_mails_url(self) -> str:
        """The page on which leaders say who gets the report by mail."""
        return f"{self.public_url}/reports/mails"

    def safety_url(self) -> str:
        """The page of the people a school named to read what worries."""
        return f"{self.public_url}/safety"

    def photo_url(self, school_number: int, delivery_id: uuid.UUID) -> str:
        """The page that shows the photo of a delivery, and nothing else."""
        return f"{self.public_url}/photo/{self.token('photo', school_number, delivery_id)}"

    def note_url(self, secret: str) -> str:
        """The page behind the neutral line: a note that may not stand in a message."""
        return f"{self.public_url}/note/{secret}"

    def guest_url(self, secret: str) -> str:
        """The page on which a guest of a hui says how a step went."""
        return f"{self.public_url}/went/{secret}"

    def family_url(self, secret: str) -> str:
        """The page of one contact: their child's book, praise and answers. Short, since it stands in texts."""
        return f"{self.public_url}/w/{secret}"

    def token(self, purpose: Purpose, school_number: int, delivery_id: uuid.UUID) -> str:
        """The token of one delivery for one purpose."""
        return tokens.sign(purpose, school_number, delivery_id, self.keys[0])

    def read(self, purpose: Purpose, token: str) -> tuple[int, uuid.UUID] | None:
        """The school's number and the delivery behind a token; None for anything not ours."""
        return tokens.read(purpose, token, self.keys)
