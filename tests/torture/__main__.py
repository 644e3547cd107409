"""`python -m tests.torture [--share 0.05] [names]`: a line of figures each.

Exit status 1 when a promise is broken.
"""

import argparse
import gc
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from tests.torture import Broken

NAMES = ("kills", "cuts", "faults", "crowd", "merges", "million", "decks")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--share", type=float, default=1.0, help="of the whole, 0 to 1")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="all if none is given")
    given = parser.parse_args(arguments)
    gc.disable()  # as `interview` does
    status = 0
    for name in given.names or NAMES:
        began = time.perf_counter()
        try:
            with tempfile.TemporaryDirectory(prefix=f"interview-{name}-") as folder:
                run = import_module(f"tests.torture.{name}").run
                figures = run(Path(folder), given.share, given.seed)
        except Broken as broken:
            figures, status = f"BROKEN: {broken}", 1
        seconds = time.perf_counter() - began
        print(f"{name:8} {figures} ({seconds:.1f} s)", flush=True)
        gc.collect()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
