"""Runs migrations as the owner role, with lock and statement timeouts so that a busy school is never frozen."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from commsbridge.books import models as books_models
from commsbridge.bots import models as bots_models
from commsbridge.conversations import models as conversations_models
from commsbridge.conversations.safety import models as safety_models
from commsbridge.foundation.database import Model
from commsbridge.meetings import form_models as hui_form_models
from commsbridge.meetings import models as meetings_models
from commsbridge.meetings import question_models as hui_question_models
from commsbridge.meetings import term_models as hui_term_models
from commsbridge.meetings import together_models as hui_together_models
from commsbridge.messages import models as messages_models
from commsbridge.partnership import models as partnership_models
from commsbridge.plans import models as plans_models
from commsbridge.prompts import models as prompts_models
from commsbridge.pulse import models as pulse_models
from commsbridge.reports import models as reports_models
from commsbridge.schools import models as schools_models
from commsbridge.specialists import models as specialists_models
from commsbridge.students import models as students_models
from commsbridge.support import models as support_models
from commsbridge.tasks import models as tasks_models
from commsbridge.whanau import models as whanau_models

ROOMS = (
    schools_models,
    partnership_models,
    tasks_models,
    students_models,
    whanau_models,
    messages_models,
    conversations_models,
    books_models,
    pulse_models,
    reports_models,
    safety_models,
    prompts_models,
    bots_models,
    support_models,
    hui_form_models,
    hui_question_models,
    hui_term_models,
    hui_together_models,
    meetings_models,
    plans_models,
    specialists_models,
)


def run(connection: Connection) -> None:
    """Run every missing migration over ``connection``, each in a transaction of its own."""
    context.configure(connection=connection, target_metadata=Model.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.execute("SET lock_timeout = '5s'")
        context.execute("SET statement_timeout = '15min'")
        context.run_migrations()


def online() -> None:
    """Connect with the URL the caller gave and run."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(7261011)"))
        connection.commit()
        run(connection)
        connection.commit()


if context.is_offline_mode():
    context.configure(url="postgresql+psycopg://", target_metadata=Model.metadata, literal_binds=True)
    with context.begin_transaction():
        context.execute("SET lock_timeout = '5s'")
        context.execute("SET statement_timeout = '15min'")
        context.run_migrations()
else:
    online()
