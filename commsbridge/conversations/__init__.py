"""Conversations: what comes in is captured whole, matched to a contact and a child, answered by people, or parked."""

from commsbridge.conversations.capture import (
    Waiting,
    give_to_school,
    note_trouble,
    store_raw,
    untaken,
    waiting_raw,
)
from commsbridge.conversations.filing import Post, post_of_mail, post_of_text, see_reply, settle_parked, take
from commsbridge.conversations.matching import Parked
from commsbridge.conversations.models import Reply, ReplyState
from commsbridge.conversations.queries import parked, replies_about, replies_by_id, reply_by_id, students_of_reply

__all__ = [
    "Parked",
    "Post",
    "Reply",
    "ReplyState",
    "Waiting",
    "give_to_school",
    "note_trouble",
    "parked",
    "post_of_mail",
    "post_of_text",
    "replies_about",
    "replies_by_id",
    "reply_by_id",
    "see_reply",
    "settle_parked",
    "store_raw",
    "students_of_reply",
    "take",
    "untaken",
    "waiting_raw",
]
