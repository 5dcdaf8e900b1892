"""One marshmallow schema per command, for forms and JSON alike."""
