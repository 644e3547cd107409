"""What a judged child does to itself, after the fork and before it sees the learner's source.

Every protection stands alone: where a system lacks one, the others are raised all the same, and
the report says what is off and why. None needs a privilege. The child loads this file by path,
so it needs nothing but the standard library and syscalls.py beside it.
"""

import contextlib
import ctypes
import errno
import os
import signal
import struct
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interview_cli.judge import syscalls
else:  # by path: in the child there is no interview_cli
    spec = spec_from_file_location("syscalls", Path(__file__).with_name("syscalls.py"))
    syscalls = module_from_spec(spec)
    spec.loader.exec_module(syscalls)

LINUX = sys.platform == "linux"


@dataclass(frozen=True)
class Limits:
    """What a child may use. Memory and processor time are on top of what it has used already."""

    memory_bytes: int = 1 << 30
    cpu_s: int = 20
    file_bytes: int = 0  # pipes are not files
    open_files: int = 64


class Wall:
    """Prepared once, where it takes its time; each child forked from there only steps behind it."""

    def __init__(self) -> None:
        """Opens the Landlock ruleset. Raises nothing where the kernel lacks it."""
        self.ruleset: Ruleset | None = None
        self.no_ruleset = attempt(self.open_ruleset)
        attempt(load)

    def open_ruleset(self) -> str:
        self.ruleset = Ruleset(readable_places())
        return "open"

    def close_in(self, limits: Limits) -> dict[str, str]:
        """Restricts this process for good; call it while it has one thread.

        Returns one line for each protection, for example {"limits": "on", "privileges":
        "dropped", "landlock": "ABI 7", "seccomp": "on"}; one that failed says "off: " and why.
        """
        report = {
            "limits": attempt(lambda: limit(limits)),
            "privileges": attempt(drop_privileges),
            "landlock": attempt(self.ruleset.restrict) if self.ruleset else self.no_ruleset,
        }
        writes = not report["landlock"].startswith("ABI")
        report["seccomp"] = attempt(lambda: filter_syscalls(refuse_writing=writes))
        if report["seccomp"] != "on":
            report["seccomp"] += attempt(forbid_processes)
        return report


def die_with_parent(parent: int) -> None:
    """The kernel ends this process with its parent, however that ends; only Linux can.

    The parent counts as ended when the thread ends that forked this process.
    """
    if LINUX:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)


def attempt(protection: Callable[[], str]) -> str:
    """What a protection says of itself, or why it is off."""
    try:
        return protection()
    except OSError as error:
        return f"off: {error.strerror}"
    except ImportError as error:
        return f"off: {error}"


def load() -> str:
    """What every child needs, and would load or compute by itself after the fork."""
    import resource

    prctl(PR_GET_DUMPABLE)
    syscalls.fixed_steps(machine())
    return resource.__name__


# Limits of the operating system.


def limit(limits: Limits) -> str:
    """No more memory, processor time or files than given, no core dump, and first to be killed."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    values = {
        resource.RLIMIT_CPU: int(used.ru_utime + used.ru_stime) + limits.cpu_s,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: limits.open_files,
    }
    if LINUX:  # macOS counts what it never gives
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_bytes(b"1000")
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        values[resource.RLIMIT_AS] = pages * resource.getpagesize() + limits.memory_bytes
    for what, value in values.items():
        _, most = resource.getrlimit(what)
        least = value if most == resource.RLIM_INFINITY else min(value, most)
        # SIGXCPU, which says what it was, comes a second before SIGKILL.
        later = least + (what == resource.RLIMIT_CPU and most == resource.RLIM_INFINITY)
        resource.setrlimit(what, (least, later))
    return "on"


def forbid_processes() -> str:
    """Where no filter refuses a fork: no process and no thread more. The limit spares root."""
    import resource

    if os.getuid() == 0:
        return ""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return "; no process and no thread can be started"


# The kernel, by ctypes.

PR_SET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 3, 4, 22
PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS = 24, 28, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
ROOT_IS_NOTHING = 0b11101111  # securebits: root gains no capability, and all of it is locked


@cache
def libc() -> ctypes.CDLL:
    if not LINUX:
        raise OSError(errno.ENOSYS, "only Linux has it")
    loaded = ctypes.CDLL(None, use_errno=True)
    loaded.syscall.restype = ctypes.c_long
    return loaded


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """One system call by its number. Raises OSError."""
    words = (ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)
    return checked(libc().syscall(ctypes.c_long(number), *words))


def prctl(option: int, *arguments: int) -> int:
    words = (*arguments, 0, 0, 0, 0)[:4]  # the unused ones must be zero
    return checked(libc().prctl(option, *map(ctypes.c_ulong, words)))


def checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


# Privileges.


def drop_privileges() -> str:
    """Nothing that runs here gains a privilege, keeps one, or may be looked into."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    with contextlib.suppress(OSError):  # it takes a capability to give these up for good
        for capability in range(64):  # ends behind the kernel's last one
            prctl(PR_CAPBSET_DROP, capability)
    with contextlib.suppress(OSError):
        prctl(PR_SET_SECUREBITS, ROOT_IS_NOTHING)
    with contextlib.suppress(OSError):
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    version_3, this_process = 0x20080522, 0
    checked(libc().capset(struct.pack("=Ii", version_3, this_process), bytes(24)))
    prctl(PR_SET_DUMPABLE, 0)
    return "dropped"


