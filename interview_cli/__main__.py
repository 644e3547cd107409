"""`interview`, and `python -m interview_cli`."""

import gc
import os
import sys


def main() -> None:
    """Runs the command line and leaves with its status."""
    # A short-lived program: collecting garbage is a tenth of its start and a fifth of its end.
    gc.disable()
    from interview_cli.cli.app import run

    status = run(sys.argv[1:])
    # Everything is on disk and flushed; taking the interpreter apart would only take time.
    os._exit(status)


if __name__ == "__main__":
    main()
