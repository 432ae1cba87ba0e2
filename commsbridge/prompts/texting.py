"""A prompt as a text to the teacher's own phone, answered by one text: words about the child, or a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from commsbridge import messages, schools, whanau
from commsbridge.foundation.language import N_, say
from commsbridge.foundation.reo_dates import list_of
from commsbridge.foundation.segments import count
from commsbridge.foundation.work import Work
from commsbridge.prompts.models import Answer, Prompt, Schedule
from commsbridge.prompts.noticing import With, said_of
from commsbridge.students import Student

# What a number means that answers a prompt.
NUMBERS = {1: Answer.NOT_TODAY, 2: Answer.AWAY, 3: Answer.LATER, 4: Answer.SOMEONE_ELSE, 5: Answer.GATE}

SHONE = N_("Did you see %(children)s shine? Good news has not reached home for a while.")
ANSWER_ONE = N_("Write what you saw, or here: %(link)s")
ANSWER_SEVERAL = N_("Write the name and what you saw, or here: %(link)s")
OR_NUMBER = N_("Or: 1 not today 2 away 3 ask me tomorrow 4 someone else 5 we talked at the gate.")
CAME_LATE = N_("This comes late: we could not ask at your time.")
ANOTHER_TIME = N_("Would another time suit you better? %(link)s")
BEGIN_WITH = N_("Begin your words with KURA.")
# Curly marks alone would make a text of 160 letters one of 70 (foundation.segments).
PLAIN = str.maketrans("“”‘’", "\"\"''")


def text_prompt(work: Work, prompt: Prompt, schedule: Schedule, children: Sequence[Student], with_it: With) -> bool:
    """Text a prompt where its teacher chose that and the phone is proven theirs; False when it was not texted.

    It is worth nothing the day after. What to notice goes with it as far as that costs one segment more at the most.
    """
    phone = schools.phone_in_use(work, prompt.staff_id) if schedule.by_text else None
    if phone is None:
        return False
    staff = schools.staff_by_id(work, [prompt.staff_id])[prompt.staff_id]
    language, on = schools.language_of(work, staff), schools.today(work)
    alike = len({child.preferred_name for child in children}) < len(children)
    names = [child.name if alike else child.preferred_name for child in children]
    one, links = len(children) == 1, with_it.links
    sentences = [
        say(language, SHONE, children=list_of(names, language, "or")),
        say(
            language,
            ANSWER_ONE if one else ANSWER_SEVERAL,
            link=links.praise_url(children[0].id) if one else links.today_url(),
        ),
        say(language, OR_NUMBER),
    ]
    if prompt.late is not None:
        sentences[0] = f"{say(language, CAME_LATE)} {sentences[0]}"
    if with_it.tired:
        sentences.append(say(language, ANOTHER_TIME, link=links.prompts_url()))
    if whanau.writers_at(work, phone.address, on=on):
        sentences.append(say(language, BEGIN_WITH))
    ideas = [line.translate(PLAIN) for line in said_of(children, names, with_it.ideas(children, language, on))]
    sent = messages.text_staff(
        work, staff, phone.address, _with_ideas(sentences, ideas), language=language,
        expires_at=schools.day_begins(work, on + timedelta(days=1)),
    )  # fmt: skip
    if sent is None:
        return False
    prompt.texted_at = work.now
    work.session.flush()
    return True


def _with_ideas(sentences: Sequence[str], ideas: Sequence[str]) -> str:
    """The text with as many ideas, from the first on, as cost one segment more at the most; before how to answer."""
    plain = " ".join(sentences)
    for many in range(len(ideas), 0, -1):
        first, *others = sentences
        full = " ".join([first, *ideas[:many], *others])
        if count(full).segments <= count(plain).segments + 1:
            return full
    return plain
