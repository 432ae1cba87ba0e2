"""The command line: each command is one act, answered in plain sentences; its code is loaded when it is called."""

from __future__ import annotations

import click

from commsbridge.cli.commands import LateGroup

# In the order in which they are listed.
COMMANDS = {
    "demo": "commsbridge.demo:demo",
    "config": "commsbridge.cli.checking:config",
    "migrate": "commsbridge.cli.migrating:migrate",
    "serve": "commsbridge.cli.serving:serve",
    "work": "commsbridge.cli.working:work",
    "backup": "commsbridge.cli.backing_up:backup",
    "restore": "commsbridge.cli.restoring:restore",
    "school": "commsbridge.cli.schools:school",
    "calendar": "commsbridge.cli.calendar:calendar",
    "staff": "commsbridge.cli.staff:staff",
    "sender": "commsbridge.cli.senders:sender",
    "praise": "commsbridge.cli.praise:praise",
    "log": "commsbridge.cli.log:log",
    "words": "commsbridge.cli.words:words",
    "evaluate": "commsbridge.cli.evaluating:evaluate",
    "catalogues": "commsbridge.cli.catalogues:catalogues",
}


@click.group(cls=LateGroup, places=COMMANDS)
@click.version_option(package_name="commsbridge")
def main() -> None:
    """Good news from school, in the language of the home, that can be answered with a thumb.

    Settings are read from variables that begin with COMMSBRIDGE_; docs/running.md lists them, and
    `commsbridge config check` says which are missing.
    """


__all__ = ["main"]
