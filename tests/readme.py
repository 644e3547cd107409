"""`python tests/readme.py use` prints the README's command that stands below <!-- use -->."""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def command(name: str) -> str:
    """The shell command in the fence below the comment of that name."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n```sh\n(.+?)\n```", text, re.DOTALL)
    if found is None:
        raise SystemExit(f"README.md has no command below <!-- {name} -->")
    return found[1]


if __name__ == "__main__":
    print(command(sys.argv[1]))
