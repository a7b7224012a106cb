"""Packed files of every kind, whole, damaged and made to harm: the exact table or the exact refusal."""

from pathlib import Path

import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, inspect_register_file
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.guarded import open_guarded
from samkorning.register_files.packaging import FileSecrets
from samkorning.register_files.table import RegisterTable
from tests.archives import ROWS
from tests.spec.packed_damages import PACKED_DAMAGES, PackedDamage

CASES = [
    pytest.param(kind, damage, id=f"{kind}: {damage.name}")
    for kind, damages in PACKED_DAMAGES.items()
    for damage in damages
]


def read(damage: PackedDamage, content: bytes | Path) -> RegisterTable:
    """Bytes in this process, a file on disk by a guarded reader."""
    contract, secrets = FileContract(member=damage.member), FileSecrets(damage.password)
    opener = open_register_file if isinstance(content, bytes) else open_guarded
    return inspect_register_file(content, damage.file, contract, secrets, opener)


@pytest.mark.parametrize(("kind", "damage"), CASES)
def test_a_packed_file_gives_the_exact_table_or_the_exact_refusal(
    kind: str, damage: PackedDamage, tmp_path: Path
) -> None:
    path = tmp_path / "sent"
    path.write_bytes(damage.sent())
    for content in (path, path.read_bytes()):
        if not damage.refusal:
            table = read(damage, content)
            assert table.frame.rows() == [ROWS[row - 1] for row in damage.kept]
            assert (table.format, table.packaging) == ("delimited", (kind,))
            continue
        with pytest.raises(FileRefused) as refused:
            read(damage, content)
        assert refused.value.problem.startswith(damage.refusal) or damage.refusal in refused.value.problem
        assert refused.value.file == damage.file
        assert "hemligt" not in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["sent"]
