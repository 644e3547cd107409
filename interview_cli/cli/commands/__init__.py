"""One file a command: it parses, calls, and hands the value to a view."""
