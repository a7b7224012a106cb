"""Documents of a case: taken once, kept encrypted, given back as they came; another in a document's place is seen."""

from pathlib import Path

import pytest

from assets.steps.attaching import attach_file, document_of, write_document
from assets.steps.intake.held_bytes import put_bytes
from assets.steps.safekeeping.doctor import examine
from samkorning.case.attaching import Standing, documents
from samkorning.errors import NotFound, RuleRefused, VaultDamaged
from samkorning.keystore import RetentionClass
from samkorning.order.attachments import AttachmentKind
from tests.office import OFFICER, Office

NUMBER = "36759-2021"
LISTED = "title: Ethics decision 2221-00001-01, dated: 2220-11-15"
DECISION = (LISTED, f"{LISTED}, file: Beslut.pdf")


def on_paper(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def standings(office: Office) -> list[Standing]:
    return [document.standing for document in documents(office.desk.case(NUMBER))]


def test_a_document_is_taken_once_kept_encrypted_and_given_back(office: Office, tmp_path: Path) -> None:
    office.open_case(DECISION)
    file = on_paper(tmp_path, "BESLUT.pdf", b"%PDF a decision" * 1000)
    assert standings(office) == [Standing.AWAITED] * 3
    for was_there in (False, True):
        assert attach_file(office.desk, office.desk.case(NUMBER), file, OFFICER).was_there is was_there
    assert standings(office) == [Standing.AWAITED, Standing.ATTACHED, Standing.AWAITED]
    assert not any(b"a decision" in path.read_bytes() for path in office.desk.home.root.rglob("*") if path.is_file())
    case = office.desk.case(NUMBER)
    write_document(office.desk, case, document_of(case, "beslut.PDF"), OFFICER, tmp_path / "back.pdf")
    assert (tmp_path / "back.pdf").read_bytes() == file.read_bytes()
    assert [str(misfit) for misfit in examine(office.desk).misfits] == []
    with pytest.raises(NotFound):
        document_of(case, "annan.pdf")


def test_another_file_in_a_documents_place_is_refused_and_a_listed_hash_is_asked_for(
    office: Office, tmp_path: Path
) -> None:
    office.open_case(DECISION)
    file = on_paper(tmp_path, "Beslut.pdf", b"first")
    attach_file(office.desk, office.desk.case(NUMBER), file, OFFICER)
    file.write_bytes(b"changed")
    with pytest.raises(RuleRefused, match="another file of that name was attached on"):
        attach_file(office.desk, office.desk.case(NUMBER), file, OFFICER)


def test_a_document_that_the_order_lists_by_its_hash_is_that_one_alone(office: Office, tmp_path: Path) -> None:
    office.open_case((LISTED, f"{LISTED}, file: Beslut.pdf, sha256: {'a' * 64}"))
    with pytest.raises(RuleRefused, match="its hash is another"):
        attach_file(office.desk, office.desk.case(NUMBER), on_paper(tmp_path, "Beslut.pdf", b"x"), OFFICER)
    assert standings(office) == [Standing.AWAITED] * 3


def test_what_the_order_does_not_list_needs_its_kind_and_day(office: Office, tmp_path: Path) -> None:
    from datetime import date

    office.open_case()
    file = on_paper(tmp_path, "avtal.pdf", b"agreement")
    with pytest.raises(RuleRefused, match="--kind and --dated"):
        attach_file(office.desk, office.desk.case(NUMBER), file, OFFICER)
    attach_file(office.desk, office.desk.case(NUMBER), file, OFFICER, AttachmentKind.AGREEMENT, date(2221, 1, 2))
    assert standings(office)[-1] is Standing.UNLISTED


def test_bytes_that_are_not_those_that_came_are_not_given_back(office: Office, tmp_path: Path) -> None:
    office.open_case(DECISION)
    taken = attach_file(office.desk, office.desk.case(NUMBER), on_paper(tmp_path, "Beslut.pdf", b"first"), OFFICER)
    store = office.desk.vault.open_store(NUMBER, RetentionClass.ARCHIVE, f"document.{taken.sha256[:16]}")
    put_bytes(store, on_paper(tmp_path, "other", b"second"))
    case = office.desk.case(NUMBER)
    with pytest.raises(VaultDamaged, match="not as it was attached"):
        write_document(office.desk, case, document_of(case, "Beslut.pdf"), OFFICER, tmp_path / "back.pdf")
    assert not (tmp_path / "back.pdf").exists()
