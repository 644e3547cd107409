"""A process started ahead of the source that it will hold, where the zygote cannot fork.

Run as a script, `python -I spare.py REQUESTS ANSWERS LANGUAGE JUDGE`.
"""

import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    zygote = runpy.run_path(str(Path(__file__).with_name("zygote.py")))
    module, warm = zygote["module"], zygote["warm"]
    requests, answers, language, judge = sys.argv[1:]
    wall = module("wall")
    wall.die_with_parent(int(judge))
    warm(language)
    worker, wire = module("worker"), module("wire")
    closing = wall.Wall()
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(int(requests), 1)
        if not part:
            os._exit(0)  # never needed
        line += part
    walls = closing.close_in(wall.Limits(**json.loads(line)))
    worker.serve(int(requests), int(answers), wire, {"ready": walls})


if __name__ == "__main__":
    main()
