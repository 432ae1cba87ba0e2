"""Conversations: what comes in is captured whole, matched to a contact and a child, answered by people, or parked."""

from commsbridge.conversations import promises, safety
from commsbridge.conversations.answering import (
    answer,
    answers_count,
    answers_to,
    claim,
    claimed_by,
    drop_words,
    keep_words,
    kept_words,
    release,
    take_back_answer,
    writer_of,
)
from commsbridge.conversations.asking import end_due_questions, open_questions, schools_with_due_questions
from commsbridge.conversations.capture import (
    Waiting,
    give_to_school,
    note_trouble,
    raw_request,
    store_raw,
    untaken,
    waiting_raw,
    wake,
)
from commsbridge.conversations.choices import Choice, read_choice
from commsbridge.conversations.filing import keep_command, obey_elsewhere, take
from commsbridge.conversations.inbox import InboxRow, children_owed_by, inbox, inbox_of
from commsbridge.conversations.keywords import Keyword, when_asked
from commsbridge.conversations.matching import How, Parked
from commsbridge.conversations.models import FamilyQuestion, QuestionKind, Reply, ReplyState
from commsbridge.conversations.naming import Named, Words
from commsbridge.conversations.owed import Asks, asks
from commsbridge.conversations.placing import (
    dismiss_parked,
    move_reply,
    moves_of,
    read_to_child,
    recall_parked,
    see_reply,
    settle_asked,
    settle_parked,
)
from commsbridge.conversations.posts import Post, post_of_mail, post_of_page, post_of_text
from commsbridge.conversations.queries import (
    parked,
    replies_about,
    replies_by_id,
    reply_by_id,
    set_aside,
    students_of_reply,
    waiting_count,
    waiting_for_family,
)

__all__ = [
    "Asks",
    "Choice",
    "FamilyQuestion",
    "How",
    "InboxRow",
    "Keyword",
    "Named",
    "Parked",
    "Post",
    "QuestionKind",
    "Reply",
    "ReplyState",
    "Waiting",
    "Words",
    "answer",
    "answers_count",
    "answers_to",
    "asks",
    "children_owed_by",
    "claim",
    "claimed_by",
    "dismiss_parked",
    "drop_words",
    "end_due_questions",
    "give_to_school",
    "inbox",
    "inbox_of",
    "keep_command",
    "keep_words",
    "kept_words",
    "move_reply",
    "moves_of",
    "note_trouble",
    "obey_elsewhere",
    "open_questions",
    "parked",
    "post_of_mail",
    "post_of_page",
    "post_of_text",
    "promises",
    "raw_request",
    "read_choice",
    "read_to_child",
    "recall_parked",
    "release",
    "replies_about",
    "replies_by_id",
    "reply_by_id",
    "safety",
    "schools_with_due_questions",
    "see_reply",
    "set_aside",
    "settle_asked",
    "settle_parked",
    "store_raw",
    "students_of_reply",
    "take",
    "take_back_answer",
    "untaken",
    "waiting_count",
    "waiting_for_family",
    "waiting_raw",
    "wake",
    "when_asked",
    "writer_of",
]
