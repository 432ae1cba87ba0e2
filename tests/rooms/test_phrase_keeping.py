"""A school's own phrases: whole in both languages, ordered, retired, and never changed once they were sent."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from commsbridge import messages, partnership
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import Language
from commsbridge.foundation.reo_spelling import misspellings
from commsbridge.foundation.segments import count, tidy
from commsbridge.messages import Draft, MessageKind, Phrase, PhraseDraft, PhraseKind
from commsbridge.messages.bank import labels, praises, to_work_on
from commsbridge.partnership import Moment
from commsbridge.whanau import Channel
from tests.rooms.posting import Posting
from tests.story import Story

OURS = PhraseDraft(
    kind=PhraseKind.PRAISE,
    value="joy",
    setting="class",
    text_en="{name} sang with us today.",
    text_mi="I waiata a {name} i tēnei rā.",
)
LONG_CHILD = "Manaakitanga"
HATS = "Write macrons (ā ē ī ō ū), not dots or hats: %(words)s"
LOOK_AGAIN = "Please look again at: %(words)s. If that is how it is written, tick the box and keep it again."
STING = {"not", "never", "but", "finally", "must", "should", "he", "she", "his", "her", "fails"}


def add(story: Story, draft: PhraseDraft = OURS) -> uuid.UUID:
    with story.work() as work:
        return messages.add_phrase(work, draft).id


def joys(story: Story) -> list[str]:
    with story.work() as work:
        return [each.text_en for each in messages.bank_of(work) if each.value == "joy"]


def test_there_are_twenty_things_to_work_on_each_whole_and_short_in_both_languages() -> None:
    assert len(to_work_on()) >= 20
    assert {each.setting for each in to_work_on()} >= {"class", "playground", "transitions", "online"}
    assert {each.value for each in to_work_on()} <= set(labels("value"))
    assert len({each.key for each in (*to_work_on(), *praises())}) == len(to_work_on()) + len(praises())
    for each in to_work_on():
        assert each.checked_by is None
        for sentence in (each.pair.mi, each.pair.en):
            assert sentence.count("{name}") == 1
            assert sentence.endswith(".")
        assert misspellings(each.pair.mi) == []
        assert count(each.pair.about(LONG_CHILD, Language.MI)).units <= 70
        english = {word.strip(".,!").lower() for word in each.pair.en.split()}
        assert english.isdisjoint(
            {"not", "never", "but", "finally", "must", "should", "he", "she", "his", "her", "fails"}
        )


def test_a_phrase_of_ones_own_is_offered_last_in_the_bank(posting: Posting) -> None:
    phrase_id = add(posting.story)
    with posting.story.work() as work:
        offered = messages.offered_phrases(work, posting.story.students["aroha"])
        assert offered[-1].id == phrase_id
        assert offered[-1].checked_by is None


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"text_mi": " "}, "text_mi", "There are words in one language only. Write the te reo Māori, too."),
        ({"text_en": ""}, "text_en", "There are words in one language only. Write the English, too."),
        ({"text_en": "We sang today."}, "text_en", "Write {name} once, where the child’s name stands."),
        ({"text_en": "{name} and {name} sang."}, "text_en", "Write {name} once, where the child’s name stands."),
        ({"text_en": "{name} sang {song}."}, "text_en", "Write {name} once, where the child’s name stands."),
        ({"text_en": "{name} " + "x" * 160}, "text_en", "This is too long: write at most %(longest)s characters."),
        ({"text_mi": "I waiata i tēnei rā."}, "text_mi", "%(slot)s is missing: the te reo needs it once."),
        ({"text_mi": "I waiata a {name} i tënei rä."}, "text_mi", HATS),
        ({"text_mi": "I sing a {name} i tēnei rā."}, "as_meant", LOOK_AGAIN),
        ({"value": "money"}, "value", "Choose what it is about."),
        ({"setting": "moon"}, "setting", "Choose where it was seen."),
    ],
)  # fmt: skip
def test_half_a_phrase_or_a_broken_one_is_refused_beside_its_field(
    posting: Posting, changed: dict[str, str], field: str, sentence: str
) -> None:
    with posting.story.work() as work, pytest.raises(Invalid) as refused:
        messages.add_phrase(work, replace(OURS, **changed))  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.sentence) == (field, sentence)


def test_a_te_reo_phrase_that_outgrows_one_text_with_a_long_name_is_refused(posting: Posting) -> None:
    with posting.story.work() as work, pytest.raises(Invalid) as refused:
        messages.add_phrase(work, replace(OURS, text_mi="I waiata a {name} " + "i tēnei rā " * 6))
    assert refused.value.field == "text_mi"


def test_a_word_that_looks_wrong_is_kept_when_its_writer_means_it(posting: Posting) -> None:
    add(posting.story, replace(OURS, text_mi="I waiata a {name} i te STEM.", as_meant=True))


def test_a_phrase_nobody_sent_changes_in_place(posting: Posting) -> None:
    phrase_id = add(posting.story)
    with posting.story.work() as work:
        changed = messages.change_phrase(work, phrase_id, replace(OURS, text_en="{name} sang for us."))
        assert (changed.id, changed.text_en) == (phrase_id, "{name} sang for us.")


def test_a_phrase_that_was_sent_keeps_its_words_and_a_new_one_takes_its_place(posting: Posting) -> None:
    story, phrase_id = posting.story, add(posting.story)
    with story.work("walsh") as work:
        draft = Draft(phrase_id=phrase_id)
        messages.send_praise(work, story.students["aroha"], draft, links=story.runtime.links)
        changed = messages.change_phrase(work, phrase_id, replace(OURS, text_en="{name} sang for us."))
        old = work.session.get_one(Phrase, phrase_id)
        assert changed.id != phrase_id
        assert changed.position == old.position
        assert (old.text_en, old.retired_at) == (OURS.text_en, work.now)


def test_phrases_move_within_their_group_and_stop_at_its_ends(posting: Posting) -> None:
    story, before = posting.story, joys(posting.story)
    phrase_id = add(story)
    for _ in range(len(before) + 2):
        with story.work() as work:
            messages.move_phrase(work, phrase_id, up=True)
    assert joys(story) == [OURS.text_en, *before]
    with story.work() as work:
        messages.move_phrase(work, phrase_id, up=False)
    assert joys(story) == [before[0], OURS.text_en, *before[1:]]


def test_a_retired_phrase_is_offered_no_more_until_it_is_brought_back(posting: Posting) -> None:
    story, phrase_id = posting.story, add(posting.story)
    with story.work() as work:
        messages.retire_phrase(work, phrase_id)
        assert phrase_id not in {each.id for each in messages.bank_of(work)}
        assert [each.id for each in messages.bank_of(work, retired=True)] == [phrase_id]
        with pytest.raises(NotFound):
            messages.retire_phrase(work, phrase_id)
        messages.bring_back_phrase(work, phrase_id)
        assert phrase_id in {each.id for each in messages.bank_of(work)}


def to_work_on_phrase(story: Story) -> uuid.UUID:
    with story.work() as work:
        return messages.offered_phrases(work, story.students["aroha"], kind=PhraseKind.WORK_ON)[0].id


def test_what_to_work_on_is_never_planned_as_a_text(posting: Posting) -> None:
    story = posting.story
    draft = Draft(phrase_id=to_work_on_phrase(story))
    with story.work("walsh") as work:
        for child in ("aroha", "hemi", "leo"):
            for seen in messages.preview_praise(work, story.students[child], draft, links=story.runtime.links):
                assert seen.planned is None or seen.planned.channel is not Channel.TEXT
        textable = messages.preview_praise(work, story.students["aroha"], draft, links=story.runtime.links)
        assert {each.why for each in textable if each.planned is None} == {messages.Why.NOT_BY_TEXT}


def test_what_to_work_on_goes_by_mail_asks_what_helps_and_is_no_good_news(posting: Posting) -> None:
    story = posting.story
    draft = Draft(phrase_id=to_work_on_phrase(story))
    with story.work("walsh") as work:
        message = messages.send_praise(work, story.students["wi"], draft, links=story.runtime.links)
        told = messages.written(work, [message.id])[message.id]
        mails = [
            each
            for each in told.deliveries
            if each.channel == Channel.EMAIL and "Something we can" in (each.subject or "")
        ]
        assert message.kind is MessageKind.WORK_ON
        assert {each.channel for each in told.deliveries} & {"text"} == set()
        assert mails
        assert "What helps at home? You know Wī best: please tell us." in mails[0].body
        line = partnership.timeline(work, story.students["wi"].id)[0].line
        assert line.moment is Moment.NOTICE


def test_praise_never_offers_what_to_work_on(posting: Posting) -> None:
    with posting.story.work() as work:
        offered = messages.offered_phrases(work, posting.story.students["aroha"])
        assert {each.kind for each in offered} == {PhraseKind.PRAISE}


@pytest.mark.node
def test_the_browser_counts_segments_as_the_service_does(checkout: Path) -> None:
    rows = (checkout / "tests/labelled/segments.tsv").read_text("utf-8").split("\n")[1:]
    texts = [row.split("\t")[1].encode().decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16")
             for row in rows if row]  # fmt: skip
    node = shutil.which("node")
    assert node
    answer = subprocess.run(
        [node, "tests/rooms/segments_in_node.js", str(checkout / "commsbridge/web/static/js/segments.js")],
        input=json.dumps({"texts": texts}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=checkout,
        check=True,
    )
    for text, told in zip(texts, json.loads(answer.stdout), strict=True):
        ours = count(text)
        assert told == {
            "tidy": tidy(text),
            "encoding": ours.encoding,
            "units": ours.units,
            "segments": ours.segments,
            "room": ours.room,
        }, text
