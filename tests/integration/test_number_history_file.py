"""A number history before anybody sends it: refused or told of as intake would."""

import json
from pathlib import Path

from tests.factories import SAMPLE
from tests.integration.test_file_check import checked


def test_a_number_history_is_judged_as_intake_judges_it(tmp_path: Path) -> None:
    path, order = tmp_path / "history.csv", ("--specification", SAMPLE / "order.yaml", "--source", "number_history")
    header, first, second = "old_number;new_number;changed_on;source", "220102114873", "214204023594"
    path.write_text(f"{header}\n{first};{second};;\n{second};{first};;\n", encoding="utf-8")
    code, answer = checked(path, *order, "--report", tmp_path)
    assert (code, answer["rows"]) == (1, 2)
    assert "2 rows lead back" in answer["problems"][0]["problem"]
    report = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    assert report["problems"][0]["what"]["sv"].startswith("2 rader leder tillbaka")
    path.write_text(f"{header}\n{first};{second};2210-02-30;\n{first};;;\n", encoding="utf-8")
    code, answer = checked(path, *order)
    found = {(problem["row"], problem["column"], problem["problem"]) for problem in answer["problems"]}
    assert (code, found) == (0, {(1, "changed_on", "date"), (2, "new_number", "missing")})
