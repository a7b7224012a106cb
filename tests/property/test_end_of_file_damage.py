"""Looking for the own end of a file: whatever its bytes are, the answer is yes, no or none, and comes soon."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samkorning.register_files.whole.end_of_file import ENDS, end_is_there
from tests.examples import examples

SHORT = settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SHORT
@given(st.sampled_from(ENDS), st.binary(max_size=600), st.integers(0, 600))
def test_any_bytes_behind_a_known_beginning_are_answered(tmp_path: Path, end: object, rest: bytes, cut: int) -> None:
    path = tmp_path / "sent"
    whole = bytes(end.place) + end.mark + rest  # type: ignore[attr-defined]
    path.write_bytes(whole[:cut])
    assert end_is_there(path) in (True, False, None)
    path.write_bytes(whole)
    assert end_is_there(path) in (True, False)


@SHORT
@given(st.lists(st.tuples(st.sampled_from([2, 3, 4, 6, 7, 999]), st.binary(max_size=40)), max_size=12))
def test_any_dictionary_of_an_spss_file_is_answered(tmp_path: Path, records: list[tuple[int, bytes]]) -> None:
    path = tmp_path / "sent.sav"
    head = b"$FL2".ljust(64) + b"\x02\0\0\0" + b"\x01\0\0\0" * 4
    path.write_bytes(head.ljust(176, b"\0") + b"".join(kind.to_bytes(4, "little") + more for kind, more in records))
    assert end_is_there(path) in (True, False)
