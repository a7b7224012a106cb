"""What the kernel denies a process that reads a file: everything but reading it and sending what it holds.

What belongs here: the guards by name, and putting them up in the right order. What must not: how each is told to the
kernel (privileges, landlock, system_calls). A host that lacks one still reads files; that it lacks it is reported.
"""

from enum import StrEnum

from samkorning.guards import kernel, landlock, privileges
from samkorning.guards.limits import ProcessLimits
from samkorning.guards.system_calls import allow_reading_alone


class Guard(StrEnum):
    """What protects the service from a process that reads a file."""

    OWN_NETWORK = "own_network"
    NO_NEW_RIGHTS = "no_new_rights"
    NO_CAPABILITIES = "no_capabilities"
    HIDDEN_MEMORY = "hidden_memory"
    ENDS_WITH_SERVICE = "ends_with_service"
    MEMORY_LIMIT = "memory_limit"
    TIME_LIMIT = "time_limit"
    FILE_LIMITS = "file_limits"
    NO_FILES = "landlock_files"
    NO_CONNECTIONS = "landlock_network"
    NO_SIGNALS = "landlock_signals"
    FEW_SYSTEM_CALLS = "system_calls"


PREVENTS: dict[Guard, str] = {
    Guard.OWN_NETWORK: "any connection: its network has no way out",
    Guard.NO_NEW_RIGHTS: "rights that it has not, by programs that give them",
    Guard.NO_CAPABILITIES: "root's rights, where the service runs as root",
    Guard.HIDDEN_MEMORY: "core dumps, and others of the same account reading its memory",
    Guard.ENDS_WITH_SERVICE: "going on when the service has ended",
    Guard.MEMORY_LIMIT: "using up the machine's memory",
    Guard.TIME_LIMIT: "using up the machine's time",
    Guard.FILE_LIMITS: "many open descriptors, and files that grow",
    Guard.NO_FILES: "opening, writing or removing any file",
    Guard.NO_CONNECTIONS: "TCP connections",
    Guard.NO_SIGNALS: "signals to other processes",
    Guard.FEW_SYSTEM_CALLS: "programs, processes, sockets and all else that reading does not need",
}
"""What a process that reads a file is kept from, by the guard that does it."""


def put_up(limits: ProcessLimits, parent: int, own_network: bool) -> dict[Guard, bool]:
    """Puts up all guards in this process, which must have one thread, and says which of them stand.

    ``own_network`` says whether the process that started this one lives apart. Files, connections and signals are
    closed to the one thread that asks and to those it starts later; so a second thread would be outside.
    """
    alone = kernel.threads() <= 1
    standing = {
        Guard.OWN_NETWORK: own_network,
        Guard.NO_NEW_RIGHTS: privileges.gain_nothing(),
        Guard.HIDDEN_MEMORY: privileges.hide_memory(),
        Guard.ENDS_WITH_SERVICE: privileges.end_with_parent(parent),
        Guard.MEMORY_LIMIT: privileges.limit_memory(limits),
        Guard.TIME_LIMIT: privileges.limit_time(limits),
        Guard.FILE_LIMITS: privileges.limit_files(),
        Guard.NO_CAPABILITIES: privileges.drop_capabilities(),
    }
    version = landlock.close_all() if alone else 0
    standing |= {
        Guard.NO_FILES: version >= 1,
        Guard.NO_CONNECTIONS: version >= 4,
        Guard.NO_SIGNALS: version >= 6,
        Guard.FEW_SYSTEM_CALLS: allow_reading_alone(),
    }
    return standing
