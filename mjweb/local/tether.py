"""Become another program that ends when its parent ends.

Run as `python -I -S -c <this file> SIGNAL PARENT_PID USER PROGRAM ARGUMENT...`; USER is a numeric user
and group to become, or `-`. A script and not a `preexec_fn`, because becoming somebody else, in a user
namespace or not, forgets the wish, so it must be made afterwards; and it leaves nothing for a forked copy
of a threaded parent to do.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the user, ask the kernel for the signal, then become the program.

    Effects: replaces this process. Outside Linux there is no such wish; the program simply starts.
    """
    wanted, parent, user, *program = arguments
    if user != "-":
        os.setgroups([])
        os.setgid(int(user))
        os.setuid(int(user))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.Signals[wanted].value, 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("The parent ended before its child began.")
    os.execvp(program[0], program)  # noqa: S606 - the argv list comes from the supervisor


if __name__ == "__main__":
    main(sys.argv[1:])
