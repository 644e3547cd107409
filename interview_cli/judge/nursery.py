"""Where children come from: warm processes, so that a verdict need not wait for an import.

On Linux a zygote forks one for each source, in milliseconds. Elsewhere, where a process that has
imported torch must not fork, two spare processes are kept ready.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol, Self

from interview_cli.errors import JudgeError, MissingExtra

Language = Literal["numpy", "torch"]
HERE = Path(__file__).parent
START_LIMIT_S = 60.0
SPARES = 2


@dataclass(frozen=True)
class Limits:
    """What one child may use. memory_bytes comes on top of what it has after its imports."""

    memory_bytes: int = 1 << 30
    cpu_s: int = 20


@dataclass(frozen=True)
class Pipes:
    """The judge's ends: it writes requests, reads answers, and what the child prints."""

    requests: int
    answers: int
    output: int

    def close(self) -> None:
        for fd in (self.requests, self.answers, self.output):
            with contextlib.suppress(OSError):
                os.close(fd)


@dataclass(frozen=True)
class End:
    """How a child ended: its exit status (negative: the signal), None if nobody knows."""

    status: int | None


class Nursery(Protocol):
    """Gives out processes that wait for a source, and ends them."""

    def bear(self, limits: Limits) -> tuple[int, Pipes]: ...
    def end(self, pid: int) -> End: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def require(language: Language) -> None:
    """Raises MissingExtra without torch, JudgeError where nothing can be run."""
    from importlib.util import find_spec

    if language == "torch" and find_spec("torch") is None:
        raise MissingExtra(
            "this needs torch, which is not installed; pip install 'torch>=2.6,<2.14'"
        )
    if sys.platform == "win32":
        raise JudgeError("the judge needs Linux or macOS; on Windows use WSL")


def nursery(language: Language) -> Nursery:
    """The best that this system has. Raises MissingExtra, JudgeError."""
    require(language)
    return Zygote(language) if sys.platform == "linux" else Spares(language)


class Zygote:
    """One warm process that forks a child on request."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.folder = tempfile.TemporaryDirectory(prefix="interview-", ignore_cleanup_errors=True)
        try:
            self.start()
        except BaseException:
            self.folder.cleanup()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Returns at once; the first `bear` waits for the imports."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self.process = launched("zygote.py", self.language, (theirs.fileno(),), (), "/")
        except BaseException:
            ours.close()
            raise
        self.control = ours
        self.control.settimeout(START_LIMIT_S)
        self.is_ready = False

    def bear(self, limits: Limits) -> tuple[int, Pipes]:
        """A new child's number and pipes. Raises JudgeError."""
        theirs, ours = pipes()
        folder = os.open(self.folder.name, os.O_RDONLY | os.O_DIRECTORY)
        request = json.dumps({"do": "fork", "limits": asdict(limits)}).encode()
        try:
            for is_last in (False, True):
                try:
                    return self.asked(request, [*theirs, folder])["pid"], ours
                except (OSError, ValueError, JudgeError):
                    if is_last:
                        raise JudgeError("the judge's helper process does not start") from None
                    self.stop()
                    self.start()
        except BaseException:
            ours.close()
            raise
        finally:
            for fd in (*theirs, folder):
                os.close(fd)
        raise AssertionError("the loop returns or raises")

    def end(self, pid: int) -> End:
        """Kills a child and its kin."""
        request = json.dumps({"do": "end", "pid": pid}).encode()
        with contextlib.suppress(OSError, ValueError, JudgeError):
            return End(self.asked(request, [])["status"])
        return End(None)  # its zygote is gone, and took it along

    def asked(self, request: bytes, descriptors: list[int]) -> dict[str, int]:
        if self.control is None:
            raise JudgeError("the judge's helper process ended")
        try:
            if not self.is_ready:
                self.received()
                self.is_ready = True
            socket.send_fds(self.control, [request], descriptors)
            return self.received()
        except BaseException:  # also Ctrl-C: its answer would be taken for the next one
            self.stop()
            raise

    def received(self) -> dict[str, int]:
        assert self.control is not None
        answer = self.control.recv(4096)
        if not answer:
            raise JudgeError("the judge's helper process ended")
        found = json.loads(answer)
        assert isinstance(found, dict)
        return found

    def stop(self) -> None:
        if self.control is not None:
            self.control.close()
            self.control = None
        if self.process is not None:
            self.process.kill()  # its children die with it
            self.process.wait()
            self.process = None

    def close(self) -> None:
        self.stop()
        self.folder.cleanup()


class Spares:
    """Processes started ahead, each for one source."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.folder = tempfile.TemporaryDirectory(prefix="interview-", ignore_cleanup_errors=True)
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self.waiting: deque[tuple[int, Pipes]] = deque()
        self.is_open = True
        try:
            self.refill()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refill(self) -> None:
        while self.is_open and len(self.waiting) < SPARES:
            theirs, ours = pipes()
            try:
                process = launched(
                    "spare.py", self.language, theirs[:2], theirs[2:], self.folder.name
                )
            except BaseException:
                ours.close()
                raise
            finally:
                for fd in theirs:
                    os.close(fd)
            self.processes[process.pid] = process
            self.waiting.append((process.pid, ours))

    def bear(self, limits: Limits) -> tuple[int, Pipes]:
        """A spare. It takes its limits as the first line of its requests."""
        self.refill()
        pid, ours = self.waiting.popleft()
        if self.processes[pid].poll() is not None:  # it died while it waited
            del self.processes[pid]
            ours.close()
            return self.bear(limits)
        with contextlib.suppress(BrokenPipeError):
            os.write(ours.requests, json.dumps(asdict(limits)).encode() + b"\n")
        return pid, ours

    def end(self, pid: int) -> End:
        """Kills a child and its kin, and starts the next spare."""
        process = self.processes.pop(pid, None)
        if process is None:  # it ended with us
            return End(None)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        status = process.wait()
        self.refill()
        return End(status)

    def close(self) -> None:
        self.is_open = False
        for _, ours in self.waiting:
            ours.close()
        self.waiting.clear()
        for pid in list(self.processes):
            self.end(pid)
        self.folder.cleanup()


def pipes() -> tuple[list[int], Pipes]:
    """The child's three ends and the judge's."""
    their_in, requests = os.pipe()
    answers, their_out = os.pipe()
    output, printed = os.pipe()
    for fd in (requests, answers, output):
        os.set_blocking(fd, False)
    return [their_in, their_out, printed], Pipes(requests, answers, output)


def launched(
    script: str,
    language: Language,
    passed: tuple[int, ...] | list[int],
    output: list[int] | tuple[()],
    folder: str,
) -> subprocess.Popen[bytes]:
    """A process of its own session, with an empty environment and no standard input."""
    try:
        return subprocess.Popen(
            [
                sys.executable,
                "-I",
                str(HERE / script),
                *map(str, passed),
                language,
                str(os.getpid()),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output[0] if output else subprocess.DEVNULL,
            stderr=output[0] if output else subprocess.DEVNULL,
            pass_fds=tuple(passed),
            cwd=folder,
            env=environment(),
            start_new_session=True,
        )
    except OSError as error:
        raise JudgeError(f"the judge's helper process could not be started: {error}") from None


def environment() -> dict[str, str]:
    """What a child may know: one thread for every numeric library, and where the system is."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LD_LIBRARY_PATH")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # torch.optim imports torch._inductor, which makes itself a folder unless it is there.
    folders = {"TORCHINDUCTOR_CACHE_DIR": "/tmp"}
    return {**kept, **threads, **folders, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
