"""The judge's side of a child: asks, sets the clock, keeps what it prints, and ends it."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from interview_cli.errors import JudgeError, TimeLimit
from interview_cli.judge import wire
from interview_cli.judge.nursery import Language, Limits, Nursery

START_LIMIT_S = 60.0
CALL_LIMIT_S = 5.0
MAX_OUTPUT = 64 << 10


class Raised(Exception):
    """The judged code raised. line: its place in the source, if it is known. refused: what of the
    machine it asked for and did not get, see worker.refusal."""

    def __init__(self, name: str, message: str, line: int | None, refused: str = "") -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name, self.message, self.line, self.refused = name, message, line, refused


class BadAnswer(JudgeError):
    """What came is not a frame."""


class Gone(JudgeError):
    """The child ended without an answer."""


@dataclass(frozen=True)
class Returned:
    """What a call returned. kinds: of each result, `array`, `scalar` or the name of its type;
    `arrays` holds those of the first two kinds, in order."""

    kinds: list[str]
    arrays: wire.Arrays
    changed: list[str]
    gradients: list[str]


def one_line(text: str, most: int = 300) -> str:
    """What a child says, fit for a terminal: no line ends, no control or hidden characters."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:most]


class Child:
    """One process that holds one source and answers calls of its functions.

    It has its own session, an empty environment, an empty folder and no standard input. What it
    prints is kept in `output`, up to MAX_OUTPUT bytes. limit_s: for each answer.
    """

    def __init__(
        self,
        nursery: Nursery,
        limits: Limits = Limits(),  # noqa: B008
        limit_s: float = CALL_LIMIT_S,
    ) -> None:
        self.nursery, self.limit_s = nursery, limit_s
        self.pid, self.pipes = nursery.bear(limits)
        self.output = bytearray()
        self.printed = 0
        self.buffer = bytearray()
        self.walls: dict[str, str] = {}
        self.status: int | None = None
        self.is_open = True
        self.why_gone = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def load(
        self, source: str, names: Sequence[str] = (), language: Language = "numpy"
    ) -> dict[str, list[Any]]:
        """Runs the module; the signatures of those names that it defines. Raises Raised for what
        the code raises, Gone, JudgeError, TimeLimit."""
        self.start()
        asked = {"do": "load", "source": source, "names": list(names), "language": language}
        header, _ = self.ask(asked, [])
        found = header.get("signatures")
        return found if isinstance(found, dict) else {}

    def script(self, source: str) -> str:
        """Runs a program; what it printed."""
        self.start()
        self.ask({"do": "script", "source": source}, [])
        self.keep_output()
        return self.output.decode("utf-8", "replace")

    def call(
        self,
        target: Mapping[str, Any],
        arguments: dict[str, Any],
        wrt: Sequence[str] = (),
        dy: Any = None,
    ) -> Returned:
        """Calls `{"function": name}` or, of the object made before, `{"method": name}`. With `wrt`
        also the gradients of sum(first result * dy) with respect to those arguments."""
        plain, arrays = wire.split(arguments)
        header: dict[str, Any] = {"do": "call", **target, "arguments": plain}
        if wrt:
            header |= {"wrt": list(wrt), "dy": len(arrays)}
            arrays = [*arrays, dy]
        answer, results = self.ask(header, arrays)
        return Returned(
            strings(answer.get("kinds")),
            results,
            [name for name in arguments if name in strings(answer.get("changed"))],
            strings(answer.get("gradients")),
        )

    def trace(self, target: Mapping[str, Any], arguments: dict[str, Any]) -> list[str]:
        """What the call of a function itself calls outside of the submission."""
        plain, arrays = wire.split(arguments)
        header = {"do": "trace", **target, "arguments": plain}
        return strings(self.ask(header, arrays)[0].get("seen"))

    def start(self) -> None:
        """Waits until it is behind its walls."""
        header, _ = self.receive(START_LIMIT_S)
        found = header.get("ready")
        self.walls = found if isinstance(found, dict) else {}

    def ask(
        self, header: dict[str, Any], arrays: wire.Arrays
    ) -> tuple[dict[str, Any], wire.Arrays]:
        if not self.is_open:
            raise Gone(self.why_gone)
        try:
            self.send(header, arrays, self.limit_s)
            answer, results = self.receive(self.limit_s)
        except (TimeLimit, BadAnswer):  # what comes later would be taken for another answer
            self.gone()
            raise
        if "raised" in answer:
            line = answer.get("line")
            raise Raised(
                one_line(str(answer["raised"]), 60),
                one_line(str(answer.get("message", ""))),
                line if isinstance(line, int) else None,
                one_line(str(answer.get("refused", "")), 60),
            )
        return answer, results

    def receive(self, limit_s: float) -> tuple[dict[str, Any], wire.Arrays]:
        deadline = time.monotonic() + limit_s

        def read(count: int) -> bytes:
            while len(self.buffer) < count:
                try:
                    part = os.read(self.pipes.answers, 1 << 20)
                except BlockingIOError:
                    self.wait(self.pipes.answers, select.POLLIN, deadline, limit_s)
                    continue
                if not part:
                    raise self.gone()
                self.buffer += part
            taken = bytes(self.buffer[:count])
            del self.buffer[:count]
            return taken

        try:
            return wire.unpack(read)
        except wire.BadFrame as error:
            raise BadAnswer(f"the judge's child broke the protocol: {error}") from None

    def send(self, header: dict[str, Any], arrays: wire.Arrays, limit_s: float) -> None:
        deadline = time.monotonic() + limit_s
        try:
            view = memoryview(wire.pack(header, arrays))
        except wire.BadFrame as error:
            raise JudgeError(f"the judge cannot send {error}") from None
        while view:
            try:
                view = view[os.write(self.pipes.requests, view) :]
            except BlockingIOError:
                self.wait(self.pipes.requests, select.POLLOUT, deadline, limit_s)
            except BrokenPipeError:
                raise self.gone() from None

    def wait(self, fd: int, event: int, deadline: float, limit_s: float) -> None:
        """Until `fd` is ready, keeping what the child prints. Raises TimeLimit."""
        poll = select.poll()
        poll.register(fd, event)
        poll.register(self.pipes.output, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeLimit(f"no answer within {limit_s:g} s")
            ready = {ready for ready, _ in poll.poll(1000 * left)}
            if self.pipes.output in ready and not self.keep_output():
                poll.unregister(self.pipes.output)
            if fd in ready:
                return

    def keep_output(self) -> bool:
        """Takes what is printed, up to the cap; False at its end."""
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self.pipes.output, 1 << 16):
                self.printed += len(part)
                self.output += part[: max(0, MAX_OUTPUT - len(self.output))]
                if len(part) < 1 << 16:
                    return True
            return False
        return True

    def gone(self) -> Gone:
        """Why there is no answer, in words; the child is ended."""
        with contextlib.suppress(OSError):
            self.keep_output()
        self.close()
        lines = self.output.decode("utf-8", "replace").strip().splitlines()
        words = f": {one_line(lines[-1], 200)}" if lines else ""
        self.why_gone = f"the judge's child {ending(self.status)}{words}"
        return Gone(self.why_gone)

    def close(self) -> None:
        """Ends the child and everything that it started in its session."""
        if not self.is_open:
            return  # its numbers, and those of its pipes, may be another's by now
        self.is_open = False
        self.status = self.nursery.end(self.pid).status
        self.pipes.close()


def strings(value: Any) -> list[str]:
    """A list of texts that a child claims, whatever it sent."""
    return [one_line(str(v), 200) for v in value] if isinstance(value, list) else []


def ending(status: int | None) -> str:
    """What an exit status says, in words."""
    name = signal_of(status)
    return f"was ended by {name}" if name else "exited without an answer"


def signal_of(status: int | None) -> str:
    """The signal that ended it; empty for none, and for the one that we send ourselves."""
    if status is not None and status < 0 and status != -signal.SIGKILL:
        with contextlib.suppress(ValueError):
            return signal.Signals(-status).name
    return ""
