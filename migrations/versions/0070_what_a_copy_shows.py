"""An entry of a copy that was asked for may be a photo, a voice note or a picture."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"

FILES = {"photo_id": "photos", "sound_id": "book_sounds", "picture_id": "reply_pictures"}


def upgrade() -> None:
    """Apply: three columns; the version before this one writes entries of words alone."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, table in FILES.items():
        op.add_column("asked_items", sa.Column(name, sa.Uuid(), nullable=True))
        op.execute(
            f"ALTER TABLE asked_items ADD CONSTRAINT fk_asked_items_school_id_{name} "
            f"FOREIGN KEY (school_id, {name}) REFERENCES {table} (school_id, id) NOT VALID"
        )
    op.execute(
        "ALTER TABLE asked_items ADD CONSTRAINT ck_asked_items_one_file "
        "CHECK (num_nonnulls(photo_id, sound_id, picture_id) <= 1) NOT VALID"
    )
    with op.get_context().autocommit_block():
        for name in FILES:
            op.execute(f"ALTER TABLE asked_items VALIDATE CONSTRAINT fk_asked_items_school_id_{name}")
        op.execute("ALTER TABLE asked_items VALIDATE CONSTRAINT ck_asked_items_one_file")
