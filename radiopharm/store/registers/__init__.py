"""What registers read: one statement a question, and only what was recorded by `known_at`."""
