"""What a process must set before it opens the vault. Entry points call it first; rules and assets never do."""

import ctypes
import json
import os
import resource
import sys

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
OWNER_ALONE = 0o077
NO_SPILL = {"POLARS_OOC_DISK_BUDGET_MB": "0"}


def protect_process() -> None:
    """Set this process so that rows and encryption keys do not leave its memory.

    No core dump, no reading of its memory by other processes of the same account (Linux), new files for their owner
    alone, and no spill of Polars to disk in clear: a query that needs more memory than there is fails instead.
    Child processes inherit all but the second and call this themselves.
    """
    os.environ.update(NO_SPILL)  # Polars reads its environment when it is imported
    if (polars := sys.modules.get("polars")) is not None:  # it has: this makes it read it again
        polars.Config.load(json.dumps({"environment": NO_SPILL}))
    os.umask(OWNER_ALONE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None and prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError("the kernel refused to make this process not dumpable")
