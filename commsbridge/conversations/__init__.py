"""Conversations: what comes in is captured whole, matched to a contact and a child, answered by people, or parked."""

from commsbridge.conversations.capture import (
    Waiting,
    give_to_school,
    note_trouble,
    raw_request,
    store_raw,
    untaken,
    waiting_raw,
)
from commsbridge.conversations.filing import (
    Post,
    dismiss_parked,
    obey_elsewhere,
    post_of_mail,
    post_of_page,
    post_of_text,
    recall_parked,
    see_reply,
    settle_parked,
    take,
)
from commsbridge.conversations.matching import Parked
from commsbridge.conversations.models import Reply, ReplyState
from commsbridge.conversations.queries import (
    parked,
    replies_about,
    replies_by_id,
    reply_by_id,
    set_aside,
    students_of_reply,
    waiting_count,
)

__all__ = [
    "Parked",
    "Post",
    "Reply",
    "ReplyState",
    "Waiting",
    "dismiss_parked",
    "give_to_school",
    "note_trouble",
    "obey_elsewhere",
    "parked",
    "post_of_mail",
    "post_of_page",
    "post_of_text",
    "raw_request",
    "recall_parked",
    "replies_about",
    "replies_by_id",
    "reply_by_id",
    "see_reply",
    "set_aside",
    "settle_parked",
    "store_raw",
    "students_of_reply",
    "take",
    "untaken",
    "waiting_count",
    "waiting_raw",
]
