"""The child's side: takes a source, then calls of its functions, and sends arrays back.

Run as a script, `python worker.py IN OUT`, with the numbers of two inherited pipes. Everything
here shares a process with the code that is judged, so nothing here decides anything.
"""

import contextlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import CodeType
from typing import Any

MAX_MESSAGE = 4000


def load_wire() -> Any:
    """wire.py by path: importing interview_cli would tell the child more than it needs."""
    place = Path(__file__).with_name("wire.py")
    spec = importlib.util.spec_from_file_location("wire", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reader(fd: int) -> Any:
    def read(count: int) -> bytes:
        parts = []
        while count:
            part = os.read(fd, min(count, 1 << 20))
            if not part:
                os._exit(0)  # the judge is gone
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return read


def send(fd: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(fd, view) :]


def die_with_parent() -> None:
    """On Linux the kernel ends this process when the judge ends, however it ends."""
    if sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig, sigkill = 1, 9
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, sigkill, 0, 0, 0)


def limit(cpu_s: int) -> None:
    """No core dumps, no big files, no more processor time than given."""
    with contextlib.suppress(ImportError):
        import resource

        for what, value in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 1 << 20),
            (resource.RLIMIT_CPU, cpu_s),
        ):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(what, (value, value))


def failure(error: BaseException) -> dict[str, Any]:
    """An exception as data, with its place in the submission."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == "<solution>"]
    line = frames[-1].lineno if frames else getattr(error, "lineno", None)
    message = ""
    with contextlib.suppress(BaseException):  # its own __str__ may raise
        message = str(error)[:MAX_MESSAGE]
    return {
        "raised": type(error).__name__,
        "message": message,
        "line": line if isinstance(line, int) else None,
    }


def call(wire: Any, namespace: dict[str, Any], header: dict[str, Any], arrays: Any) -> bytes:
    """One call, answered by its arrays and the names of the inputs that it changed."""
    function = namespace.get(header["function"])
    if not callable(function):
        raise NameError(f"there is no function {header['function']}")
    arguments = wire.join(header["arguments"], arrays)
    before = [a.copy() for a in arrays]
    result = function(**arguments)
    results = result if isinstance(result, tuple) else (result,)
    if any(r is None for r in results):
        raise TypeError("returned None instead of an array")
    import numpy as np

    changed = [
        name
        for name, entry in header["arguments"].items()
        if "array" in entry
        and not np.array_equal(before[entry["array"]], arrays[entry["array"]], equal_nan=True)
    ]
    try:
        frame: bytes = wire.pack({"changed": changed}, [np.asarray(r) for r in results])
    except wire.BadFrame as doubt:
        raise TypeError(f"returned {doubt}") from None
    return frame


def serve(source: int, sink: int) -> None:
    wire = load_wire()
    read = reader(source)
    send(sink, wire.pack({"ready": True}, []))
    header, _ = wire.unpack(read)
    limit(int(header["cpu_s"]))
    namespace: dict[str, Any] = {"__name__": "solution"}
    try:
        code: CodeType = compile(header["source"], "<solution>", "exec")
        exec(code, namespace)
        send(sink, wire.pack({"loaded": True}, []))
    except BaseException as error:
        send(sink, wire.pack(failure(error), []))
        return
    while True:
        header, arrays = wire.unpack(read)
        try:
            frame = call(wire, namespace, header, arrays)
        except BaseException as error:
            frame = wire.pack(failure(error), [])
        send(sink, frame)


if __name__ == "__main__":
    die_with_parent()
    serve(int(sys.argv[1]), int(sys.argv[2]))
