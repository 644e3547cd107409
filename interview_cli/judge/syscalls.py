"""The system calls that a judged child may not make, as a program for the kernel's seccomp.

A list of what is refused, not of what is allowed: imports and libraries ask for much. Loaded by
path, like wall.py. Checked against the kernel's headers by tests/judge/test_wall.py.
"""

import errno
import os
import struct
from functools import cache
from typing import NamedTuple


class Machine(NamedTuple):
    audit: int  # how a filter sees it
    column: int  # of its numbers in the tables below
    seccomp: int  # the number of the call that installs the filter


MACHINES = {
    "x86_64": Machine(0xC000003E, 0, 317),
    "aarch64": Machine(0xC00000B7, 1, 277),
}
X32 = 0x40000000  # x86_64's calls for another size of pointers begin here
NEWEST = 469  # what a later kernel adds is unknown here, so it is not there

# Each name with its numbers on x86_64 and on aarch64.
REFUSED = {
    "start a program": """
        fork 57 -, vfork 58 -, execve 59 221, execveat 322 281, uselib 134 -
    """,
    "reach into another process": """
        ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271,
        process_madvise 440 440, process_mrelease 448 448, kcmp 312 272, pidfd_open 434 434,
        pidfd_getfd 438 438, pidfd_send_signal 424 424, perf_event_open 298 241, move_pages 279 239,
        migrate_pages 256 238
    """,
    "leave its group, its limits or its place in the queue": """
        setsid 112 157, setpgid 109 154, setrlimit 160 164, setpriority 141 140, ioprio_set 251 30,
        sched_setaffinity 203 122, sched_setscheduler 144 119, sched_setparam 142 118,
        sched_setattr 314 274, personality 135 92
    """,
    "reach a network": """
        socket 41 198, connect 42 203, bind 49 200, listen 50 201, accept 43 202, accept4 288 242
    """,
    "leave something in memory": """
        shmget 29 194, shmat 30 196, shmctl 31 195, semget 64 190, semctl 66 191, semop 65 193,
        semtimedop 220 192, msgget 68 186, msgctl 71 187, msgsnd 69 189, msgrcv 70 188,
        mq_open 240 180, mq_unlink 241 181, add_key 248 217, request_key 249 218, keyctl 250 219,
        memfd_create 319 279, memfd_secret 447 447
    """,
    "make, move or remove a file": """
        creat 85 -, mkdir 83 -, mkdirat 258 34, rmdir 84 -, rename 82 -, renameat 264 38,
        renameat2 316 276, link 86 -, linkat 265 37, symlink 88 -, symlinkat 266 36, unlink 87 -,
        unlinkat 263 35, mknod 133 -, mknodat 259 33, truncate 76 45
    """,
    "change what is said of a file": """
        chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, fchown 93 55,
        lchown 94 -, fchownat 260 54, utime 132 -, utimes 235 -, futimesat 261 -, utimensat 280 88,
        setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7, setxattrat 463 463, removexattr 197 14,
        lremovexattr 198 15, fremovexattr 199 16, removexattrat 466 466, file_setattr 469 469
    """,
    "find or watch a file by another way": """
        name_to_handle_at 303 264, open_by_handle_at 304 265, inotify_init 253 -,
        inotify_init1 294 26, fanotify_init 300 262, fanotify_mark 301 263
    """,
    "change the machine": """
        mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, open_tree 428 428,
        open_tree_attr 467 467, move_mount 429 429, fsopen 430 430, fsconfig 431 431,
        fsmount 432 432, fspick 433 433, mount_setattr 442 442, unshare 272 97, setns 308 268,
        swapon 167 224, swapoff 168 225, quotactl 179 60, quotactl_fd 443 443, acct 163 89,
        reboot 169 142, kexec_load 246 104, kexec_file_load 320 294, init_module 175 105,
        finit_module 313 273, delete_module 176 106, sethostname 170 161, setdomainname 171 162,
        syslog 103 116, vhangup 153 58, iopl 172 -, ioperm 173 -, modify_ldt 154 -,
        settimeofday 164 170, clock_settime 227 112, adjtimex 159 171, clock_adjtime 305 266,
        sync 162 81, syncfs 306 267
    """,
    "use what is large, new and rarely needed": """
        bpf 321 280, userfaultfd 323 282, io_setup 206 0, io_uring_setup 425 425,
        io_uring_enter 426 426, io_uring_register 427 427
    """,
}
# Their arguments lie in memory, where no filter can look. Callers then use the older call.
MISSING = "clone3 435 435, openat2 437 437"
CONDITIONAL = """
    clone 56 220, kill 62 129, tkill 200 130, tgkill 234 131, rt_sigqueueinfo 129 138,
    rt_tgsigqueueinfo 297 240, prctl 157 167, ioctl 16 29, fcntl 72 25, prlimit64 302 261,
    socketpair 53 199, open 2 -, openat 257 56
"""

