"""A vault lies on a disk of this machine: on a network file system the lock of a case does not hold."""

from pathlib import Path

import pytest

from samkorning.errors import HomeRefused
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import Vault, file_system
from samkorning.vault.file_system import file_system_type, refuse_network_file_system

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/root rw
30 22 0:26 / /data rw shared:1 - xfs /dev/sdb rw
31 30 0:27 / /data/shared\\040files rw - nfs4 server:/export rw
32 22 0:28 / /mnt rw - cifs //server/share rw
33 22 0:29 / /home/anna/remote rw - fuse.sshfs host: rw
34 22 0:30 / /database rw - btrfs /dev/sdc rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/vault", "ext4"),
        ("/data", "xfs"),
        ("/data/vault", "xfs"),
        ("/database/vault", "btrfs"),
        ("/data/shared files/vault", "nfs4"),
        ("/mnt/vault", "cifs"),
        ("/home/anna/remote/x/y", "fuse.sshfs"),
    ],
)
def test_a_folder_lies_on_the_innermost_mount(folder: str, kind: str) -> None:
    assert file_system_type(Path(folder), MOUNTS) == kind


def test_a_later_mount_on_the_same_point_covers_the_earlier() -> None:
    assert file_system_type(Path("/data/vault"), MOUNTS + "35 22 0:31 / /data rw - nfs server:/x rw\n") == "nfs"


@pytest.mark.parametrize("folder", ["/data/shared files/vault", "/mnt", "/home/anna/remote"])
def test_a_network_file_system_is_refused_with_the_reason(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(file_system, "MOUNTS", mounts)
    with pytest.raises(HomeRefused, match="network file system"):
        refuse_network_file_system(Path(folder))
    refuse_network_file_system(Path("/srv/vault"))


def test_no_vault_is_made_or_opened_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = PassphraseProvider(tmp_path / "keystore", b"a passphrase for tests", 2**14)
    keystore = Keystore.create(tmp_path / "keystore", provider)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"{MOUNTS}36 22 0:32 / {tmp_path.resolve()} rw - nfs server:/x rw\n")
    monkeypatch.setattr(file_system, "MOUNTS", mounts)
    with pytest.raises(HomeRefused, match="network file system"):
        Vault(tmp_path / "vault", keystore)
    assert not (tmp_path / "vault").exists()
