"""What the web server and the `flask` command find."""

from radiopharm.application import create_app

app = create_app()
