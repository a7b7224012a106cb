"""Register files: whatever a register holder sends, read exactly or refused so that the sender can act."""

from samkorning.register_files.contract import ColumnContract, FileContract
from samkorning.register_files.reading import (
    RegisterStream,
    inspect_register_file,
    read_register_file,
    refuse_beyond_tolerance,
    stream_register_file,
)
from samkorning.register_files.table import RegisterTable, Remark, RowFault, RowProblem, RuleFinding

__all__ = [
    "ColumnContract",
    "FileContract",
    "RegisterStream",
    "RegisterTable",
    "Remark",
    "RowFault",
    "RowProblem",
    "RuleFinding",
    "inspect_register_file",
    "read_register_file",
    "refuse_beyond_tolerance",
    "stream_register_file",
]
