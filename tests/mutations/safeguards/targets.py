"""What holds where deliveries go: nothing twice, nothing in place of another, no other server; what the recipient checks."""

from tests.mutations.safeguard import Safeguard

HANDING, SFTP = "samkorning/delivery/handing_over.py", "resources/targets/sftp.py"
CHECK, COMPLAINT = "samkorning/delivery/recipient/check.py", "samkorning/case/complaint_file.py"
READING, PASSPHRASES = "samkorning/delivery/package/seven_zip_reading.py", "assets/steps/delivery/passphrases.py"
FORMS = "samkorning/encryption/signature_forms.py"
HAND_OVER, RECIPIENT = "tests/integration/test_hand_over.py", "tests/unit/test_recipient_check.py"
PROGRAM, SEVEN_ZIP = "tests/integration/test_recipient_program.py", "tests/integration/test_seven_zip.py"

TARGETS = (
    Safeguard(
        "nothing-sent-twice",
        "what a target holds is not sent again",
        HANDING,
        "        return HandedOver(name, sha256, size, 0)\n",
        "        place.remove(name)\n",
        (HAND_OVER,),
    ),
    Safeguard(
        "another-file-at-the-target",
        "another file under the name at a target is never touched",
        HANDING,
        "        if there != size or _sha256(place.read(name, size)) != sha256:\n",
        "        if False:\n",
        (HAND_OVER,),
    ),
    Safeguard(
        "handed-over-as-sealed",
        "a file that is not as it was sealed is not handed over",
        HANDING,
        "    if _sha256(_from(path, 0)) != sha256:\n",
        "    if False:\n",
        (HAND_OVER,),
    ),
    Safeguard(
        "arrived-as-sent",
        "what did not arrive as it was sent gets no name",
        HANDING,
        "    if place.size(unfinished) != size or _sha256(place.read(unfinished, size)) != sha256:\n",
        "    if False:\n",
        (HAND_OVER,),
    ),
    Safeguard(
        "gone-on-with-by-hash",
        "a cut hand-over goes on only from what is how the file begins",
        HANDING,
        "    if held <= path.stat().st_size and _sha256(place.read(unfinished, held)) == _sha256(_from(path, 0, held)):\n",
        "    if held <= path.stat().st_size:\n",
        (HAND_OVER,),
    ),
    Safeguard(
        "pinned-host-key",
        "nothing is sent to a server with another host key",
        SFTP,
        "        if refused or transport.get_remote_server_key().asbytes() != base64.b64decode(pinned):\n",
        "        if False:\n",
        (HAND_OVER,),
    ),
    Safeguard(
        "private-key-of-a-target",
        "the service's key for a target may be read by its owner alone",
        SFTP,
        "stat.S_IMODE(path.stat().st_mode) & 0o077",
        "False",
        (HAND_OVER,),
    ),
    Safeguard(
        "signature-in-one-spelling",
        "a signature has one spelling for the recipient's check",
        CHECK,
        " or scalar >= ORDER:\n",
        ":\n",
        (RECIPIENT,),
    ),
    Safeguard(
        "one-code-key-at-the-recipient",
        "deliveries of two code keys are told to the recipient",
        CHECK,
        '        if then["first"] != now["first"] or not follows or now["rows"] < then["rows"]:\n',
        "        if False:\n",
        (RECIPIENT, PROGRAM),
    ),
    Safeguard(
        "complaint-file-scan",
        "a complaint that names a person by number is not kept",
        COMPLAINT,
        '        require_text("the text of the complaint", said.text, MOST_TEXT)\n',
        "        pass\n",
        ("tests/unit/test_complaint_file.py",),
    ),
    Safeguard(
        "complaint-file-findings",
        "a finding of a complaint that names a person by number is not kept",
        COMPLAINT,
        '    require_no_number("a finding of the complaint", *(each.about for each in said.findings))\n',
        "",
        ("tests/unit/test_complaint_file.py",),
    ),
    Safeguard(
        "signature-for-minisign",
        "a changed signature in minisign's form is told",
        FORMS,
        "        and signing.verify(public, _blake2b(message), signature)\n",
        "",
        ("tests/unit/test_signature_forms.py",),
    ),
    Safeguard(
        "signature-for-openssh",
        "a changed signature in OpenSSH's form is told",
        FORMS,
        " and signing.verify(public, _ssh_signed(message), signature)\n",
        "\n",
        ("tests/unit/test_signature_forms.py",),
    ),
    Safeguard(
        "checksum-in-a-locked-archive",
        "a member of a locked archive that was changed is told",
        READING,
        "        if size and found != checksum:\n",
        "        if False:\n",
        (SEVEN_ZIP,),
    ),
    Safeguard(
        "passphrase-shown-once",
        "a passphrase is shown once, and again only for a reason",
        PASSPHRASES,
        "        if shown and again is None:\n",
        "        if False:\n",
        ("tests/pipeline/test_targets.py",),
    ),
    Safeguard(
        "passphrase-leaves-a-trace",
        "who was shown a passphrase stands in the audit log",
        PASSPHRASES,
        '        desk.audit.append(\n            "show passphrase", person, case.number, desk.clock.now(), delivery=number, reason=again or "first time"\n        )\n',
        "",
        ("tests/pipeline/test_targets.py",),
    ),
)
