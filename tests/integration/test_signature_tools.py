"""The manifest's signatures with the tools that a recipient has: minisign and OpenSSH."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from test_delivery_factory import PUBLIC, RECIPIENT, sealed_in

from samkorning.delivery.package.opening import open_package
from samkorning.encryption import signature_forms, signing

pytestmark = pytest.mark.services


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    return open_package(sealed_in(tmp_path / "L001").path, RECIPIENT.secret, tmp_path / "opened", PUBLIC).folder


def needs(tool: str, package: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"the Debian package {package} is not installed: make services")


def minisign_holds(folder: Path) -> bool:
    needs("minisign", "minisign")
    command = ["minisign", "-V", "-H", "-p", "signing_key.pub", "-m", "manifest.json"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert (done.returncode == 0) == ("manifest.json of 36759-2021_L001" in done.stdout)
    return done.returncode == 0


def ssh_holds(folder: Path) -> bool:
    needs("ssh-keygen", "openssh-client")
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", "samkorning"]
    command += ["-n", "samkorning-delivery", "-s", "manifest.json.sshsig"]
    signed = (folder / "manifest.json").read_bytes()
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, input=signed).returncode == 0


TOOLS = {"minisig": minisign_holds, "sshsig": ssh_holds}


@pytest.mark.parametrize(("ending", "holds"), TOOLS.items(), ids=TOOLS)
def test_the_tool_takes_the_signature_and_no_flipped_byte(
    ending: str, holds: Callable[[Path], bool], opened: Path
) -> None:
    assert holds(opened)
    for name in ("manifest.json", f"manifest.json.{ending}"):
        whole = (opened / name).read_bytes()
        # Within the second line: the last letter before a = has bits that stand for nothing.
        for place in (whole.index(b"\n") + 40, len(whole) - 30):
            changed = bytearray(whole)
            changed[place] ^= 1
            (opened / name).write_bytes(changed)
            assert not holds(opened)
        (opened / name).write_bytes(whole)
    assert holds(opened)


@pytest.mark.parametrize(("ending", "holds"), TOOLS.items(), ids=TOOLS)
def test_the_tool_takes_no_signature_of_another_key(ending: str, holds: Callable[[Path], bool], opened: Path) -> None:
    other = bytes(range(1, 33))
    public = signing.public_key(other)
    (opened / "signing_key.pub").write_bytes(signature_forms.minisign_public_key(public))
    (opened / "allowed_signers").write_bytes(signature_forms.ssh_allowed_signers(public))
    assert not holds(opened)
