"""The sample in data/sample is what the documented command writes, and the command refuses wrong usage."""

import re
import zipfile
from pathlib import Path

import pytest

from samkorning.synthetic.__main__ import main

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
BY_HAND = {"README.md", "order.yaml", "order_register_study.yaml", ".gitattributes"}


def content(path: Path) -> bytes | dict[str, bytes]:
    """The bytes; of a workbook those of its parts, since compression differs between builds of zlib."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {member.filename: archive.read(member) for member in archive.infolist()}


def contents(folder: Path) -> dict[str, bytes | dict[str, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in BY_HAND)
    return {path.relative_to(folder).as_posix(): content(path) for path in files}


def documented_arguments() -> list[str]:
    command = re.search(r"python -m samkorning\.synthetic data/sample (.*)", (SAMPLE / "README.md").read_text("utf-8"))
    assert command is not None
    return command[1].split()


def test_the_documented_command_writes_the_sample(tmp_path: Path) -> None:
    assert main([str(tmp_path), *documented_arguments()]) == 0
    written, stored = contents(tmp_path), contents(SAMPLE)
    assert sorted(written) == sorted(stored)
    assert [name for name in written if written[name] != stored[name]] == []


def test_the_readme_describes_every_field_of_every_text_file() -> None:
    readme = (SAMPLE / "README.md").read_text("utf-8")
    for path in [*SAMPLE.glob("*.csv"), *SAMPLE.glob("*.txt"), *SAMPLE.glob("registers/*.csv")]:
        encoding = "cp1252" if path.suffix == ".txt" else "utf-8-sig"
        for name in path.read_text(encoding).splitlines()[0].split(";"):
            field = re.sub("^(DIA|EKOD|OP|MORSAK)[0-9]+$", r"\1", name)
            assert f"`{field}" in readme, field


def test_years_may_be_chosen(tmp_path: Path) -> None:
    assert main([str(tmp_path), "--persons", "30", "--seed", "1", "--years", "2221"]) == 0
    assert sorted(path.name for path in (tmp_path / "registers").iterdir()) == [
        "DORS_2221.csv",
        "LMED_2221.csv",
        "PAR_OV_2221.csv",
        "PAR_SV_2221.csv",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--persons", "30"],
        ["--persons", "0", "--seed", "1"],
        ["--persons", "many", "--seed", "1"],
        ["--persons", "30", "--seed", "x"],
        ["--persons", "30", "--seed", "1", "--study-share", "0"],
        ["--persons", "30", "--seed", "1", "--study-share", "1.5"],
        ["--persons", "30", "--seed", "1", "--years", "2019"],
        ["--persons", "30", "--seed", "1", "--years"],
    ],
)
def test_wrong_usage_ends_with_exit_code_2_and_writes_nothing(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "new"), *arguments])
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(SystemExit) as ended:
        main([str(file), "--persons", "30", "--seed", "1"])
    assert ended.value.code == 2
    assert "not a folder" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "file" / "below"), "--persons", "30", "--seed", "1"])
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err
