"""One's own devices: browsers that take prompts as notices, added on the device itself and taken away anywhere."""

from __future__ import annotations

import uuid

from flask import render_template, request
from werkzeug.wrappers import Response

from commsbridge import schools
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission, StaffDevice
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, language, read_id, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import one_act
from commsbridge.web.shown import Shown

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)
NOT_ARRANGED = N_("This school cannot send notices to devices yet. Ask whoever runs the service.")
ADDED = N_("Added on %(day)s, at %(time)s")
GONE = N_("It takes no prompts any more: its browser has forgotten us. Add it again there, or take it away here.")
FAILED = N_("The last prompt did not reach it. If that goes on, take it away, and add it again there.")
TOLD = {
    "add": N_("This device is added. Now choose it for your prompts."),
    "drop": N_("Nothing goes to that device any more."),
    "names": N_("Kept."),
}


@pages.route("/devices", PRAISES, methods=("GET", "POST"), endpoint="devices")
def show_devices() -> str | tuple[str, int] | Response:
    """The devices on which whoever looks takes prompts: one added, one taken away, names shown on it or not."""
    return one_act("devices", _page, _act)


def _act(here: Here, act: str) -> None:
    work, staff_id = here.work, here.viewer.staff_id
    device_id = read_id(request.form.get("device_id")) or uuid.UUID(int=0)
    if act == "add":
        if not runtime().gateways.pushes.application_key:
            raise Conflict(NOT_ARRANGED)
        endpoint, p256dh, auth = (request.form.get(field, "") for field in ("endpoint", "p256dh", "auth"))
        service_url = runtime().settings.push_service_url
        schools.add_device(work, staff_id, endpoint=endpoint, p256dh=p256dh, auth=auth, service_url=service_url)
    elif act == "drop":
        schools.drop_device(work, staff_id, device_id)
    elif act == "names":
        schools.name_children_on(work, staff_id, device_id, names=bool(request.form.get("names")))
    else:
        raise Invalid(N_("That button does not work any more. Open the page again."))


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    key = runtime().gateways.pushes.application_key
    return render_template(
        "devices.html",
        devices=[_row(shown, each) for each in schools.devices_told(work, here.viewer.staff_id)],
        application_key=key,
        not_arranged=None if key else shown.say(NOT_ARRANGED),
        errors=errors,
        told=shown.say(TOLD[request.args["told"]]) if request.args.get("told") in TOLD and not errors else None,
    )


def _row(shown: Shown, device: StaffDevice) -> dict[str, object]:
    added = shown.date(shown.calendar.local(device.added_at).date())
    heed = GONE if device.gone else FAILED if device.failed_at is not None else None
    return {
        "id": device.id,
        "name": shown.say(ADDED, day=added, time=shown.time(device.added_at)),
        "heed": shown.say(heed) if heed else None,
        "gone": device.gone,
        "names": device.names,
    }
