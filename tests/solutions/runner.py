"""Runs snippets, each in a namespace of its own, and says what each printed: JSON in, JSON out."""

import io
import json
import sys
import traceback
import warnings
from contextlib import redirect_stdout


def printed(code: str) -> str:
    """What a snippet prints; an exception nobody catches ends it, as in a terminal."""
    out = io.StringIO()
    with redirect_stdout(out):
        try:
            exec(compile(code, "<snippet>", "exec"), {"__name__": "__main__"})
        except BaseException:
            out.write(traceback.format_exc())
    return out.getvalue()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    json.dump([printed(code) for code in json.load(sys.stdin)], sys.stdout)
