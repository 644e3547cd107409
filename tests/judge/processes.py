"""What the tests see of processes: without a clock, through /proc and pidfds."""

import contextlib
import os
import select
from pathlib import Path

DEADLINE_MS = 20_000


def group(pgid):
    """The living processes of a group."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, leader = place.read_text().rpartition(")")[2].split()[:3]
            if int(leader) == pgid and state not in "ZX":
                found.append(int(place.parent.name))
    return found


def has_ended(*pidfds):
    """Waits until every process has ended: a pidfd becomes readable then."""
    for fd in pidfds:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        ended = poll.poll(DEADLINE_MS)
        os.close(fd)
        if not ended:
            return False
    return True


def descriptors():
    """What this process has open."""
    return sorted(p.name for p in Path("/proc/self/fd").iterdir())


def children():
    """The processes that this one started and has not waited for, zombies too."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
