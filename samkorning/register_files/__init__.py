"""Register files: whatever a register holder sends, read exactly or refused so that the sender can act."""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.register_files.checking import FileVerdict, check_file
    from samkorning.register_files.columns.undeclared_numbers import RealNumbers
    from samkorning.register_files.declared.contract import ColumnContract, FileContract
    from samkorning.register_files.duplicates import DuplicateRows
    from samkorning.register_files.packaging import FileSecrets
    from samkorning.register_files.reading import (
        RegisterStream,
        inspect_register_file,
        read_register_file,
        refuse_beyond_tolerance,
        refuse_broken_contract,
        stream_register_file,
    )
    from samkorning.register_files.table import RegisterTable, Remark, RowFault, RowProblem, RuleFinding

__all__ = [
    "ColumnContract",
    "DuplicateRows",
    "FileContract",
    "FileSecrets",
    "FileVerdict",
    "RealNumbers",
    "RegisterStream",
    "RegisterTable",
    "Remark",
    "RowFault",
    "RowProblem",
    "RuleFinding",
    "check_file",
    "inspect_register_file",
    "read_register_file",
    "refuse_beyond_tolerance",
    "refuse_broken_contract",
    "stream_register_file",
]

__getattr__ = on_demand(
    __name__,
    {
        "checking": (
            "FileVerdict",
            "check_file",
        ),
        "columns.undeclared_numbers": ("RealNumbers",),
        "declared.contract": (
            "ColumnContract",
            "FileContract",
        ),
        "duplicates": ("DuplicateRows",),
        "packaging": ("FileSecrets",),
        "reading": (
            "RegisterStream",
            "inspect_register_file",
            "read_register_file",
            "refuse_beyond_tolerance",
            "refuse_broken_contract",
            "stream_register_file",
        ),
        "table": (
            "RegisterTable",
            "Remark",
            "RowFault",
            "RowProblem",
            "RuleFinding",
        ),
    },
)
