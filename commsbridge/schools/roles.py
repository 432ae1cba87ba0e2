"""Who may see and do what: one table. docs/roles.md says it in sentences, and a test compares the two."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from commsbridge.foundation.errors import NotAllowed
from commsbridge.foundation.language import N_
from commsbridge.schools.models import Role


class Permission(StrEnum):
    """Something a member of staff may see or do in their school."""

    SEE_TAUGHT = "see_taught"
    SEE_WHOLE_SCHOOL = "see_whole_school"
    READ_LOG = "read_log"
    SEND_PRAISE = "send_praise"
    WRITE_NOTE = "write_note"
    PAUSE = "pause"
    SEE_ADDRESSES = "see_addresses"
    EDIT_CONTACTS = "edit_contacts"
    SEE_LIMITS = "see_limits"
    SET_LIMITS = "set_limits"
    IMPORT_ROLL = "import_roll"
    SEE_PARKED_NUMBER = "see_parked_number"
    SEE_PARKED_WORDS = "see_parked_words"
    MANAGE_STAFF = "manage_staff"
    KEEP_PHOTO_PERMISSION = "keep_photo_permission"
    SET_CALENDAR = "set_calendar"
    CHECK_TE_REO = "check_te_reo"
    TRANSLATE = "translate"
    EXCHANGE_TE_REO = "exchange_te_reo"
    LEAD_TE_REO = "lead_te_reo"
    SEND_NOTICE = "send_notice"
    SEND_TO_CLASS = "send_to_class"
    SEND_TO_SCHOOL = "send_to_school"
    SET_SENDING = "set_sending"
    SET_TARGET = "set_target"
    SHARE_GROUP = "share_group"
    WRITE_CONCERN = "write_concern"
    READ_CONCERN = "read_concern"
    RELEASE_CONCERN = "release_concern"
    KEEP_HINTS = "keep_hints"
    KEEP_PHRASES = "keep_phrases"
    SEE_REPORTS = "see_reports"
    SET_PROMISE = "set_promise"
    NOTE_AWAY = "note_away"
    WRITE_BOOK = "write_book"
    KEEP_BOOK = "keep_book"
    KEEP_BOOK_TEMPLATES = "keep_book_templates"
    RELEASE_COPY = "release_copy"
    OPEN_SAFETY = "open_safety"
    SET_SAFETY = "set_safety"
    ASK_SUPPORT = "ask_support"
    HEAR_WHANAU = "hear_whanau"
    HOLD_HUI = "hold_hui"
    KEEP_HUI_FORMS = "keep_hui_forms"
    KEEP_PLAN = "keep_plan"


_TEACHING = frozenset({Role.KAIAKO, Role.KAIAWHINA})
_SUPPORT = frozenset({Role.LEARNING_SUPPORT, Role.LEADER})
_NAMED = _SUPPORT | {Role.CHILD_PROTECTION}
# Whoever holds only the role of a te reo speaker reads wordings, and of a child no more than they translate.
_EVERYONE = frozenset(Role) - {Role.SPEAKER}

MAY: Mapping[Permission, frozenset[Role]] = {
    Permission.SEE_TAUGHT: _TEACHING,
    Permission.SEE_WHOLE_SCHOOL: _NAMED | {Role.OFFICE},
    Permission.READ_LOG: _TEACHING | _NAMED,
    Permission.SEND_PRAISE: _TEACHING | _SUPPORT,
    Permission.WRITE_NOTE: _TEACHING | _NAMED,
    Permission.PAUSE: _EVERYONE,
    Permission.SEE_ADDRESSES: _EVERYONE - {Role.KAIAWHINA},
    Permission.EDIT_CONTACTS: _SUPPORT | {Role.OFFICE},
    Permission.SEE_LIMITS: _SUPPORT,
    Permission.SET_LIMITS: _SUPPORT,
    Permission.IMPORT_ROLL: frozenset({Role.LEADER, Role.OFFICE}),
    Permission.SEE_PARKED_NUMBER: _NAMED | {Role.OFFICE},
    Permission.SEE_PARKED_WORDS: _NAMED,
    Permission.MANAGE_STAFF: frozenset({Role.LEADER}),
    Permission.KEEP_PHOTO_PERMISSION: _SUPPORT | {Role.KAIAKO, Role.OFFICE},
    Permission.SET_CALENDAR: frozenset({Role.LEADER, Role.OFFICE}),
    Permission.CHECK_TE_REO: frozenset({Role.SPEAKER}),
    Permission.TRANSLATE: frozenset({Role.SPEAKER}),
    Permission.EXCHANGE_TE_REO: frozenset({Role.SPEAKER, Role.LEADER, Role.OFFICE}),
    Permission.LEAD_TE_REO: frozenset({Role.LEADER}),
    Permission.SEND_NOTICE: _TEACHING | _SUPPORT | {Role.OFFICE},
    Permission.SEND_TO_CLASS: _SUPPORT | {Role.KAIAKO, Role.OFFICE},
    Permission.SEND_TO_SCHOOL: frozenset({Role.LEADER, Role.OFFICE}),
    Permission.SET_SENDING: frozenset({Role.LEADER}),
    Permission.SET_TARGET: _SUPPORT | {Role.KAIAKO},
    Permission.SHARE_GROUP: _SUPPORT | {Role.KAIAKO},
    Permission.WRITE_CONCERN: _SUPPORT | {Role.KAIAKO},
    Permission.READ_CONCERN: _NAMED | {Role.KAIAKO},
    Permission.RELEASE_CONCERN: _SUPPORT,
    Permission.KEEP_HINTS: _SUPPORT,
    Permission.KEEP_PHRASES: _SUPPORT | {Role.SPEAKER},
    Permission.SEE_REPORTS: _SUPPORT,
    Permission.SET_PROMISE: frozenset({Role.LEADER}),
    Permission.NOTE_AWAY: frozenset({Role.LEADER, Role.OFFICE}),
    Permission.WRITE_BOOK: _TEACHING | _SUPPORT,
    Permission.KEEP_BOOK: _SUPPORT | {Role.KAIAKO},
    Permission.KEEP_BOOK_TEMPLATES: _SUPPORT,
    Permission.RELEASE_COPY: frozenset({Role.LEADER}),
    Permission.OPEN_SAFETY: frozenset({Role.CHILD_PROTECTION, Role.LEADER}),
    Permission.SET_SAFETY: frozenset({Role.LEADER}),
    Permission.ASK_SUPPORT: _SUPPORT | {Role.KAIAKO},
    Permission.HEAR_WHANAU: frozenset({Role.LEADER}),
    Permission.HOLD_HUI: _SUPPORT | {Role.KAIAKO},
    Permission.KEEP_HUI_FORMS: _SUPPORT,
    Permission.KEEP_PLAN: _SUPPORT | {Role.KAIAKO},
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of staff as one day's roles make them: what every question of access asks."""

    staff_id: uuid.UUID
    account_id: uuid.UUID
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles includes it."""
        return not self.roles.isdisjoint(MAY[permission])


def allow(viewer: Viewer, permission: Permission) -> None:
    """Raise NotAllowed unless the viewer may."""
    if not viewer.may(permission):
        raise NotAllowed(N_("Your role at this school does not include this. A leader of your school can change that."))
