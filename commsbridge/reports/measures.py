"""The measures: whom each can be asked of, and who has it. Pure; words for readers are in words.MEASURES.

Each is a share of students, |who have it| / |who can be asked|: True where a student has it, False where not yet, None
where it cannot be asked of them. Sources, by the names that the measures give them:

- ERO: Education Review Office, Partners in Learning (2008): six factors of partnership, among them relationships,
  partnerships with parents and whānau, and communication that is timely and useful; and what parents of children with
  special needs expect of it.
- guidance: home-school partnership guidance for New Zealand schools: communication is regular, formal and informal,
  easily understood; good news and concerns are timely; questions are answered promptly.
- Auditor-General: Controller and Auditor-General (2015): of schools, 93 to 97 % said that they tell whānau of problems
  promptly, 65 to 84 % of good news.
- Fefer: Fefer and others (2020): two positive mails a week were feasible (five families, single case).
- IEP: Ministry of Education, Collaboration for Success: Individual Education Plans (2011), and its inclusive education
  guide to planning together ("Coordinate who whānau want at the table").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commsbridge.reports.facts import TARGET_DAYS
from commsbridge.reports.regularity import Regularity

Measure = Callable[[Regularity], bool | None]


def heard(each: Regularity) -> bool | None:
    """Good news reached home in the last ten school days.

    Formula: |waited < 10| / |students without a quiet time whose people have not asked for no messages|.
    Source: guidance (regular), Auditor-General; ten school days are the service's own choice.
    """
    return None if each.facts.quiet else each.waited < TARGET_DAYS


def steady(each: Regularity) -> bool | None:
    """Every school week met the target: the student's own, else the school's for those with a book or without.

    Formula: |met = weeks| / |students not quiet with weeks > 0|, for weeks see regularity._weeks.
    Source: guidance (regular), Fefer for two a week with a book; one a fortnight for others is the service's own.
    """
    return None if each.facts.quiet or not each.weeks else each.met == each.weeks


def reached(each: Regularity) -> bool | None:
    """A message of praise arrived at one contact at least; that a family asked for none is no failure.

    Formula: |arrived > 0| / |students whose people have not asked for no messages, or arrived > 0|.
    Source: ERO (communication), guidance (both homes hear).
    """
    return None if each.facts.declined and not each.facts.arrived else each.facts.arrived > 0


def reo(each: Regularity) -> bool | None:
    """All that arrived where te reo Māori was asked for came in it; for both languages, in both.

    Formula: |reo_got = reo_of| / |reo_of > 0|. Source: guidance (easily understood), ERO (relationships).
    """
    return each.facts.reo_got == each.facts.reo_of if each.facts.reo_of else None


def other(each: Regularity) -> bool | None:
    """All that arrived where a language nobody writes was asked for was told by a person.

    Formula: |other_got = other_of| / |other_of > 0|. Source: guidance (easily understood).
    """
    return each.facts.other_got == each.facts.other_of if each.facts.other_of else None


def timely(each: Regularity) -> bool | None:
    """All that arrived did so within a day of being written; what was to go later counts from when it was written.

    Formula: |timely = arrived| / |arrived > 0|. Source: guidance (good news is timely); the day is the service's own.
    """
    return each.facts.timely == each.facts.arrived if each.facts.arrived else None


def checked(each: Regularity) -> bool | None:
    """All te reo Māori that arrived stood in words that a named person had checked when they were written.

    Formula: |reo_checked = reo_sent| / |reo_sent > 0|. Source: ERO (relationships); checking is the service's own rule.
    """
    return each.facts.reo_checked == each.facts.reo_sent if each.facts.reo_sent else None


def answered(each: Regularity) -> bool | None:
    """No question of theirs was answered late or waits longer than promised; one that may wait says nothing yet.

    Formula: |late + overdue = 0| / |in_time + late + overdue > 0|. Source: guidance (answers questions promptly); how
    soon is the school's own promise (conversations.promises).
    """
    facts = each.facts
    late = facts.late + facts.overdue
    return not late if facts.in_time + late else None


def wrote(each: Regularity) -> bool | None:
    """Home wrote at least once, where an answer costs nothing.

    Formula: |replies > 0| / |answerable|. Source: ERO (partnerships); silence where it costs money says nothing.
    """
    return each.facts.replies > 0 if each.facts.answerable else None


def replied(each: Regularity) -> bool | None:
    """Home answered a message at least once, where an answer costs nothing.

    Formula: |replies > begun| / |answerable|. Source: ERO (partnerships).
    """
    return each.facts.replies > each.facts.begun if each.facts.answerable else None


def begun(each: Regularity) -> bool | None:
    """Home wrote first at least once, where writing costs nothing.

    Formula: |begun > 0| / |answerable|. Source: ERO (partnerships).
    """
    return each.facts.begun > 0 if each.facts.answerable else None


def balanced(each: Regularity) -> bool | None:
    """Of those with a concern: good news as often as the school's guide says. No pass mark.

    Formula: |praise >= guide * concerns| / |concerns > 0|. Source: PBIS guidance for classrooms (rules.GUIDE).
    """
    return each.facts.praise >= each.guide * each.facts.concerns if each.facts.concerns else None


def phrase(each: Regularity) -> bool | None:
    """Of those praised: by a phrase alone at least once.

    Formula: |praise > own_words| / |praise > 0|. Source: guidance (formal and informal); that canned praise wears out
    is the service's own worry.
    """
    return each.facts.praise > each.facts.own_words if each.facts.praise else None


def own_words(each: Regularity) -> bool | None:
    """Praise in a teacher's own words at least once.

    Formula: |own_words > 0| / |students|. Source: guidance (formal and informal).
    """
    return each.facts.own_words > 0


def spoken(each: Regularity) -> bool | None:
    """A talk at the gate or a call at least once.

    Formula: |gate + calls > 0| / |students|. Source: guidance (formal and informal).
    """
    return each.facts.gate + each.facts.calls > 0


def page(each: Regularity) -> bool | None:
    """Of those with a communication book: a page of it went home at least once.

    Formula: |pages > 0| / |has_book|. Source: guidance (regular), Fefer.
    """
    return each.facts.pages > 0 if each.facts.has_book else None


def hui(each: Regularity) -> bool | None:
    """A hui was held at least once.

    Formula: |hui > 0| / |students|. Source: guidance (formal and informal; meetings celebrate success).
    """
    return each.facts.hui > 0


def hui_chosen(each: Regularity) -> bool | None:
    """Of those with a hui: the family chose the time and the people, each time.

    Formula: |hui_chosen = hui_held| / |hui_held > 0|; chosen: two times or more were offered, and everybody the school
    proposed had a yes or a no before it began. Source: IEP (who whānau want at the table), ERO (being partners).
    """
    return each.facts.hui_chosen == each.facts.hui_held if each.facts.hui_held else None


def hui_voiced(each: Regularity) -> bool | None:
    """Of those with a hui: the student or the family had said something before it, each time.

    Formula: |hui_voiced = hui_held| / |hui_held > 0|. Source: IEP (students are involved in their own plans as far as
    can be; whānau shape the goals).
    """
    return each.facts.hui_voiced == each.facts.hui_held if each.facts.hui_held else None


def hui_steps(each: Regularity) -> bool | None:
    """Of those with a next step whose day came: all were done by then; one that was explained instead was not done.

    Formula: |steps_in_time = steps_due| / |steps_due > 0|. Source: IEP (roles are defined, and responsibility for
    decisions is shared); that the day counts is the service's own.
    """
    return each.facts.steps_in_time == each.facts.steps_due if each.facts.steps_due else None


def prompted(each: Regularity) -> bool | None:
    """A teacher who chose to be asked was asked about them at least once.

    Formula: |prompts > 0| / |students|. Source: the service's own; reminders that stop are soon missed.
    """
    return each.facts.prompts > 0


def helped(each: Regularity) -> bool | None:
    """Of those asked about: good news or a talk followed within three days at least once.

    Formula: |prompts_helped > 0| / |prompts > 0|. Source: the service's own; three days reach over a weekend.
    """
    return each.facts.prompts_helped > 0 if each.facts.prompts else None


MEASURES: dict[str, Measure] = {
    each.__name__: each
    for each in (
        heard, steady, reached, reo, other, timely, checked, answered, wrote, replied, begun, balanced, phrase,
        own_words, spoken, page, hui, hui_chosen, hui_voiced, hui_steps, prompted, helped,
    )
}  # fmt: skip


def behind(found: Iterable[Regularity], name: str) -> tuple[list[Regularity], list[Regularity]]:
    """The students behind a measure: who has it, and who has it not; whoever it cannot be asked of is in neither."""
    has = MEASURES[name]
    sides: tuple[list[Regularity], list[Regularity]] = ([], [])
    for each in found:
        if (yes := has(each)) is not None:
            sides[not yes].append(each)
    return sides


def waiting(found: Iterable[Regularity]) -> list[Regularity]:
    """Those who have not heard good news for ten school days, the longest wait first."""
    return sorted(
        (each for each in found if each.waiting), key=lambda each: (-each.waited, each.facts.name, each.facts.id)
    )
