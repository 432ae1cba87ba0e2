"""What to notice in a child somebody is asked about: a goal, a strength, a value not praised yet this term."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commsbridge import books, messages, students
from commsbridge.foundation.language import KNOWN, N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.messages import Links, Noticing
from commsbridge.students import Student, StudentWords, Tells

GOAL = N_("They are working on: %(goal)s.")
OF_PLAN = N_("A goal of their plan:")
STRENGTHS = N_("Said of their strengths:")
VALUE = N_("Perhaps: %(value)s.")
# Of longer words the beginning is enough for an idea (letters).
LONGEST = 90
# What children work at by what a room above keeps, as it was typed, by child; None: no such room was handed in.
GoalsOf = Callable[[Work, Collection[uuid.UUID]], Mapping[uuid.UUID, Sequence[str]]] | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one child that can be noticed: goals, own words, the next value.

    ``goals`` are those of their book as (English, te reo Māori), ``of_plan`` those of their plan as they were typed.
    """

    goals: Sequence[tuple[str, str]] = ()
    of_plan: Sequence[str] = ()
    strengths: StudentWords | None = None
    value: str | None = None

    @property
    def has_own(self) -> bool:
        """Whether somebody wrote or said something of this child alone."""
        return bool(self.goals or self.of_plan) or self.strengths is not None

    def idea(self, language: Language, on: date, *, reads: bool) -> Noticing | None:
        """One idea, another one tomorrow; None when nothing is known.

        Goals and strengths are for whoever ``reads`` the child's page.
        """
        own = self._own(language) if reads else []
        if own:
            return own[on.toordinal() % len(own)]
        if self.value is None:
            return None
        return Noticing(say(language, VALUE, value=messages.value_name(self.value, language)))

    def _own(self, language: Language) -> list[Noticing]:
        titles = [te_reo if language is Language.MI else english for english, te_reo in self.goals]
        ideas = [Noticing(say(language, GOAL, goal=title)) for title in titles]
        named = {title for pair in self.goals for title in pair}
        ideas += [Noticing(say(language, OF_PLAN), _begins(words)) for words in self.of_plan if words not in named]
        if self.strengths is not None:
            spoken = KNOWN.get(self.strengths.language or "")
            ideas.append(Noticing(say(language, STRENGTHS), _begins(self.strengths.words), spoken))
        return ideas


def _begins(words: str) -> str:
    """The beginning of somebody's words, in one line."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else line[:LONGEST].rpartition(" ")[0] + " …"


def known_of(work: Work, student_ids: Collection[uuid.UUID], *, planned: GoalsOf = None) -> Mapping[uuid.UUID, Known]:
    """What can be noticed in each of these children, asked once for them all; ``planned`` tells the goals of plans."""
    if not student_ids:
        return {}
    goals = books.goals_named(work, student_ids)
    of_plan = planned(work, student_ids) if planned is not None else {}
    strengths = students.words_of_each(work, student_ids, Tells.STRENGTHS)
    values = messages.next_values(work, student_ids)
    return {
        each: Known(goals.get(each, ()), of_plan.get(each, ()), strengths.get(each), values.get(each))
        for each in student_ids
    }


@dataclass(frozen=True, slots=True)
class With:
    """What goes with a prompt: what is ``known`` of its children, whether its teacher ``reads`` their pages.

    ``tired``: two weeks led to nothing, so it asks kindly whether another time would suit.
    """

    known: Mapping[uuid.UUID, Known]
    reads: bool
    tired: bool
    links: Links

    def ideas(self, children: Sequence[Student], language: Language, on: date) -> dict[uuid.UUID, Noticing]:
        """What a message may say of these children, by id.

        A message is read over a shoulder: what may be about health, toileting or behaviour stays on the page, and the
        next value takes its place.
        """
        found = {}
        for child in children:
            of_child = self.known.get(child.id, Known())
            idea = of_child.idea(language, on, reads=self.reads)
            if (
                idea is not None
                and of_child.has_own
                and messages.questions_for(
                    f"{idea.says} {idea.words}", child_names=[child.preferred_name, child.name], other_children={}
                )
            ):
                idea = of_child.idea(language, on, reads=False)
            if idea is not None:
                found[child.id] = idea
        return found


def said_of(children: Sequence[Student], names: Sequence[str], ideas: Mapping[uuid.UUID, Noticing]) -> list[str]:
    """The ideas as sentences, in the order of the children; of several each under its name."""
    alone = len(children) == 1
    return [
        ideas[child.id].line if alone else f"{name}: {ideas[child.id].line}"
        for child, name in zip(children, names, strict=True)
        if child.id in ideas
    ]
