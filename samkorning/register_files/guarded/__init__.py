"""Reading in a process of its own: a register file opened where nothing but reading it is possible."""

from samkorning.register_files.guarded.limits import Limits
from samkorning.register_files.guarded.reader_process import absent_guards, guards_here, make_ready, open_guarded

__all__ = ["Limits", "absent_guards", "guards_here", "make_ready", "open_guarded"]