# Landlock: what may be opened.

READ_FILE, READ_DIR, WRITE_FILE = 1 << 2, 1 << 3, 1 << 1
READ = READ_FILE | READ_DIR
FILE_RIGHTS = (13, 14, 15, 15, 16, 16, 16)  # how many each ABI can refuse
NEWEST_ABI = len(FILE_RIGHTS)
BIND_AND_CONNECT = 0b11  # of TCP, since ABI 4
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # to other processes, since ABI 6
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # on every machine
VERSION, PATH_BENEATH = 1, 1

SYSTEM = (
    *("/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo"),
    *("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)
ITSELF = ("maps", "stat", "statm", "status")
LIBRARIES = ("site-packages", "dist-packages", "lib-dynload")
PRIVATE = (
    *("*interview_cli*", "*interview-cli*", "_interview*", "solutions", "cards"),
    *("*.pth", "*.egg-link"),  # they say where the repository is
)
HOME = Path(__file__).resolve().parents[2]  # the repository, or the site-packages of a wheel


class Ruleset:
    """A Landlock ruleset: nothing may be opened, made or changed, but for the rules added."""

    def __init__(self, places: Iterable[tuple[Path, int]]) -> None:
        self.abi = min(syscall(CREATE_RULESET, None, 0, VERSION), NEWEST_ABI)
        files = (1 << FILE_RIGHTS[self.abi - 1]) - 1
        refused = struct.pack("=QQQ", files, BIND_AND_CONNECT, ABSTRACT_SOCKETS_AND_SIGNALS)
        size = 8 if self.abi < 4 else 16 if self.abi < 6 else 24
        self.fd = syscall(CREATE_RULESET, refused[:size], size, 0)
        for place, rights in places:
            self.allow(place, rights)

    def allow(self, place: Path, rights: int) -> None:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            fd = os.open(place, os.O_PATH | os.O_CLOEXEC)
            rights = rights if place.is_dir() else rights & ~READ_DIR
            try:
                syscall(ADD_RULE, self.fd, PATH_BENEATH, struct.pack("=Qi", rights, fd), 0)
            finally:
                os.close(fd)

    def restrict(self) -> str:
        # These are another file in each process. The rules are shared with the children to come,
        # which may see by them that this one runs, but not its memory.
        for place in ITSELF:
            self.allow(Path("/proc/self", place), READ_FILE)
        others = len(list(Path("/proc/self/task").iterdir())) - 1
        syscall(RESTRICT_SELF, self.fd, 0)
        os.close(self.fd)
        return f"off: it does not bind the {others} other threads" if others else f"ABI {self.abi}"


def readable_places() -> Iterator[tuple[Path, int]]:
    """What Python, numpy and torch may still read once they run, and nothing of ours."""
    yield Path("/dev/null"), WRITE_FILE
    folders = {Path(p).resolve() for p in sys.path if p.endswith(LIBRARIES)}
    roots = {Path(p).resolve() for p in (*SYSTEM, sysconfig.get_path("stdlib"))} | folders
    for root in roots:
        yield from open_parts(root, folders)
    for library in Path(sys.base_prefix, "lib").glob("*.so*"):
        if not any(library.is_relative_to(root) for root in roots):
            yield library, READ_FILE


def open_parts(place: Path, folders: set[Path]) -> Iterator[tuple[Path, int]]:
    """The place; or, where it holds libraries or us, its listing and those parts not private."""
    if not any(folder.is_relative_to(place) for folder in (*folders, HOME)):
        yield place, READ
    else:
        yield place, READ_DIR  # an import lists the folder; the names within are no secret
        for part in place.iterdir():
            if not is_private(part) and (part != HOME or HOME in folders):
                yield from open_parts(part, folders)


def is_private(part: Path) -> bool:
    """By its name, or because it is a link to where we live."""
    target = part.resolve()
    leads_home = target.is_relative_to(HOME) or HOME.is_relative_to(target)
    return any(fnmatch(part.name, name) for name in PRIVATE) or (part.is_symlink() and leads_home)


# seccomp: what may be asked of the kernel.

SET_MODE_FILTER, ALL_THREADS, MODE_FILTER = 1, 1, 2


def filter_syscalls(refuse_writing: bool) -> str:
    """Refuses the system calls of syscalls.py, and opening to write where Landlock does not."""
    steps = syscalls.program(machine(), os.getpid(), refuse_writing)
    code = ctypes.create_string_buffer(b"".join(steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(code)))
    place = ctypes.addressof(program)
    try:
        number = syscalls.MACHINES[machine()].seccomp
        thread = syscall(number, SET_MODE_FILTER, ALL_THREADS, place)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        thread = prctl(PR_SET_SECCOMP, MODE_FILTER, place)
    if thread > 0:
        raise OSError(errno.EBUSY, f"thread {thread} has a filter of its own")
    return "on"


def machine() -> str:
    """The name of a machine whose system calls are known by number. Raises OSError."""
    libc()
    name = os.uname().machine
    if name not in syscalls.MACHINES or sys.maxsize < 1 << 32:
        raise OSError(errno.ENOSYS, f"no system call is known by its number on {name}")
    return name
