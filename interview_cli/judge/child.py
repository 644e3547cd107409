"""The judge's side of a child process: starts it, sets its clock, ends it with all its kin."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from interview_cli.errors import JudgeError, TimeLimit
from interview_cli.judge import wire

START_LIMIT_S = 60.0
CALL_LIMIT_S = 10.0
CPU_LIMIT_S = 60
MAX_OUTPUT = 64 << 10
WORKER = Path(__file__).with_name("worker.py")


class Raised(Exception):
    """The judged code raised; `line` is the place in its source, if it is known."""

    def __init__(self, name: str, message: str, line: int | None) -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name, self.message, self.line = name, message, line


def one_line(text: str, most: int = 300) -> str:
    """What a child says, fit for a terminal: no line ends, no control or hidden characters."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:most]


class Child:
    """One process that holds one source and answers calls of its functions.

    It has its own session, an empty environment, an empty private folder and no standard input.
    What it prints is kept in `output`, up to MAX_OUTPUT bytes.
    """

    def __init__(self) -> None:
        # A private folder: Python puts a script's own folder, not this one, on its path.
        self.folder = tempfile.TemporaryDirectory(prefix="interview-", ignore_cleanup_errors=True)
        their_in, self.sink = os.pipe()
        self.source, their_out = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(WORKER), str(their_in), str(their_out)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(their_in, their_out),
                cwd=self.folder.name,
                env=environment(),
                start_new_session=True,
            )
        except OSError as error:
            os.close(self.source)
            os.close(self.sink)
            self.folder.cleanup()
            raise JudgeError(f"the judge's child could not be started: {error}") from None
        finally:
            os.close(their_in)
            os.close(their_out)
        assert self.process.stdout is not None
        self.stdout = self.process.stdout.fileno()
        for fd in (self.source, self.sink, self.stdout):
            os.set_blocking(fd, False)
        self.output = bytearray()
        self.buffer = bytearray()
        self.ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def load(self, source: str) -> None:
        """Runs the module. Raises Raised for what the code raises, JudgeError, TimeLimit."""
        if not self.ready:
            self.receive(START_LIMIT_S)
            self.ready = True
        self.send({"source": source, "cpu_s": CPU_LIMIT_S}, [], CALL_LIMIT_S)
        self.answer(CALL_LIMIT_S)

    def call(
        self, function: str, arguments: dict[str, Any], limit_s: float = CALL_LIMIT_S
    ) -> tuple[list[str], wire.Arrays]:
        """Calls a function by name; returns the names of changed inputs and the results."""
        plain, arrays = wire.split(arguments)
        self.send({"function": function, "arguments": plain}, arrays, limit_s)
        header, results = self.answer(limit_s)
        changed = header.get("changed")
        return [
            name for name in arguments if isinstance(changed, list) and name in changed
        ], results

    def answer(self, limit_s: float) -> tuple[dict[str, Any], wire.Arrays]:
        header, arrays = self.receive(limit_s)
        if "raised" in header:
            line = header.get("line")
            raise Raised(
                one_line(str(header["raised"]), 60),
                one_line(str(header.get("message", ""))),
                line if isinstance(line, int) else None,
            )
        return header, arrays

    def receive(self, limit_s: float) -> tuple[dict[str, Any], wire.Arrays]:
        deadline = time.monotonic() + limit_s

        def read(count: int) -> bytes:
            while len(self.buffer) < count:
                self.wait(self.source, selectors.EVENT_READ, deadline, limit_s)
                part = os.read(self.source, 1 << 20)
                if not part:
                    raise JudgeError(
                        f"the judge's child exited without an answer{self.last_words()}"
                    )
                self.buffer += part
            taken = bytes(self.buffer[:count])
            del self.buffer[:count]
            return taken

        try:
            return wire.unpack(read)
        except wire.BadFrame as error:
            raise JudgeError(f"the judge's child broke the protocol: {error}") from None

    def send(self, header: dict[str, Any], arrays: wire.Arrays, limit_s: float) -> None:
        deadline = time.monotonic() + limit_s
        try:
            view = memoryview(wire.pack(header, arrays))
        except wire.BadFrame as error:
            raise JudgeError(f"the judge cannot send {error}") from None
        while view:
            self.wait(self.sink, selectors.EVENT_WRITE, deadline, limit_s)
            try:
                view = view[os.write(self.sink, view) :]
            except BrokenPipeError:
                words = self.last_words()
                raise JudgeError(f"the judge's child exited without an answer{words}") from None

    def wait(self, fd: int, event: int, deadline: float, limit_s: float) -> None:
        """Until `fd` is ready, keeping what the child prints. Raises TimeLimit."""
        with selectors.DefaultSelector() as selector:
            selector.register(fd, event)
            selector.register(self.stdout, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeLimit(f"no answer within {limit_s:g} s")
                ready = {key.fd for key, _ in selector.select(left)}
                if self.stdout in ready and not self.keep_output():
                    selector.unregister(self.stdout)
                if fd in ready:
                    return

    def keep_output(self) -> bool:
        """Takes what is printed, up to the cap; False at its end."""
        with contextlib.suppress(BlockingIOError):
            part = os.read(self.stdout, 1 << 16)
            self.output += part[: max(0, MAX_OUTPUT - len(self.output))]
            return bool(part)
        return True

    def last_words(self) -> str:
        with contextlib.suppress(OSError):
            self.keep_output()
        lines = self.output.decode("utf-8", "replace").strip().splitlines()
        return f": {one_line(lines[-1], 200)}" if lines else ""

    def close(self) -> None:
        """Ends the child and everything that it started in its session."""
        if self.process.returncode is not None:
            return  # its numbers, and those of its pipes, may be another's by now
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for fd in (self.source, self.sink):
            with contextlib.suppress(OSError):
                os.close(fd)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.folder.cleanup()


def environment() -> dict[str, str]:
    """What a child may know: one thread for every numeric library, and where the system is."""
    kept = {k: v for k, v in os.environ.items() if k in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "LANG": "C.UTF-8"}
