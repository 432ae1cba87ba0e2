"""The te reo of the album's school: a speaker who has checked some of it."""

from __future__ import annotations

from commsbridge import messages, schools
from commsbridge.foundation.actors import Actor
from commsbridge.messages import Draft, wordings
from commsbridge.schools import Role, Staff
from commsbridge.students import Student
from tests.story import START, Story

TO_TRANSLATE = (
    ("Anahera Ngata", "She read to the little ones under the pōhutukawa, and none of them wanted it to end."),
    ("Grace Wilson", "Grace made room on the mat without being asked."),
)


def name_speaker(story: Story) -> Staff:
    """A kaumātua who works at school for its te reo alone."""
    with story.work() as work:
        return schools.add_staff(
            work,
            email="speaker@rimu.test",
            name="Rāwiri Hōhepa",
            shown_name="Matua Rāwiri",
            roles={Role.SPEAKER},
            from_on=START,
        )


def check_some(story: Story, speaker: Staff) -> str:
    """Some wordings are right, one is written better, one is not; the key of that one."""
    with story.runtime.work(story.school_id, Actor.staff(speaker.id)) as work:
        waiting = wordings.on_desk(work)
        phrases = [each for each in waiting if each.kind is wordings.Kind.PHRASE]
        for each in phrases[:3]:
            wordings.approve(work, each.key, seen=each.version, text_mi=each.mi, as_meant=True)
        again = wordings.wording_of(work, phrases[0].key)
        if again is None:
            raise LookupError(phrases[0].key)
        wordings.approve(
            work, again.key, seen=again.version, text_mi="I whakaatu a {name} i te ara ki tētahi hoa hou.",
            note="He māmā ake tēnei.", as_meant=True,
        )  # fmt: skip
        wrong = phrases[4]
        wordings.reject(work, wrong.key, seen=wrong.version, note="Kāore tēnei i te rere pai.")
    return wrong.key


def ask_for_te_reo(story: Story, speaker: Staff, child: Student, words: str) -> None:
    """A teacher would like their own words to go in te reo first; the speaker is glad to write five a week."""
    with story.runtime.work(story.school_id, Actor.staff(speaker.id)) as work:
        messages.translating.set_weekly(work, weekly=5)
    with story.work("walsh") as work:
        draft = Draft(words=words, te_reo_first=True)
        messages.send_praise(work, child, draft, links=story.runtime.links)


def take_one(story: Story, speaker: Staff) -> str:
    """The speaker has taken the first one up; the page on which it is written."""
    with story.runtime.work(story.school_id, Actor.staff(speaker.id)) as work:
        first, _words = messages.translating.offers_for(work, speaker.id)[0]
        return f"/te-reo/translate/{messages.translating.take(work, first.id).id}"
