"""docs/disposal.md: an outsider checks a receipt of disposal with the commands that it gives, and nothing of ours."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from samkorning.encryption.signing import create_signing_seed, public_key
from samkorning.retention import CompletionReceipt, DisposalReceipt, DisposedFile, receipt_bytes
from tests.factories import PROJECT

PAGE = PROJECT / "docs" / "disposal.md"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed: make services")
FIRST = DisposalReceipt(
    case="10001-2026",
    disposal="D001",
    date="2026-08-21",
    ordered_by="Åsa",
    confirmed_by="Mia",
    classes_destroyed=("code_key",),
    stores=(),
    files=(DisposedFile(path="outbox/x.tar.age", why="R16", sha256="b" * 64, bytes=12),),
    opening_tried=1,
    keystore_backups_until="2026-11-19",
)
FINAL = CompletionReceipt(
    case="10001-2026",
    disposal="D001",
    date="2026-11-20",
    first_receipt_sha256="c" * 64,
    keystore_backups_expired="2026-11-19",
)


def checked(folder: Path, receipt: bytes, key: str) -> bool:
    """Whether the page's own commands find the signature right."""
    [commands] = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (folder / "receipt.json").write_bytes(receipt)
    (folder / "signing_key.pub").write_text(key + "\n")
    said = subprocess.run(["sh", "-c", commands], cwd=folder, capture_output=True, text=True, check=False)
    return "Signature Verified Successfully" in said.stdout


@pytest.mark.parametrize("receipt", [FIRST, FINAL], ids=["first", "final"])
def test_an_outsider_checks_a_receipt_as_the_page_says(
    tmp_path: Path, receipt: DisposalReceipt | CompletionReceipt
) -> None:
    seed = create_signing_seed()
    content = receipt_bytes(receipt, seed)
    assert checked(tmp_path, content, public_key(seed))
    assert not checked(tmp_path, content.replace(b"2026-11-19", b"2027-11-19"), public_key(seed))
    assert not checked(tmp_path, content, public_key(create_signing_seed()))


def test_the_page_names_every_field_of_both_receipts() -> None:
    text = PAGE.read_text("utf-8")
    fields = {*DisposalReceipt.model_fields, *CompletionReceipt.model_fields} - {"format"}
    assert not [name for name in sorted(fields) if f"`{name}`" not in text]
