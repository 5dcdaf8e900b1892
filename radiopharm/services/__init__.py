"""One function per use case: read, decide, write."""
