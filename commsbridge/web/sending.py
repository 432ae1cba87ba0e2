"""How sending goes, for a school's leaders: alarms, senders, what waits, the budget, and the school's own rules."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_dates import money
from commsbridge.messages import AlarmKind, SchoolHealth, SenderHealth
from commsbridge.schools import Duty, Permission, Role, Sender, SenderKind, Sending
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
LEADS = may(Permission.SET_SENDING)
NONE_YET = N_("Nothing was sent in the last day.")
FARED = N_("%(handed)s handed over in the last day, %(failed)s did not arrive (%(percent)s %%).")
WAITING = N_("%(num)s waiting, the first since %(when)s.")
DOUBT = N_("We do not know whether %(num)s of them went.")
SPENT = N_("This month’s texts have cost about %(spent)s.")
OF_BUDGET = N_("This month’s texts have cost about %(spent)s of %(budget)s.")
WORKER_SEEN = N_("Sending works: last seen %(seconds)s seconds ago.")
WORKER_SILENT = N_("Sending stopped %(minutes)s minutes ago. Tell the people who run this service.")
WORKER_NEVER = N_("Sending has not started yet. Tell the people who run this service.")
CLOCK_SEEN = N_("The clock for prompts works: last seen %(seconds)s seconds ago.")
CLOCK_SILENT = N_("The clock for prompts stopped %(minutes)s minutes ago. Tell the people who run this service.")
CLOCK_NEVER = N_("The clock for prompts has not started yet. Tell the people who run this service.")
SAID_OF = {
    Duty.WORKER: (WORKER_SEEN, WORKER_SILENT, WORKER_NEVER),
    Duty.CLOCK: (CLOCK_SEEN, CLOCK_SILENT, CLOCK_NEVER),
}
WHOLE = N_("All together: %(handed)s handed over in the last day, %(failed)s did not arrive (%(percent)s %%).")
SILENT_SECONDS = 60
URGENT_ROLES = {
    Role.KAIAKO: N_("Kaiako"),
    Role.LEARNING_SUPPORT: N_("Learning support"),
    Role.LEADER: N_("Leader"),
    Role.OFFICE: N_("Office"),
    Role.CHILD_PROTECTION: N_("Child protection"),
}
SAVED = N_("Kept.")
NO_AMOUNT = N_("Write dollars like 12.50.")


@pages.route("/school/sending", LEADS, methods=("GET", "POST"))
def sending() -> str | tuple[str, int] | Response:
    """Look how sending goes, or change the school's rules."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here, {})
        errors = kept(here.work, lambda: schools.set_sending(here.work, _typed()))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("sending", saved="yes"))


def _typed() -> Sending:
    cents = _cents("text_cents")
    budget = _cents("budget")
    if cents is None:
        raise Invalid(NO_AMOUNT, field="text_cents")
    return Sending(
        praise_on_school_days=request.form.get("praise_on_school_days") == "yes",
        notices_on_school_days=request.form.get("notices_on_school_days") == "yes",
        urgent_roles=frozenset(role for role in URGENT_ROLES if request.form.get(f"urgent-{role.value}") == "yes"),
        text_cents=cents,
        budget_cents=round(budget) if budget is not None else None,
    )


