"""The files that begin first are there, and those of the cluster are handed to one process."""

from tests.factories import PROJECT
from tests.order_of_files import FIRST, ON_ONE_CLUSTER, scope_of


def test_each_file_that_is_named_is_there() -> None:
    there = {path.stem for path in (PROJECT / "tests").rglob("test_*.py")}
    assert FIRST.keys() <= there


def test_files_of_the_cluster_are_handed_out_as_one_and_others_each_by_itself() -> None:
    scopes = {scope_of(f"tests/integration/{name}.py::test_something[a/b.py]") for name in ON_ONE_CLUSTER}
    assert len(scopes) == 1
    assert scope_of("tests/pipeline/test_page.py::test_something[a/b.py]") == "tests/pipeline/test_page.py"
