"""The names of what stands in a plan: its parts, where something is done, and what an adjustment changes."""

from __future__ import annotations

from commsbridge.foundation.language import N_
from commsbridge.plans import Around, Part, Place

PARTS = {
    Part.HOPES: N_("Strengths, interests and hopes"),
    Part.NOW: N_("How things are now"),
    Part.GOAL: N_("Goals"),
    Part.ADJUSTMENT: N_("What changes around the child"),
    Part.RESOURCE: N_("What is needed for it"),
    Part.STRATEGY: N_("What we do, at school and at home"),
}
PLACES = {
    Place.CLASS: N_("In class"),
    Place.PLAYGROUND: N_("In the playground"),
    Place.HOME: N_("At home"),
}
AROUND = {
    Around.ENVIRONMENT: N_("The room and what is around"),
    Around.TASK: N_("Tasks"),
    Around.ROUTINE: N_("Routines"),
}
