"""`commsbridge evaluate SUBJECT FILE`: how a judgement does on a labelled set, by the code that production runs."""

from __future__ import annotations

import click

from commsbridge.cli.commands import LateGroup

# One subject a module, in the order in which they are listed.
SUBJECTS = {
    "language": "commsbridge.cli.evaluating.language:language",
    "wording": "commsbridge.cli.evaluating.wording:wording",
    "safety": "commsbridge.cli.evaluating.safety:safety",
    "questions": "commsbridge.cli.evaluating.questions:questions",
    "replies": "commsbridge.cli.evaluating.replies:replies",
}


@click.group(cls=LateGroup, places=SUBJECTS)
def evaluate() -> None:
    """Score a judgement about people's words on a labelled set, the repository's own or yours.

    A set is a table: tab-separated, a header, UTF-8 in NFC, no quoting; extra columns are ignored. tests/labelled holds
    ours. Nothing is kept of what is read.
    """


__all__ = ["evaluate"]
