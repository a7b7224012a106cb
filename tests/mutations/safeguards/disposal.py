"""What holds disposal: nothing before its day, nothing that opens afterwards, a receipt that holds."""

from tests.mutations.safeguard import Safeguard

CLOCKS, RECEIPTS = "samkorning/disposal/clocks.py", "samkorning/disposal/receipts.py"
DESTROYING, DISPOSING = "assets/steps/destroying.py", "assets/steps/disposing.py"
SPEC, PIPELINE = "tests/spec/test_disposal_rules.py", "tests/pipeline/test_disposal.py"
ROTATION = "tests/integration/test_vault_rotation.py"

DISPOSAL = (
    Safeguard(
        "first-day",
        "nothing goes before its first day (R16)",
        CLOCKS,
        "return self.first_day is not None and self.first_day <= today",
        "return self.first_day is not None",
        (SPEC,),
    ),
    Safeguard(
        "open-complaints",
        "the code key stays while a complaint is open (R16)",
        CLOCKS,
        "    if complaints:\n        return DisposalClock(None, f\"a complaint on {', '.join(complaints)} is open\")\n    if awaited:",
        "    if awaited:",
        (SPEC,),
    ),
    Safeguard(
        "awaited-files",
        "the code key stays while files are awaited (R14)",
        CLOCKS,
        "    if awaited:\n",
        "    if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "kept-code-key",
        "the code key stays as long as a decision keeps it (R17)",
        CLOCKS,
        "    if kept is not None and kept + DAY > after_letter:\n",
        "    if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "kept-without-a-limit",
        "the code key stays where a decision keeps it without a limit (R17)",
        CLOCKS,
        "    if kept == NO_LIMIT:\n",
        "    if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "complaint-on-the-material",
        "material stays while a complaint on its delivery is open (R16)",
        CLOCKS,
        "    complaints = sorted(set(names) & set(open_complaints(case)))\n",
        "    complaints: list[str] = []\n",
        (SPEC,),
    ),
    Safeguard(
        "opening-is-tried",
        "what was disposed of is tried and does not open",
        DESTROYING,
        "    if opened:\n",
        "    if False:\n",
        ("tests/pipeline/test_steps_ask_first.py::test_what_opens_after_its_disposal_is_told",),
    ),
    Safeguard(
        "class-key-is-destroyed",
        "the encryption key of what was disposed of is destroyed",
        "samkorning/keystore/roots.py",
        "        self._classes.destroy(class_label(case, retention_class))\n",
        "",
        (ROTATION,),
    ),
    Safeguard(
        "encryption-key-is-removed",
        "a destroyed encryption key is gone from the disk",
        "samkorning/keystore/passphrase.py",
        "            remove(self._file(name))\n",
        "            pass\n",
        (ROTATION,),
    ),
    Safeguard(
        "destroyed-code-key-is-not-made-again",
        "a code key that was destroyed is not drawn anew",
        "samkorning/keystore/class_keys.py",
        "        if not self._file(label).exists():\n            make_folder(self._folder)\n",
        "        if not self._file(label).exists() or not self._state(label).current:\n"
        "            self._file(label).unlink(missing_ok=True)\n            make_folder(self._folder)\n",
        (ROTATION,),
    ),
    Safeguard(
        "files-are-destroyed",
        "files that were disposed of are gone from the vault",
        "samkorning/vault/vault.py",
        "            self._keystore.destroy_class(case, retention_class)\n"
        "            for name in self._names(case, retention_class):\n"
        "                remove_store(self.folder / case / retention_class.value / name)\n",
        "            self._keystore.destroy_class(case, retention_class)\n",
        (ROTATION,),
    ),
    Safeguard(
        "stores-are-destroyed",
        "stores that were disposed of alone open no more",
        "samkorning/keystore/roots.py",
        "            remove(self._root_file(address))\n            for path in self._anchors(address):\n                remove(path)\n"
        "        self.rotate_class(case, retention_class)\n",
        "            remove(self._root_file(address))\n            for path in self._anchors(address):\n                remove(path)\n",
        (f"{PIPELINE}::test_material_goes_on_its_own_clock_while_the_code_key_stays",),
    ),
    Safeguard(
        "encryption-keys-that-come-back",
        "an encryption key that comes back with a backup is seen",
        DESTROYING,
        '    if any(desk.keystore.holds(name) for name in detail["class_keys"] if name.startswith(concerned)):\n',
        "    if False:\n",
        (f"{PIPELINE}::test_an_encryption_key_that_comes_back_is_reported_and_destroyed_again",),
    ),
    Safeguard(
        "classes-that-come-back",
        "a class that comes back with a backup of the keystore is seen",
        DESTROYING,
        '    if any(desk.keystore.class_key_name(number, RetentionClass(each)) for each in detail["classes"]):\n',
        "    if False:\n",
        (f"{PIPELINE}::test_an_encryption_key_that_comes_back_is_reported_and_destroyed_again",),
    ),
    Safeguard(
        "signature-of-disposal",
        "a receipt of disposal holds only as it was signed",
        RECEIPTS,
        "    if whole != content or not signing.verify(public_key, _signed(found.receipt), signature):\n",
        "    if whole != content:\n",
        (SPEC,),
    ),
    Safeguard(
        "form-of-the-receipt",
        "no byte of a receipt of disposal changes unseen",
        RECEIPTS,
        "    if whole != content or not",
        "    if not",
        (SPEC,),
    ),
    Safeguard(
        "order-as-it-was-confirmed",
        "what is confirmed is what was ordered, and nothing that has changed since",
        DISPOSING,
        ' and {**order.detail, "disposal": ""} == {**content, "disposal": ""}:',
        ":",
        (f"{PIPELINE}::test_what_has_changed_since_the_order_is_ordered_anew",),
    ),
    Safeguard(
        "second-person-confirms",
        "who ordered a disposal does not confirm it (R16)",
        DISPOSING,
        "    two_persons_dispose(waiting.person, confirms)\n",
        "",
        (f"{PIPELINE}::test_two_persons_dispose_each_by_a_call_of_their_own",),
    ),
    Safeguard(
        "second-receipt-waits",
        "erasure is complete when the last backup of the keystore has expired, and not before",
        DISPOSING,
        "        if desk.clock.today() > horizon:\n",
        "        if True:\n",
        (f"{PIPELINE}::test_the_second_receipt_follows_when_the_last_backup_of_the_keystore_has_expired",),
    ),
    Safeguard(
        "code-key-not-without-its-class",
        "a case whose code key is gone counts as disposed of",
        "samkorning/case/states.py",
        '        if event.kind is K.DISPOSED and event.detail["code_key"]:\n',
        "        if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "purge-of-runs",
        "Dagster remembers no run of a case that is disposed of",
        "pipelines/purging.py",
        "            instance.delete_run(run.run_id)\n",
        "            pass\n",
        (f"{PIPELINE}::test_the_program_disposes_and_purges_the_page",),
    ),
)
