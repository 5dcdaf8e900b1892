"""What the web server and the `flask` command find."""

import sys

from config.settings import BadSetting
from radiopharm.application import create_app

try:
    app = create_app()
except BadSetting as bad:
    sys.exit(f"radiopharm does not start: {bad}")
