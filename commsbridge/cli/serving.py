"""The web server: gunicorn in this process, its log in our own lines."""

from __future__ import annotations

from typing import Any

import click
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from commsbridge.app import make_application, set_up_logs
from commsbridge.cli.commands import Verb
from commsbridge.settings import read_settings

log = structlog.get_logger()

# A request that takes longer is cut off, and its process replaced; one of the carriers waits 15 s at most.
REQUEST_SECONDS = 60
# A pool of WEB_CONNECTIONS and as many again (app.py): more threads would wait for a connection.
MOST_THREADS = 20


class LineLogger(Logger):  # type: ignore[misc]
    """Gunicorn's own notes as our log lines; what would quote a request's path, or an address, is cut to its kind."""

    def setup(self, cfg: object) -> None:
        """Keep gunicorn's handlers away."""
        super().setup(cfg)
        self.error_log.handlers.clear()

    def info(self, msg: str, *args: object, **_settings: object) -> None:
        """A note."""
        log.info("server.note", says=_filled(msg, args))

    def warning(self, msg: str, *args: object, **_settings: object) -> None:
        """A warning; one about a request that cannot be read quotes the request."""
        if msg.startswith("Invalid request"):
            log.warning("server.unreadable_request")
        else:
            log.warning("server.warning", says=_filled(msg, args))

    def error(self, msg: str, *args: object, **_settings: object) -> None:
        """An error of the server itself."""
        log.error("server.error", says=_filled(msg, args))

    critical = error

    def exception(self, msg: str, *_args: object, **_settings: object) -> None:
        """A bug outside the application: its arguments are paths, its traceback may hold words."""
        log.error("server.bug", says=str(msg).partition("%")[0].strip())


def _filled(msg: str, args: tuple[object, ...]) -> str:
    return msg % args if args else msg


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn over our application; each process makes its own, after the fork, so that no connection is shared."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options, and nothing from files or variables."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of this process."""
        return make_application()


@click.command(cls=Verb)
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen at, or unix:PATH.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen at.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, MOST_THREADS), help="Threads of each.")
def serve(bind: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages and the hooks.

    Put a proxy with TLS in front. SIGTERM lets every request that has begun end first.
    """
    read_settings()
    set_up_logs()
    Server(
        {
            "bind": bind if bind.startswith("unix:") else f"{bind}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": threads,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": REQUEST_SECONDS,
            "logger_class": LineLogger,
            "control_socket_disable": True,
            "proc_name": "commsbridge",
        }
    ).run()
