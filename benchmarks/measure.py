"""Fair timing on a noisy machine: the thing and its floor in turn, and the median of each."""

import os
import pty
import struct
import subprocess
import sys
import sysconfig
import termios
import time
from collections.abc import Callable, Sequence
from fcntl import ioctl
from pathlib import Path
from statistics import median

ROUNDS = 9
INTERVIEW = str(Path(sysconfig.get_path("scripts")) / "interview")


def alternately(*timed: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """The median seconds of each, after one round that does not count."""
    found: list[list[float]] = [[] for _ in timed]
    for number in range(rounds + 1):
        for times, run in zip(found, timed, strict=True):
            seconds = run()
            if number:
                times.append(seconds)
    return [median(times) for times in found]


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def process(arguments: Sequence[str], env: dict[str, str] | None = None) -> float:
    """Seconds from start to end of a process."""
    return seconds_of(
        lambda: subprocess.run(
            arguments,
            check=True,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    )


def python(code: str) -> float:
    return process([sys.executable, "-c", code])


class Terminal:
    """A program in a pseudo-terminal of 80 columns."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        self.process = subprocess.Popen(
            arguments,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            close_fds=True,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", **env},
        )
        os.close(slave)

    def until(self, text: bytes) -> None:
        """Reads until `text` is on the screen."""
        seen = b""
        while text not in seen:
            try:
                seen += os.read(self.master, 1 << 16)
            except OSError:
                raise RuntimeError(f"it ended with:\n{seen.decode()}") from None

    def is_idle(self) -> bool:
        """Whether it and what it started have used no processor time for a quarter of a second."""
        before = self.ticks()
        time.sleep(0.25)
        return self.ticks() == before

    def ticks(self) -> int:
        mine = Path(f"/proc/{self.process.pid}")
        children = (mine / f"task/{self.process.pid}/children").read_text().split()
        return sum(map(ticks, (mine, *(Path(f"/proc/{pid}") for pid in children))))

    def peak_mib(self) -> float:
        """The most memory it has had so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(row for row in status.splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def ticks(process: Path) -> int:
    """The processor time of a process, user and system."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


def row(what: str, value: str, floor: str, ratio: float | None, aim: str) -> None:
    """One line of the table."""
    shown = f"{ratio:.2f}x" if ratio is not None else ""
    print(f"{what:<52} {value:>10} {floor:>10} {shown:>7}  {aim}", flush=True)
