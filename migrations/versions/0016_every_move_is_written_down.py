"""A delivery goes only where one may go, and each move is written down in the transaction that makes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOVES = {
    "queued": ("sending", "held", "cancelled", "failed", "uncertain", "sent", "delivered"),
    "held": ("queued", "by_hand", "cancelled", "failed", "sent", "delivered"),
    "by_hand": ("delivered", "failed", "held", "cancelled"),
    "sending": ("sent", "failed", "queued", "uncertain", "delivered"),
    "uncertain": ("sent", "delivered", "failed", "queued", "held", "cancelled"),
    "sent": ("delivered", "failed"),
    "failed": ("sent", "delivered"),
    "cancelled": ("queued", "sent", "delivered", "failed"),
}
FUNCTION = """
CREATE FUNCTION move_delivery() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    move text := OLD.state || ' to ' || NEW.state;
    fault text;
BEGIN
    IF NOT move = ANY (ARRAY[{moves}]) THEN
        fault := 'no delivery goes so';
    ELSIF NEW.state = 'sending' AND (NEW.worker IS NULL OR NEW.attempt <> OLD.attempt + 1) THEN
        fault := 'a claim names its worker and counts the try';
    ELSIF OLD.state = 'sending' AND NEW.attempt <> OLD.attempt THEN
        fault := 'an answer belongs to the try that was claimed';
    ELSIF NEW.attempt = 0 AND OLD.state <> 'by_hand'
          AND (NEW.state IN ('sent', 'delivered') OR move = 'cancelled to failed') THEN
        fault := 'nothing is reported of what was never tried';
    ELSIF move = 'cancelled to queued' AND coalesce(OLD.why NOT IN ('same_phone', 'told_once'), true) THEN
        fault := 'what was withdrawn stays withdrawn';
    ELSIF move = 'queued to uncertain' AND NEW.code IS DISTINCT FROM 'restored' THEN
        fault := 'what waits is in no doubt';
    END IF;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'delivery % may not move from %: %', NEW.id, move, fault USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO delivery_moves (school_id, delivery_id, came_from, went_to, attempt, worker, why, code)
    VALUES (NEW.school_id, NEW.id, OLD.state, NEW.state, NEW.attempt, coalesce(NEW.worker, OLD.worker), NEW.why,
            NEW.code);
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Apply. The version before this one makes no other moves, so it keeps running meanwhile."""
    op.create_table(
        "delivery_moves",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("school_id", sa.Uuid(), server_default=sa.text("current_school()"), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("came_from", sa.String(length=10), nullable=False),
        sa.Column("went_to", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_delivery_moves_school_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_delivery_moves")),
    )
    op.create_index("ix_delivery_moves_delivery", "delivery_moves", ["school_id", "delivery_id"], unique=False)
    op.execute("ALTER TABLE delivery_moves ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE delivery_moves FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY school_wall ON delivery_moves "
        "USING (school_id = current_school()) WITH CHECK (school_id = current_school())"
    )
    op.execute("CREATE POLICY backup ON delivery_moves FOR SELECT TO commsbridge_owner USING (true)")
    # Written by the trigger alone, which acts as the owner: nobody else may.
    op.execute("CREATE POLICY by_trigger ON delivery_moves FOR INSERT TO commsbridge_owner WITH CHECK (true)")
    op.execute("GRANT SELECT ON delivery_moves TO commsbridge_app")
    op.execute("GRANT DELETE ON workers_seen TO commsbridge_app")
    moves = ", ".join(f"'{before} to {after}'" for before, several in MOVES.items() for after in several)
    op.execute(FUNCTION.format(moves=moves))
    op.execute(
        "CREATE TRIGGER delivery_moves BEFORE UPDATE OF state ON deliveries FOR EACH ROW "
        "WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION move_delivery()"
    )
