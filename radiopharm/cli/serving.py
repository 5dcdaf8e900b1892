"""`flask serve`: the web server, if it is safe to start."""

import os
import sys
import tempfile

import click
from flask.cli import with_appcontext

from radiopharm.cli.safety import require_safe


@click.command("serve")
@click.option("--host", envvar="RADIOPHARM_HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--workers", envvar="RADIOPHARM_WORKERS", default=2, show_default=True)
@click.option("--threads", envvar="RADIOPHARM_THREADS", default=4, show_default=True)
@with_appcontext
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Answer requests until stopped; becomes gunicorn once nothing unsafe is found."""
    require_safe(host=host)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="radiopharm-metrics-")
    command = [
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--config", "python:radiopharm.workers"),
        *("--bind", f"{host}:{port}"),
        *("--workers", str(workers)),
        *("--threads", str(threads)),
    ]
    os.execv(sys.executable, command)
