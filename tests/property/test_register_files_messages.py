"""Whatever is sent: a table or a refusal, no other error, and no word of the file in any message."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.errors import FileRefused, SamkorningError
from samkorning.register_files import FileContract
from tests.examples import examples
from tests.reading_here import read_register_file

NAMES = ["file.csv", "file.txt", "file.xlsx", "file.parquet", "file.arrow", "file.jsonl", "file"]
HEADS = [
    b"",
    b"PK\x03\x04",
    b"PAR1",
    b"ARROW1\x00\x00",
    b"\xff\xff\xff\xff",
    b'{"a":1}\n',
    b"\xff\xfe",
    b"sep=;\n",
    b"a;b\n",
]
SECRET = "hemligt220101011234"
damage = st.binary(max_size=60) | st.sampled_from([SECRET.encode(), b"\n", b";", b'"', SECRET.encode("utf-16-le")])
columns = [{"name": "a", "type": "integer"}, {"name": "b", "type": "date", "required": True}]


@given(
    name=st.sampled_from(NAMES),
    head=st.sampled_from(HEADS),
    body=st.lists(damage, max_size=8).map(b"".join),
    declared=st.booleans(),
)
@settings(max_examples=examples(300), deadline=None)
def test_no_content_breaks_out_of_its_refusal(name: str, head: bytes, body: bytes, declared: bool) -> None:
    contract = FileContract.model_validate({"columns": columns if declared else []})
    try:
        table = read_register_file(head + body, name, contract)
    except FileRefused as refused:
        assert "hemligt" not in str(refused)
        assert "220101" not in str(refused)
        assert refused.__cause__ is None and refused.__context__ is None
    else:
        assert table.rows + table.refused_rows + table.header_records == table.records


@pytest.mark.parametrize(
    "content",
    [
        f"{SECRET};{SECRET}\n1;2\n".encode(),
        f'a;b\n"{SECRET}x;y\n'.encode(),
        f"a;b\n{SECRET}\n".encode(),
        f"a;{SECRET};{SECRET}\n".encode(),
        f'{{"{SECRET}": 1}}\n{{"{SECRET.upper()}": 1}}\n'.encode(),
    ],
)
@pytest.mark.parametrize("name", ["file.csv", "file"])
def test_a_refusal_quotes_nothing_of_the_file(content: bytes, name: str) -> None:
    with pytest.raises(SamkorningError) as refused:
        read_register_file(content, name, FileContract())
    assert not re.search("hemligt|220101", str(refused.value), re.I)
