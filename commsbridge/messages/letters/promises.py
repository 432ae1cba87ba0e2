"""What an English letter says to somebody who asked for te reo Māori, where its te reo may not leave yet."""

from __future__ import annotations

from commsbridge.foundation.language import N_

# Without "Māori": one macron would make two texts of many an English one.
# The same letter comes in te reo as soon as its wordings are checked, while it is still news.
FOLLOWS = N_("Te reo follows once a person has checked these words.")
# An answer of the service, or a welcome: nothing of it comes twice.
LATER = N_("We will write in te reo once a person has checked our words.")
