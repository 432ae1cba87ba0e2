"""The two questions a school asks each term, as families read them: pure, one whole sentence each, in their language.

The first six are the elements of home-school partnership (leaders' commitment; trust and respect; a culture that
answers questions promptly; whānau contribute; community networks; communication that is timely, useful and easily
understood), from the home-school partnership guidance. The others are what parents of children with special needs
expect (to be valued, treated with respect, welcomed, partners, part of solutions, sharing responsibility), as the
Education Review Office found.
"""

from __future__ import annotations

from collections.abc import Sequence

from commsbridge.foundation.language import N_, Language
from commsbridge.messages.letters.layout import Block, Letter, Paragraph
from commsbridge.messages.letters.mails import CHANGE, dear, written
from commsbridge.messages.letters.parts import Reads, Recipient, School, TextSender
from commsbridge.messages.letters.texts import framed

QUESTIONS = {
    "leadership": N_("Do the school’s leaders show that they want to work with whānau?"),
    "trust": N_("Do you and the school trust each other?"),
    "answers": N_("When you ask the school something, do you get an answer soon?"),
    "contribute": N_("Can you help shape what happens at school?"),
    "networks": N_("Does the school help you find other whānau, or people who can help?"),
    "news": N_("Does news from school come in time, and is it easy to understand?"),
    "valued": N_("Does the school value what you know about your child?"),
    "respected": N_("Does the school treat you with respect?"),
    "welcome": N_("Do you feel welcome at school?"),
    "partners": N_("Are you a partner in decisions about your child?"),
    "solutions": N_("When something is hard, do you help find what works?"),
    "shared": N_("Do home and school share the work of helping your child?"),
}
# What each number says, from 1 on.
SAYS = (N_("No"), N_("A little"), N_("Mostly"), N_("Yes"))
INTRODUCED = N_("We ask two questions this term.")
BY_NUMBER = N_("Reply with a number: 1 no, 2 a little, 3 mostly, 4 yes.")
BY_LINK = N_("To answer costs nothing: %(link)s")
NOBODY_SEES = N_("Nobody at school is told who answered what.")
THANKS = N_("Thank you. Your answers are counted with those of others. Nobody at school is told who answered what.")
OVER = N_("Thank you. The time for these questions is over, so this is not counted.")
SUBJECT = N_("Two questions from school")
ANSWER_HERE = N_("Answer here")


def pulse_text(school: School, sender: TextSender, reads: Reads, *, question: str, link: str) -> str:
    """The text that asks: the first question and the numbers, or the link where an answer costs."""

    def block(language: Language) -> str:
        intro = school.text_say(language, INTRODUCED)
        if sender.reply_costs:
            return f"{intro} {school.text_say(language, BY_LINK, link=link)}"
        return " ".join([intro, *(school.text_say(language, each) for each in (QUESTIONS[question], BY_NUMBER))])

    return framed(school, sender, reads, block)


def pulse_next_text(school: School, sender: TextSender, reads: Reads, *, question: str) -> str:
    """A question with its numbers alone: the second, or the same again for a number that answers nothing."""
    return framed(
        school,
        sender,
        reads,
        lambda language: " ".join(school.text_say(language, each) for each in (QUESTIONS[question], BY_NUMBER)),
    )


def pulse_thanks_text(school: School, sender: TextSender, reads: Reads) -> str:
    """The answer to the last number."""
    return framed(school, sender, reads, lambda language: school.text_say(language, THANKS))


def pulse_over_text(school: School, sender: TextSender, reads: Reads) -> str:
    """The answer to a number that comes too late."""
    return framed(school, sender, reads, lambda language: school.text_say(language, OVER))


def pulse_mail(
    school: School, recipient: Recipient, *, questions: Sequence[str], link: str, change_link: str
) -> Letter:
    """The mail that asks: both questions, and where to answer."""

    def block(language: Language) -> Block:
        return Block(
            language,
            school.say(language, SUBJECT),
            (
                dear(school, language, recipient),
                Paragraph(school.say(language, INTRODUCED)),
                *(Paragraph(school.say(language, QUESTIONS[each]), "large") for each in questions),
                Paragraph(school.say(language, ANSWER_HERE), link=link),
                Paragraph(school.say(language, NOBODY_SEES), "small"),
                Paragraph(school.name(language)),
                Paragraph(school.say(language, CHANGE), "small", link=change_link),
            ),
        )

    return written(school, recipient.reads, block)
