"""`python -m tests.machine`: does this machine have what the tests need; what is missing is said.

A PostgreSQL comes from Debian or from a locked wheel; Chromium is Debian's, fetched when we may.
Without either nothing is skipped: the run fails here, before the first test.
"""

import os
import shutil
import subprocess
import sys

from tests import postgres

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = "The browser tests need Chromium: apt-get install chromium"
NO_POSTGRESQL = "The tests need PostgreSQL, and none starts here: apt-get install postgresql"


def chromium() -> str:
    """The browser's path; an error that says what to do when there is none."""
    for name in CHROMIUM:
        if found := shutil.which(name):
            return found
    raise RuntimeError(NO_CHROMIUM)


def main() -> None:
    """Fetch the browser if need be and start a PostgreSQL once; exit with a sentence if not."""
    if not any(map(shutil.which, CHROMIUM)) and os.geteuid() == 0 and shutil.which("apt-get"):
        _fetch_chromium()
    try:
        chromium()
        _try_postgresql()
    except RuntimeError as missing:
        sys.exit(str(missing))


def _fetch_chromium() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("update", "install --yes --no-install-recommends chromium"):
        subprocess.run(["apt-get", "-qq", *command.split()], env=quiet, check=False)


def _try_postgresql() -> None:
    try:
        with postgres.server():
            pass
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(NO_POSTGRESQL) from error


if __name__ == "__main__":
    main()
