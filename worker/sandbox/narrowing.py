"""Our filter of system calls inside a container, on top of the Engine's own: the first thing that runs there.

An Engine before version 23 leaves vsock open, which reaches past any network namespace to the host of a virtual
machine; replacing the Engine's filter would lose the rest of it. Filters add up, so a few lines install ours and then
become the program.
"""

from collections.abc import Sequence

from worker.sandbox.seccomp import seccomp_filter

NARROW = """
import ctypes, os, struct, sys
lines = bytes.fromhex(sys.argv[1])
body = ctypes.create_string_buffer(lines, len(lines))
program = struct.pack("@HP", len(lines) // 8, ctypes.addressof(body))
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0):
    sys.exit("The filter of system calls was refused: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[2], sys.argv[2:])
"""


def narrowed(command: Sequence[str]) -> list[str]:
    """`command` behind the filter; it needs a `python` in the image, as the model does."""
    program = seccomp_filter()
    if program is None:
        return list(command)
    # Isolated and without site: no variable and no package may get in before the filter.
    return ["python", "-I", "-S", "-c", NARROW, program.hex(), *command]
