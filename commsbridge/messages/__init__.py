"""Messages: written once, carried to each recipient, followed until they arrive or a person knows why not."""

from commsbridge.messages import letters, wordings
from commsbridge.messages.by_hand import close_by_hand
from commsbridge.messages.claiming import LEASE_SECONDS, Claimed, claim
from commsbridge.messages.examples import example_text
from commsbridge.messages.hints import HintKind, hints_for
from commsbridge.messages.by_hand import close_by_hand, settle_by_hand
from commsbridge.messages.later import (
    became,
    cancel_later,
    change_later,
    draft_of,
    keep_for_later,
    own_waiting,
    schools_with_due_praise,
    send_due,
    send_now,
    waiting_praise,
)
from commsbridge.messages.letters import REPLY_MARKER
from commsbridge.messages.links import Links
from commsbridge.messages.models import (
    Audience,
    Delivery,
    LaterPraise,
    LaterState,
    Message,
    MessageKind,
    Notice,
    Phrase,
    State,
)
from commsbridge.messages.notices import Answered, answer_help, answer_start, answer_stop, answer_stranger
from commsbridge.messages.outbox import (
    CALL_SECONDS,
    Doubtful,
    Finished,
    complete,
    doubtful_texts,
    known_carrier_ids,
    reap,
    renew,
    schools_to_settle,
)
from commsbridge.messages.past import due_then, record_then
from commsbridge.messages.phrases import (
    offered_phrases,
    phrase_by_id,
    phrase_by_key,
    seed_phrases,
    used_phrases,
    value_name,
)
from commsbridge.messages.planning import Why
from commsbridge.messages.praise import (
    LONGEST_WORDS,
    Draft,
    Preview,
    preview_praise,
    send_praise,
)
from commsbridge.messages.queries import (
    Written,
    delivery_of,
    did_not_arrive,
    is_stopped,
    last_received,
    note_may_be_read,
    recent_to,
    sent_before,
    words_of,
    written,
)
from commsbridge.messages.readdressing import change_ways, settle_address
from commsbridge.messages.receipts import take_receipt
from commsbridge.messages.reports import (
    NoticeReport,
    Watched,
    notice_report,
    notices_sent,
    troubled_deliveries_about,
    waiting_deliveries_about,
)
from commsbridge.messages.rewriting import let_checked_follow
from commsbridge.messages.rolls import take_roll
from commsbridge.messages.rules import rules_of
from commsbridge.messages.sensitive import Choice, Matter, Question, questions_for
from commsbridge.messages.settling import settle, settle_doubt
from commsbridge.messages.staff_mail import mail_invitation, mail_staff
from commsbridge.messages.states import Standing, reason, standing
from commsbridge.messages.together import (
    MOST_AT_ONCE,
    draft_about,
    keep_together,
    send_together,
    sent_together,
    undo_together,
)
from commsbridge.messages.turning import turn_to_other_way
from commsbridge.messages.undoing import undo_message
from commsbridge.messages.to_many import (
    LONGEST_NOTICE,
    NoticeDraft,
    Outlook,
    Told,
    check_notice,
    outlook,
    send_notice,
)
from commsbridge.messages.turning import send_again, turn_to_other_way
from commsbridge.messages.undoing import undo_message, undo_notice
from commsbridge.messages.withdrawals import (
    end_pause,
    hold_address,
    pause,
    set_access,
    set_hours,
    set_photo_permission,
    set_wishes,
    start_messages,
    stop_messages,
    student_leaves,
)

__all__ = [
    "CALL_SECONDS",
    "LEASE_SECONDS",
    "LONGEST_NOTICE",
    "LONGEST_WORDS",
    "MOST_AT_ONCE",
    "REPLY_MARKER",
    "Answered",
    "Audience",
    "Choice",
    "Claimed",
    "Delivery",
    "Doubtful",
    "Draft",
    "Finished",
    "HintKind",
    "LaterPraise",
    "LaterState",
    "Links",
    "Matter",
    "Message",
    "MessageKind",
    "Notice",
    "NoticeDraft",
    "NoticeReport",
    "Outlook",
    "Phrase",
    "Preview",
    "Question",
    "Standing",
    "State",
    "Told",
    "Watched",
    "Why",
    "Written",
    "answer_help",
    "answer_start",
    "answer_stop",
    "answer_stranger",
    "became",
    "cancel_later",
    "change_later",
    "change_ways",
    "check_notice",
    "claim",
    "close_by_hand",
    "complete",
    "delivery_of",
    "did_not_arrive",
    "doubtful_texts",
    "draft_about",
    "draft_of",
    "due_then",
    "end_pause",
    "example_text",
    "hints_for",
    "hold_address",
    "is_stopped",
    "keep_for_later",
    "keep_together",
    "known_carrier_ids",
    "last_received",
    "let_checked_follow",
    "letters",
    "mail_invitation",
    "mail_staff",
    "note_may_be_read",
    "notice_report",
    "notices_sent",
    "offered_phrases",
    "outlook",
    "own_waiting",
    "pause",
    "phrase_by_id",
    "phrase_by_key",
    "preview_praise",
    "questions_for",
    "reap",
    "reason",
    "recent_to",
    "record_then",
    "renew",
    "rules_of",
    "schools_to_settle",
    "schools_with_due_praise",
    "seed_phrases",
    "send_again",
    "send_due",
    "send_notice",
    "send_now",
    "send_praise",
    "send_together",
    "sent_before",
    "sent_together",
    "set_access",
    "set_hours",
    "set_photo_permission",
    "set_wishes",
    "settle",
    "settle_address",
    "settle_by_hand",
    "settle_doubt",
    "standing",
    "start_messages",
    "stop_messages",
    "student_leaves",
    "take_receipt",
    "take_roll",
    "troubled_deliveries_about",
    "turn_to_other_way",
    "undo_message",
    "undo_together",
    "undo_notice",
    "used_phrases",
    "value_name",
    "waiting_deliveries_about",
    "waiting_praise",
    "wordings",
    "words_of",
    "written",
]
