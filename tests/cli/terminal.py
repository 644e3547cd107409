"""The installed program in a pseudo-terminal, as somebody at a keyboard meets it."""

import codecs
import contextlib
import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

from tests.cli.material import ESCAPES

PROGRAM = Path(sys.executable).with_name("interview")
DEADLINE_S = 30.0
# The child makes the terminal its own, so that Ctrl-C and a hang-up reach it.
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)
FOREIGN = ("COLUMNS", "TMUX", "VISUAL", "EDITOR")


class Terminal:
    """80 by 24, with the program running in it."""

    def __init__(self, home: Path, *arguments: str, columns: int = 80) -> None:
        self.home = home
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        environment = {**os.environ, "INTERVIEW_HOME": str(home), "TERM": "xterm"}
        for name in FOREIGN:
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, str(PROGRAM), *arguments],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, env=environment,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end in mid-character

    def wait_for(self, text: str) -> str:
        """Reads until `text` appears; everything up to it is taken away."""
        deadline = time.monotonic() + DEADLINE_S
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"{text!r} did not appear; there was {self.seen!r}"
            try:
                read = os.read(self.master, 65536)
            except OSError:  # the program has gone
                read = b""
            assert read, f"the program ended before {text!r}; there was {self.seen!r}"
            self.seen = ESCAPES.sub("", self.seen + self.decoder.decode(read))
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def ended(self) -> int:
        """Its status, once it has written everything; that is what is seen then."""
        while True:
            assert select.select([self.master], [], [], DEADLINE_S)[0], f"not over: {self.seen!r}"
            try:
                read = os.read(self.master, 65536)
            except OSError:
                break
            if not read:
                break
            self.seen = ESCAPES.sub("", self.seen + self.decoder.decode(read))
        return self.process.wait(DEADLINE_S)

    def hang_up(self) -> int:
        """Closes the window; the program's status."""
        os.close(self.master)
        return self.process.wait(DEADLINE_S)

    def kill(self) -> None:
        """Ends it whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):  # the window may be closed already
            os.close(self.master)

    def ratings(self) -> list[int]:
        return [
            json.loads(line)["rating"]
            for log in (self.home / "reviews").glob("*.jsonl")
            for line in log.read_text().splitlines()
            if "rating" in json.loads(line)
        ]
