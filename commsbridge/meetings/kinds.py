"""What a hui may be for, who may be at the table, and what agendas begin with: words in both languages, as data."""

from __future__ import annotations

from dataclasses import dataclass

from commsbridge.foundation.language import N_
from commsbridge.meetings.models import HuiKind

KIND_NAMES = {
    HuiKind.IEP: N_("individual plan (IEP)"),
    HuiKind.INTERVIEW: N_("a longer talk"),
    HuiKind.CATCH_UP: N_("a catch-up"),
    HuiKind.TRANSITION: N_("a move to a new class or school"),
    HuiKind.RESTORATIVE: N_("putting things right together"),
    HuiKind.OPEN: N_("what you would like to talk about"),
}
# What a text says of it: others may read a phone, so of putting things right it says nothing.
TOLD_KINDS = frozenset({HuiKind.IEP, HuiKind.INTERVIEW, HuiKind.CATCH_UP, HuiKind.TRANSITION})


@dataclass(frozen=True, slots=True)
class RoleAtTable:
    """A role at the table: its name, and in plain words what such a person does."""

    name: str
    does: str


ROLES = {
    "teacher": RoleAtTable(N_("Teacher"), N_("Teaches your child each day, and knows how school is for them.")),
    "aide": RoleAtTable(N_("Teacher aide"), N_("Helps in class, beside your child and others.")),
    "leader": RoleAtTable(N_("Principal or leader"), N_("Leads the school, and can decide about time and people.")),
    "senco": RoleAtTable(
        N_("SENCO"), N_("Special education needs coordinator: brings together the help a child gets at this school.")
    ),
    "lsc": RoleAtTable(
        N_("Learning support coordinator"), N_("Finds out with you what would help, and who can give it.")
    ),
    "rtlb": RoleAtTable(
        N_("RTLB"), N_("Resource teacher, learning and behaviour: works with teachers of several schools.")
    ),
    "kaitakawaenga": RoleAtTable(
        N_("Kaitakawaenga"),
        N_("Walks beside whānau, in te reo Māori and tikanga, between home, school and the Ministry."),
    ),
    "psychologist": RoleAtTable(
        N_("Psychologist"), N_("Helps to understand how a child learns, feels and behaves, and what may help.")
    ),
    "speech": RoleAtTable(
        N_("Speech-language therapist"), N_("Helps with talking, understanding, and eating and drinking safely.")
    ),
    "occupational": RoleAtTable(
        N_("Occupational therapist"), N_("Helps with everyday doing: writing, dressing, noise, moving, tools that fit.")
    ),
    "physio": RoleAtTable(N_("Physiotherapist"), N_("Helps with moving: sitting, standing, walking, playing.")),
    "advisor": RoleAtTable(
        N_("Learning support advisor"), N_("Works for the Ministry, and knows which help can be asked for.")
    ),
    "interpreter": RoleAtTable(
        N_("Interpreter"), N_("Says everything in the other language, adds nothing, and keeps it to themselves.")
    ),
    "whanau": RoleAtTable(N_("Whānau or friend"), N_("Somebody the family brings.")),
    "other": RoleAtTable(N_("Somebody else"), N_("Why they are there stands beside their name.")),
}
# Of these, what they do says nothing of the one who is named.
SAY_NOTHING = frozenset({"whanau", "other"})
# More people than this beside the family, and it is hard for anybody to speak freely.
MANY_PEOPLE = 5

# What the school may put on the agenda with a press; the family's own points always come first.
TEMPLATES = {
    HuiKind.IEP: (
        N_("What %(name)s is proud of, and what goes well"),
        N_("What %(name)s and whānau hope for"),
        N_("How the goals have gone since we last met"),
        N_("What to work on next, and what helps at home and at school"),
        N_("Who does what, and when we meet again"),
    ),
    HuiKind.INTERVIEW: (
        N_("What goes well for %(name)s"),
        N_("What whānau would like to know"),
        N_("What we could do together"),
    ),
    HuiKind.CATCH_UP: (N_("What goes well for %(name)s"), N_("What has changed since we last talked")),
    HuiKind.TRANSITION: (
        N_("What helps %(name)s feel safe and welcome"),
        N_("What the new people need to know"),
        N_("Visits, and the first days"),
    ),
    HuiKind.RESTORATIVE: (
        N_("What happened, as each of us saw it"),
        N_("Who has been affected, and how"),
        N_("What would put it right"),
        N_("What each of us will do"),
    ),
    HuiKind.OPEN: (N_("What goes well for %(name)s"), N_("What whānau would like to talk about")),
}
# For the page in the room: said once each, by whoever finds the right moment.
PROMPTS = (
    N_("Begin with what went well. Name one thing each."),
    N_("What does this child do well that we could build on?"),
    N_("What has worked before, at home or at school?"),
    N_("What would a good week look like?"),
    N_("What does this child love, and could talk about all day?"),
    N_("When is this child most at ease? Who is there, and what is around them?"),
    N_("What do whānau do at home that we at school could learn from?"),
    N_("What could we change around this child, so that they need not change themselves?"),
)
HARD_MOMENTS = (
    N_("“This matters. Let us take our time with it.”"),
    N_("“I hear that you see it differently. Tell us more.”"),
    N_("“We do not have to decide this today.”"),
    N_("“Shall we stop for a few minutes?”"),
    N_("“You know this child best. What are we not seeing?”"),
    N_("“What might this child be telling us with what they do?”"),
    N_("“We said that badly. Let us say it again.”"),
    N_("“What one small thing could be easier by next week?”"),
)