def _cents(field: str) -> float | None:
    """Dollars as they were typed, in cents; None where the field was left empty. Raises Invalid for anything else."""
    written = request.form.get(field, "").strip().lstrip("$")
    if not written:
        return None
    whole, _, part = written.partition(".")
    if not (whole or part) or not (whole + part).isdecimal() or len(written) > 10:
        raise Invalid(NO_AMOUNT, field=field)
    return float(written) * 100


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    rules = schools.sending_of(work)
    health = {each.sender_id: each for each in messages.senders_health(work.session, work.now)}
    alarms = messages.open_alarms(work)
    return render_template(
        "sending.html",
        saved=shown.say(SAVED) if request.args.get("saved") and not errors else None,
        seen=_seen(shown),
        fared=_fared(shown, health),
        alarms=[
            {
                "day": shown.day(alarm.since_at),
                "time": shown.time(alarm.since_at),
                "iso": shown.iso(alarm.since_at),
                "sentence": shown.say(messages.SAYS[alarm.kind]),
                "stopped": alarm.kind is AlarmKind.BULK_STOPPED,
            }
            for alarm in alarms
        ],
        senders=[_sender(shown, each, health.get(each.id)) for each in schools.senders_of(work)],
        spent=_spent(here, shown, rules),
        values={
            "praise_on_school_days": rules.praise_on_school_days,
            "notices_on_school_days": rules.notices_on_school_days,
            "text_cents": request.form.get("text_cents", f"{rules.text_cents / 100:.4g}"),
            "budget": request.form.get("budget", f"{rules.budget_cents / 100:.2f}" if rules.budget_cents else ""),
        },
        urgent=[
            {"name": f"urgent-{role.value}", "label": shown.say(label), "on": role in rules.urgent_roles}
            for role, label in URGENT_ROLES.items()
        ],
        errors=errors,
    )


def _seen(shown: Shown) -> list[dict[str, str]]:
    """When somebody was last there to send, and to ask teachers at the times they chose."""
    with runtime().lobby() as lobby:
        silent = {duty: schools.silent_for(lobby, duty) for duty in Duty}
    return [_silence(shown, SAID_OF[duty], seconds) for duty, seconds in silent.items()]


def _silence(shown: Shown, said: tuple[str, str, str], silent: float | None) -> dict[str, str]:
    seen, quiet, never = said
    if silent is None:
        return {"kind": "amiss", "sentence": shown.say(never)}
    if silent > SILENT_SECONDS:
        return {"kind": "amiss", "sentence": shown.say(quiet, minutes=max(1, round(silent / 60)))}
    return {"kind": "", "sentence": shown.say(seen, seconds=round(silent))}


def _fared(shown: Shown, health: dict[uuid.UUID, SenderHealth]) -> str | None:
    """How the school's messages of the last day fared, all senders together; None where there is but one to tell of."""
    whole = messages.schools_health(health.values())
    if len(health) < 2 or not whole or not whole[0].handed:
        return None
    return shown.say(WHOLE, handed=whole[0].handed, failed=whole[0].failed, percent=_percent(whole[0]))


def _percent(health: SenderHealth | SchoolHealth) -> str:
    return f"{100 * health.failed / health.handed:.1f}"


def _sender(shown: Shown, sender: Sender, health: SenderHealth | None) -> dict[str, Any]:
    rate = health.failure_rate if health else 0.0
    told = [shown.say(NONE_YET)]
    if health is not None and health.handed:
        told = [shown.say(FARED, handed=health.handed, failed=health.failed, percent=_percent(health))]
    if health is not None and health.oldest_at is not None:
        told.append(shown.say(WAITING, num=health.waiting, when=shown.until(health.oldest_at)))
    if health is not None and health.uncertain:
        told.append(shown.say(DOUBT, num=health.uncertain))
    mail = sender.kind is SenderKind.MAIL
    return {
        "icon": "mail" if mail else "text",
        "label": show_phone(sender.address) if sender.address.startswith("+") else sender.address,
        "kind": "amiss" if sender.alarm or rate >= messages.STOP_RATE else "heed" if rate >= messages.WARN_RATE else "",
        "sentence": " ".join(told),
    }


def _spent(here: Here, shown: Shown, rules: Sending) -> str:
    """What this month's texts have cost, all languages together: a price is never shown beside a language."""
    work = here.work
    segments = messages.segments_since(work.session, messages.month_began(work)).get(work.school_id, 0)
    spent = money(round(segments * rules.text_cents))
    if rules.budget_cents is None:
        return shown.say(SPENT, spent=spent)
    return shown.say(OF_BUDGET, spent=spent, budget=money(rules.budget_cents))


@pages.route("/school/sending/go", LEADS, methods=("POST",))
def let_bulk_go() -> Response:
    """Somebody has looked: what goes to many goes again."""
    with at_school() as here:
        messages.let_bulk_go(here.work)
    return redirect(url_for("sending"))
