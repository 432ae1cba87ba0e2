"""What every command shares: it is loaded late, and each expected no becomes a sentence and the exit code 1."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from commsbridge.cli.database_troubles import told
from commsbridge.foundation.errors import Refusal
from commsbridge.foundation.language import Language, say
from commsbridge.settings import SettingsError


class Verb(click.Command):
    """A command whose refusals, missing settings and database troubles are answers, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Do it; raises click.ClickException with the sentence of an expected no."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(self._sentence(refusal)) from refusal
        except SettingsError as error:
            raise click.ClickException("\n".join(error.problems)) from error
        except (DBAPIError, psycopg.Error) as error:
            sentence = told(error)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}.") from error

    def _sentence(self, refusal: Refusal) -> str:
        """The refusal in English, with the option it belongs to where it has one."""
        sentence = say(Language.EN, refusal.sentence, **refusal.slots)
        options = {parameter.name: parameter for parameter in self.params}
        option = options.get(refusal.field or "")
        return f"{option.opts[-1]}: {sentence}" if option else sentence


class Verbs(click.Group):
    """A group of such commands: ``@group.command()`` makes one."""

    command_class = Verb
    group_class = type


class LateGroup(click.Group):
    """A group that imports a command when it is asked for: ``places`` maps its name to "module:attribute".

    So `commsbridge catalogues check` loads no web server, and a room that is broken breaks its own command alone.
    """

    def __init__(self, *, places: Mapping[str, str], **settings: Any) -> None:
        super().__init__(**settings)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in their order."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one; None when there is none of this name."""
        if cmd_name not in self.places:
            return None
        module, attribute = self.places[cmd_name].split(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            msg = f"{self.places[cmd_name]} is no command"
            raise TypeError(msg)
        return command
