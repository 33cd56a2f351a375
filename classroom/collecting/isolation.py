"""Shutting a process in: limits, Linux's Landlock, another user; and ending all that it started."""

import ctypes
import os
import resource
import signal
import sys
import sysconfig
from pathlib import Path

import psutil

LINUX = sys.platform.startswith("linux")
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls, alike on every processor
END_WITH_PARENT, CHILD_SUBREAPER, NO_NEW_PRIVILEGES = 1, 36, 38  # of prctl
CAPABILITIES = 0x20080522  # the version of their tables

# Rights in a file system, as bits in Landlock's order; and how many of them each version knows.
EXECUTE, READ_FILE, READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
WRITE_FILE, TRUNCATE, IOCTL = 1 << 1, 1 << 14, 1 << 15
KNOWN_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
NETWORK = 0b11  # bind and connect, by TCP
SCOPES = 0b11  # abstract sockets, signals


class _Ruleset(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("files", "network", "scope")]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("rights", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def landlock_version() -> int:
    """Return which version of Landlock the kernel has, or 0; from 6 on signals are held back."""
    if not LINUX:
        return 0
    return max(ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, 1), 0)


def said(user: str | None) -> str:
    """Say in words how far notebooks are shut in on this machine."""
    version = landlock_version()
    words = [f"The notebooks are run as {user}." if user else ""]
    if not os.getuid() and not user:
        words.append("They are run as root, whose processes are not counted: use --as-user.")
    if not version:
        words.append("They can write, and read, wherever that user can: Landlock is not there.")
    else:
        words.append("They write in a folder of their own only")
        words[-1] += ", and send no signals." if version >= 6 else "."
    return " ".join(filter(None, words))


def lock_in(folder: Path, readable: list[Path]) -> None:
    """Let this process and its children write in folder alone, and read that, Python, and readable.

    With version 4 they also reach no other machine by TCP, with 6 they send no signal to processes
    outside. Where there is no Landlock nothing is done.
    """
    version = landlock_version()
    if not version:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    every = (1 << KNOWN_RIGHTS.get(version, 16)) - 1
    rules = _Ruleset(every, NETWORK if version >= 4 else 0, SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "Landlock refuses its rules")
    reading = EXECUTE | READ_FILE | READ_FOLDER
    rights = {Path(name): reading for name in [*_read_by_python(), *readable]}
    rights |= {Path("/dev/null"): reading | WRITE_FILE | TRUNCATE | IOCTL, folder: every}
    of_files = EXECUTE | READ_FILE | WRITE_FILE | TRUNCATE | IOCTL
    for path, allowed in rights.items():
        if not path.exists():
            continue
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed &= every if path.is_dir() else every & of_files
        rule = _Beneath(allowed, handle)
        if libc.syscall(ADD_RULE, ruleset, 1, ctypes.byref(rule), 0):
            raise OSError(ctypes.get_errno(), f"Landlock refuses a rule for {path}")
        os.close(handle)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())  # root is left with the rights of any user
    if libc.syscall(RESTRICT_SELF, ruleset, 0):
        raise OSError(ctypes.get_errno(), "Landlock cannot be switched on")
    os.close(ruleset)


def _read_by_python() -> set[str]:
    """Return what is read of the system, and of Python with its packages."""
    system = {"/usr", "/lib", "/lib64", "/bin", "/proc", "/sys/devices/system/cpu"}
    system |= {"/dev/urandom", "/dev/random", "/dev/zero"}
    system |= {f"/etc/{name}" for name in ("ld.so.cache", "localtime", "passwd", "fonts")}
    python = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    return system | python


def limit(memory: int, seconds: float) -> None:
    """Limit this process, and each of its children: memory, processor time, size of a file.

    Parameters
    ----------
    memory : int
        Bytes.
    seconds : float
        Of processor time.
    """
    everyone = [process for process in psutil.process_iter(["uids"]) if _is_mine(process)]
    threads = sum(map(_threads, everyone))
    for name, most in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_FSIZE", 2**28),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_CPU", int(seconds) + 1),
        ("RLIMIT_NPROC", threads + 64),  # it counts all of a user's threads; root has no limit
    ):
        if hasattr(resource, name) and (LINUX or name != "RLIMIT_AS"):  # macOS refuses that one
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))


def _is_mine(process: psutil.Process) -> bool:
    return process.info["uids"] is not None and process.info["uids"].real == os.getuid()


def _threads(process: psutil.Process) -> int:
    try:
        return process.num_threads()
    except psutil.Error:
        return 0


def adopt_orphans() -> None:
    """Become the parent of every process below this one whose own parent ends (Linux)."""
    if LINUX:
        ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent() -> None:
    """Have this process end when its parent does (Linux)."""
    if LINUX:
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def end_all_below(pid: int | None = None) -> None:
    """Kill every process below this one, or below another, until there is none."""
    while below := psutil.Process(pid).children(recursive=True):
        for each in (signal.SIGSTOP, signal.SIGKILL):  # one that stands still starts no other
            for process in below:
                try:
                    process.send_signal(each)
                except psutil.Error:
                    continue
        psutil.wait_procs(below, timeout=1)
