"""Become a child process: `python launch.py --death SIGNAL [--user NAME --keep-search] -- command …`.

Run as a script of its own, with nothing but the standard library, so that it costs a few milliseconds and
works in a half-broken installation. It ties the child's life to its parent, drops root where asked, and turns
into the command.

A dropped account may be unable to walk to the program or its data (a clone under /root, mode 0700). Then the one
capability that lets it search folders is kept as ambient; folders outside the home stay as they are.
"""

import argparse
import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAP_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _must(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def searchable_capability():
    """The weakest capability at hand that lets an account walk through closed folders; None without any."""
    with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 - no pathlib in this small program
        bounding = next(int(line.split()[1], 16) for line in lines if line.startswith("CapPrm"))
    # Containers often drop DAC_READ_SEARCH and keep DAC_OVERRIDE.
    return next((cap for cap in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if bounding >> cap & 1), None)


def drop_to(account, *, keep_search):
    """Change from root to `account` for good, keeping at most the one search capability."""
    libc = _libc()
    capability = searchable_capability() if keep_search else None
    if capability is not None:
        # Keeps capabilities over setuid, and lets access(2) see them: initdb asks it whether it can run itself.
        _must(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0), "keep capabilities")
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    if capability is None:
        return
    sets = (_Sets * 2)()
    sets[0].effective = sets[0].permitted = sets[0].inheritable = 1 << capability
    _must(libc.capset(ctypes.byref(_Header(CAP_VERSION_3, 0)), sets), "reduce capabilities")
    _must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0), "raise ambient capability")


def stand_back(steps):
    """Let others run first. Linux shares processors among sessions before it looks at processes, so both are told."""
    os.nice(steps)
    if os.path.exists("/proc/self/autogroup"):  # noqa: PTH110 - no pathlib in this small program
        try:
            with open("/proc/self/autogroup", "w", encoding="ascii") as group:  # noqa: PTH123
                group.write(str(steps))
        except OSError as error:
            print(f"no lower priority for the session: {error}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--death", default="SIGTERM", help="signal the child gets when its parent dies")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--user", default="")
    parser.add_argument("--keep-search", action="store_true")
    parser.add_argument(
        "--nice", type=int, default=0, help="stand back by so much when the processors are busy"
    )
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    # A terminal's Ctrl-C reaches the whole group; only the supervisor may hear it, it stops us in order.
    os.setsid()
    if asked.nice:
        stand_back(asked.nice)
    if asked.user:
        drop_to(pwd.getpwnam(asked.user), keep_search=asked.keep_search)
    # After the change of user, which would clear it.
    _must(_libc().prctl(PR_SET_PDEATHSIG, signal.Signals[asked.death].value, 0, 0, 0), "parent death signal")
    if os.getppid() != asked.parent:
        sys.exit("the parent is gone")
    os.umask(0o077)
    os.execvp(asked.command[0], asked.command)  # noqa: S606 - this is the whole purpose


if __name__ == "__main__":
    main()
