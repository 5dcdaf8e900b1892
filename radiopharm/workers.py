"""How gunicorn runs the application: its settings, by their names in gunicorn's manual.

Each worker builds the application for itself, so none inherits a database connection.
"""

import os
import shutil
from typing import Any

import click
from gunicorn.glogging import Logger
from prometheus_client import multiprocess

from radiopharm import logs


class JsonLogger(Logger):
    """gunicorn's own messages go where all our logs go."""

    def setup(self, cfg: Any) -> None:
        logs.configure()
        self.error_log.propagate = True
        self.error_log.setLevel("WARNING")


worker_class = "gthread"
control_socket_disable = True  # it would lie in the home folder
graceful_timeout = 20
logger_class = JsonLogger


def when_ready(server: Any) -> None:
    """Say where it is."""
    click.echo(f"radiopharm is at {' '.join(map(str, server.LISTENERS))}")


def child_exit(_server: Any, worker: Any) -> None:
    """A worker's gauges end with it."""
    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """The counts of this run end with it."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
