"""The newcomer's first command: one synthetic case from its order to three deliveries that open."""

from pathlib import Path

from pipelines.demonstration import demonstrate
from resources import inbox
from samkorning.delivery import open_package
from samkorning.encryption.signing import public_key
from tests.office import Office


def test_the_demonstration_makes_three_deliveries(tmp_path: Path) -> None:
    desk = Office(tmp_path, persons=300).desk
    said: list[str] = []
    made = demonstrate(desk, 300, 2221, said.append)
    assert [(each["delivery"], each["kind"]) for each in made.deliveries] == [
        ("L001", "first"),
        ("L002", "supplement"),
        ("L003", "repeat"),
    ]
    assert not list(inbox.lying_files(desk.home, made.case)), "what was taken in lies in the inbox no longer"
    secret = made.identity.read_text().splitlines()[-1]
    for each in made.deliveries:
        sealed = desk.home.root / each["path"]
        opened = open_package(sealed, secret, tmp_path / each["delivery"], public_key(desk.signing_seed))
        assert [file.rows for file in opened.manifest.files] == [file["rows"] for file in each["files"]]
    assert made.serial_numbers >= made.persons > 0
    assert any("comes late" in line for line in said)
