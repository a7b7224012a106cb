"""The name pattern of a contract: which names of files fit, and what is told of the others."""

import unicodedata

import pytest
from pydantic import ValidationError

from samkorning.errors import FileRefused
from samkorning.identity.redaction import redact_file_name
from samkorning.register_files import FileContract, check_file
from samkorning.register_files.declared.file_names import fits_pattern
from tests.reading_here import read_register_file


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("SYNT_Lev_lisa_*.txt", "SYNT_Lev_lisa_2220.txt", True),
        ("SYNT_Lev_lisa_*.txt", "synt_lev_LISA_2220.TXT", True),
        ("SYNT_Lev_lisa_*.txt", "SYNT_Lev_lisa_.txt", True),
        ("SYNT_Lev_lisa_*.txt", "SYNT_Lev_lisa_2220.txt.zip", False),
        ("SYNT_Lev_lisa_*.txt", "ny SYNT_Lev_lisa_2220.txt", False),
        ("par_????.csv", "par_2220.csv", True),
        ("par_????.csv", "par_220.csv", False),
        ("par[1].csv", "par[1].csv", True),
        ("par[1].csv", "par1.csv", False),
        ("par.csv", "parxcsv", False),
        ("*", "any\nname", True),
        ("våren_*.csv", unicodedata.normalize("NFD", "Våren_2220.csv"), True),
        ("lab_????????????.csv", redact_file_name("lab_222011231230.csv"), True),
        ("lab_*.csv", redact_file_name("lab_222011231230.csv"), True),
        ("lab_????.csv", redact_file_name("lab_222011231230.csv"), False),
    ],
)
def test_a_star_stands_for_any_letters_and_a_question_mark_for_one(pattern: str, name: str, fits: bool) -> None:
    assert fits_pattern(name, pattern) is fits


def test_a_file_of_another_name_is_refused_before_it_is_read() -> None:
    contract = FileContract(name_pattern="par_*.csv")
    assert read_register_file(b"a;b\n1;2\n", "PAR_2220.csv", contract).rows == 1
    with pytest.raises(
        FileRefused, match=r"lisa\.csv: the name of the file does not fit .* par_\*\.csv; send the file"
    ):
        read_register_file(b"%PDF-1.7", "lisa.csv", contract)
    assert not check_file(b"a;b\n1;2\n", "lisa.csv", contract).is_accepted


def test_without_a_pattern_any_name_will_do() -> None:
    assert check_file(b"a;b\n1;2\n", "any.thing", FileContract()).is_accepted
    with pytest.raises(ValidationError):
        FileContract(name_pattern="")
