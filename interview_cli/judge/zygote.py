"""A warm process that has imported numpy, and torch if asked, and forks a child for every source.

Run as a script, `python -I zygote.py SOCKET LANGUAGE`. It never sees a submission, a spec or an
answer: what is not in its memory cannot be read by what it forks. It ends with the judge.

    judge  -> {"do": "fork", "limits": {...}} and descriptors: requests, answers, output, folder
    zygote -> {"pid": 123}
    judge  -> {"do": "end", "pid": 123}     kills it and all its kin, if it still runs
    zygote -> {"status": -9}                its exit status; null if it never bore it
"""

import contextlib
import gc
import importlib.util
import json
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MAX_REQUEST = 4096


def module(name: str) -> Any:
    """A neighbour by its path: interview_cli itself is nothing that a child should know."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


def warm(language: str) -> None:
    """Everything that a submission is likely to need, imported before the clock runs."""
    import numpy as np

    # torch's optimizers ask at their import where temporary files go; none can be written.
    tempfile.tempdir = "/tmp"
    np.random.default_rng(0).normal(size=2) @ np.linalg.inv(np.eye(2))
    np.random.seed(0)  # what draws from the global state gets one verdict, not several
    if language == "torch":
        import torch

        torch.set_num_threads(1)  # small kernels: two threads on a busy machine are slower
        torch.default_generator.manual_seed(0)
        import torch.utils._python_dispatch

        # What y.backward(dy) imports at its first call; nothing is computed here, because a
        # process that forks should have no threads.
        with contextlib.suppress(ImportError):
            import torch.fx.experimental.symbolic_shapes


def serve(control: socket.socket) -> None:
    worker, wire, wall = module("worker"), module("wire"), module("wall")
    closing = wall.Wall()
    born: set[int] = set()
    control.send(b'{"ready": true}')
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, 4)
        if not request:
            os._exit(0)
        asked = json.loads(request)
        if asked["do"] == "end":
            control.send(json.dumps(end(asked["pid"], born)).encode())
            continue
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            control.close()
            wall.die_with_parent(me)
            requests, answers = settle(descriptors)
            walls = closing.close_in(wall.Limits(**asked["limits"]))
            worker.serve(requests, answers, wire, {"ready": walls})
            os._exit(0)
        for fd in descriptors:
            os.close(fd)
        born.add(pid)
        control.send(json.dumps({"pid": pid}).encode())


def settle(descriptors: list[int]) -> tuple[int, int]:
    """A new child's own session, output and folder; the pipes that it serves."""
    requests, answers, output, folder = descriptors
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.fchdir(folder)
    os.close(output)
    os.close(folder)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    return requests, answers


def end(pid: int, born: set[int]) -> dict[str, Any]:
    """Kills a child's whole session and waits for it; nobody else has its number before that.
    Of one that was born elsewhere nothing is known, and its number may be another's."""
    if pid not in born:
        return {"status": None}
    born.remove(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return {"status": os.waitstatus_to_exitcode(status)}


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judge
    control = socket.socket(fileno=int(sys.argv[1]))
    module("wall").die_with_parent(int(sys.argv[3]))
    warm(sys.argv[2])
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page
    serve(control)


if __name__ == "__main__":
    main()
