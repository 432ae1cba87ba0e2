"""Who reads what: how many homes a choice about a language is a choice about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from commsbridge.foundation.work import Work
from commsbridge.whanau.models import Contact, Guardianship, MayMessage
from commsbridge.whanau.queries import languages_of, now_related


def homes_reading(work: Work, languages: Collection[str], *, on: date) -> int:
    """How many homes have a contact who may hear about a child on a day and asked for one of these languages.

    A contact of no home that is written down is a home of their own.
    """
    related = select(Guardianship.contact_id).where(*now_related(on), Guardianship.may_message != MayMessage.NO)
    contacts = work.session.scalars(select(Contact).where(Contact.id.in_(related))).all()
    asked = languages_of(work, [each.id for each in contacts], on=on)
    return len({each.household_id or each.id for each in contacts if asked[each.id] in languages})