# A process may look at its terminal and its pipes; it may not put words into their input.
IOCTLS = {
    "TCGETS": 0x5401,
    "TCGETS2": 0x802C542A,
    "TIOCGWINSZ": 0x5413,
    "FIONREAD": 0x541B,
    "FIONBIO": 0x5421,
    "FIONCLEX": 0x5450,
    "FIOCLEX": 0x5451,
}
# Copies, flags, locks and sizes; no leases, no notices, no signals to an owner.
FCNTLS = {
    "F_DUPFD": 0,
    "F_GETFD": 1,
    "F_SETFD": 2,
    "F_GETFL": 3,
    "F_SETFL": 4,
    "F_GETLK": 5,
    "F_SETLK": 6,
    "F_SETLKW": 7,
    "F_DUPFD_CLOEXEC": 1030,
    "F_SETPIPE_SZ": 1031,
    "F_GETPIPE_SZ": 1032,
}
# Questions and names of threads and memory; what the wall has set stays set.
PRCTLS = {
    "PR_GET_PDEATHSIG": 2,
    "PR_GET_DUMPABLE": 3,
    "PR_SET_NAME": 15,
    "PR_GET_NAME": 16,
    "PR_GET_SECCOMP": 21,
    "PR_CAPBSET_READ": 23,
    "PR_GET_NO_NEW_PRIVS": 39,
    "PR_SVE_GET_VL": 51,
    "PR_SET_VMA": 0x53564D41,
}
CLONE_THREAD = 0x10000
AF_UNIX, SOCK_STREAM = 1, 1

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # classic BPF
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
WHOLE = 0xFFFFFFFF

Steps = list[bytes]
Test = tuple[int, int, tuple[int, ...]]  # a word of the arguments, a mask, the values allowed


def program(machine: str, pid: int, refuse_writing: bool) -> Steps:
    """The filter for process `pid`; with `refuse_writing`, files are opened to read only."""
    steps = [*fixed_steps(machine)]
    known = numbers(CONDITIONAL, MACHINES[machine].column)
    for name, tests in conditions(pid, refuse_writing).items():
        if name in known:
            steps += allowed_if(known[name], tests)
    return [*steps, step(RETURN, ALLOW)]


@cache
def fixed_steps(machine: str) -> Steps:
    """What does not depend on the process."""
    audit, column, _ = MACHINES[machine]
    steps = [step(LOAD, 4), step(EQUAL, audit, 1, 0), step(RETURN, KILL)]
    steps += [step(LOAD, 0), step(AT_LEAST, X32, 0, 1), step(RETURN, KILL)]
    steps += [step(AT_LEAST, NEWEST + 1, 0, 1), step(RETURN, FAIL | errno.ENOSYS)]
    for number in numbers(",".join(REFUSED.values()), column).values():
        steps += [step(EQUAL, number, 0, 1), step(RETURN, FAIL | errno.EPERM)]
    for number in numbers(MISSING, column).values():
        steps += [step(EQUAL, number, 0, 1), step(RETURN, FAIL | errno.ENOSYS)]
    return steps


def conditions(pid: int, refuse_writing: bool) -> dict[str, list[Test]]:
    """What the arguments of a call must be. Word 2i is the low half of argument i."""
    itself: list[Test] = [(0, WHOLE, (pid,))]
    reading = (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC, (0,))
    return {
        "clone": [(0, CLONE_THREAD, (CLONE_THREAD,))],  # a thread, not a process
        "kill": itself,
        "tkill": itself,
        "tgkill": itself,
        "rt_sigqueueinfo": itself,
        "rt_tgsigqueueinfo": itself,
        "prlimit64": [(4, WHOLE, (0,)), (5, WHOLE, (0,))],  # no new limit: it only asks
        # A socket of datagrams could still write to any other by its address.
        "socketpair": [(0, WHOLE, (AF_UNIX,)), (2, 0xF, (SOCK_STREAM,))],
        "prctl": [(0, WHOLE, tuple(PRCTLS.values()))],
        "ioctl": [(2, WHOLE, tuple(IOCTLS.values()))],
        "fcntl": [(2, WHOLE, tuple(FCNTLS.values()))],
        **({"open": [(2, *reading)], "openat": [(4, *reading)]} if refuse_writing else {}),
    }


def allowed_if(number: int, tests: list[Test]) -> Steps:
    """A call fails unless each test finds one of its values."""
    steps = []
    for word, mask, values in tests:
        steps += [step(LOAD, 16 + 4 * word), step(AND, mask)]
        steps += [step(EQUAL, v, len(values) - i, 0) for i, v in enumerate(values)]
        steps += [step(RETURN, FAIL | errno.EPERM)]
    steps += [step(RETURN, ALLOW)]
    return [step(EQUAL, number, 0, len(steps)), *steps]


def step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """One instruction; a test says how many of the next are skipped."""
    return struct.pack("HBBI", code, if_so, if_not, value)


def numbers(table: str, column: int) -> dict[str, int]:
    """The calls of a table that a machine has, with their numbers."""
    rows = (row.split() for row in table.split(","))
    return {name: int(of[column]) for name, *of in rows if of[column] != "-"}
