"""Rendered files in the vault: done twice, made of other things meanwhile, found by another program, of yesterday."""

import pytest

from assets.steps import stores
from assets.steps.case_view import ledger_rows
from assets.steps.delivery import contents
from assets.steps.delivery.contents import render_files, rendered_bytes, rendered_facts
from assets.steps.delivery.delivering import deliver, present_plan
from assets.steps.linkage.linking import link_source
from samkorning.case.inputs import Unit
from samkorning.errors import CheckFailed
from tests.office import Office

LATE = Unit("region_labb")


def test_what_lies_rendered_is_used_only_as_it_would_be_rendered_now(office: Office) -> None:
    case = office.delivered_case()["case"]
    office.receive(case, "region_labb")
    office.release_holders(case, "Region Exempel")
    opened = office.desk.case(case)
    source = opened.specification.source(LATE.source)
    assert source is not None
    link_source(office.desk, opened, source, next(row for row in ledger_rows(office.desk, opened) if row.unit == LATE))
    plan = present_plan(office.desk, opened)
    [file] = plan.files
    store = stores.contents(office.desk, opened, file.name)

    render_files(office.desk, opened, plan.files)
    first, content = store.generations()[-1], b"".join(rendered_bytes(office.desk, opened, file, "csv"))
    lies = b"".join(path.read_bytes() for path in office.desk.vault.folder.rglob("*") if path.is_file())
    assert not any(row in lies for row in content.splitlines()), "no row of a rendered file lies in clear"
    render_files(office.desk, opened, plan.files)
    assert store.generations()[-1] == first, "done twice is done once"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents, "program_hash", lambda: "another program")
        with pytest.raises(CheckFailed, match="run again"):
            rendered_facts(office.desk, opened, file)
        render_files(office.desk, opened, plan.files)
        assert b"".join(rendered_bytes(office.desk, opened, file, "csv")) == content
    with pytest.raises(CheckFailed, match="run again"):  # what the other program left, found by this one
        deliver(office.desk, opened, plan)
    assert office.deliver(case)["delivery"] == "L002"
