"""How te reo is written: the names of days and months, and the long vowels of texts, are a school's choice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

CHOICES = {
    "day_names": ("day_names_are_known", ("traditional", "loan")),
    "text_vowels": ("text_vowels_are_known", ("macrons", "doubled", "plain")),
}


def upgrade() -> None:
    """Apply: two columns with the choice every school begins with, and checks of them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column, (name, values) in CHOICES.items():
        default = sa.Column(column, sa.String(length=max(map(len, values))), server_default=values[0], nullable=False)
        op.add_column("schools", default)
        named = ", ".join(f"'{value}'" for value in values)
        op.execute(f"ALTER TABLE schools ADD CONSTRAINT ck_schools_{name} CHECK ({column} IN ({named})) NOT VALID")
    with op.get_context().autocommit_block():
        for name, _ in CHOICES.values():
            op.execute(f"ALTER TABLE schools VALIDATE CONSTRAINT ck_schools_{name}")
