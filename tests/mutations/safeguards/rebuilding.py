"""What holds a delivery that is built again: compared whole, nothing written, nothing left, its inputs still there."""

from tests.mutations.safeguard import Safeguard

TESTS = "tests/pipeline/test_rebuild.py"

REBUILDING = (
    Safeguard(
        "differs-from-what-was-delivered",
        "a delivery that is not the same byte for byte is told apart",
        "assets/steps/delivery/rebuilding.py",
        "    return {name for name in {*rebuilt, *delivered} if rebuilt.get(name) != delivered.get(name)}\n",
        "    return set()\n",
        (f"{TESTS}::test_what_is_on_one_side_alone_differs", f"{TESTS}::test_a_file_that_differs_is_told"),
    ),
    Safeguard(
        "the-past-is-not-written",
        "building a delivery again writes to no store that the case is made from",
        "samkorning/vault/past.py",
        '        raise WriteRefused(f"{self.address}: is read as it was, and never written")\n        yield\n',
        "        with self._present.exclusive():\n            yield\n",
        (f"{TESTS}::test_the_past_is_never_written_to",),
    ),
    Safeguard(
        "scratch-is-swept",
        "what a killed process left in scratch is removed",
        "resources/scratch.py",
        "            shutil.rmtree(folder)\n",
        "            pass\n",
        (f"{TESTS}::test_the_next_delivery_and_a_disposal_sweep_what_was_left",),
    ),
    Safeguard(
        "code-key-of-then",
        "serial numbers that came later are in no delivery that is built again",
        "assets/steps/stores.py",
        'rows.filter(pl.col("generation") <= then.number)',
        "rows",
        ("tests/unit/test_past_stores.py",),
    ),
    Safeguard(
        "register-years-that-are-needed",
        "the rows of a register year are kept as long as a delivery needs them",
        "samkorning/vault/store.py",
        "min(draft.number - 1, kept_from or draft.number)",
        "draft.number - 1",
        ("tests/unit/test_past_stores.py",),
    ),
)
