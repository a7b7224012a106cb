"""What holds the acceptance of a restored vault: two persons, nothing forged, no serial number lost or given twice."""

from tests.mutations.safeguard import Safeguard

RULES, STEPS = "samkorning/case/restoring.py", "assets/steps/safekeeping/accepting.py"
LOOK, VIEW = "samkorning/vault/restored.py", "samkorning/vault/as_restored.py"
SPEC, PIPELINE = "tests/spec/test_restored_rules.py", "tests/pipeline/test_restored_vault.py"
STORES = "tests/integration/test_vault_store.py"

RESTORED = (
    Safeguard(
        "restored-by-two-persons",
        "what a restored vault has lost is given up by two persons (R12)",
        RULES,
        "    two_persons_accept(waiting.person, person)\n",
        "",
        (SPEC,),
    ),
    Safeguard(
        "restored-exactly-as-proposed",
        "the second person accepts exactly what the first proposed (R12)",
        RULES,
        " and _content(newest.detail) == _content(loss.detail()) else None",
        " else None",
        (SPEC,),
    ),
    Safeguard(
        "restored-holds-what-was-given-out",
        "a restored code key without serial numbers that were given out is never accepted (R18)",
        RULES,
        "    if lacking:\n        what",
        "    if False:\n        what",
        (PIPELINE,),
    ),
    Safeguard(
        "restored-identities-of-text",
        "the number of an identity of text goes to no other one (R18)",
        STEPS,
        "_largest_small(view, case, name) > rows]",
        "False]",
        (PIPELINE,),
    ),
    Safeguard(
        "restored-linked-files-go",
        "no row leaves under a serial number that the restored code key does not know",
        STEPS,
        "        desk.vault.destroy_stores(place, MATERIAL, sorted(there))\n",
        "",
        (PIPELINE,),
    ),
    Safeguard(
        "restored-is-whole",
        "a restored file that is not whole is not accepted",
        STEPS,
        "            view.vault.open_store(place, each.retention_class, each.store).require_whole()\n",
        "            pass\n",
        (PIPELINE,),
    ),
    Safeguard(
        "restored-under-its-own-root",
        "what lies under another encryption key than the keystore's is never accepted",
        LOOK,
        "    if others:\n",
        "    if False:\n",
        (STORES,),
    ),
    Safeguard(
        "restored-on-its-own-branch",
        "a store that went on apart from the keystore is never accepted",
        LOOK,
        "    if len(chain) > anchor.generation:\n",
        "    if False:\n",
        (STORES,),
    ),
    Safeguard(
        "restored-as-looked-at",
        "no other state is accepted than persons have looked at",
        LOOK,
        "    if now != looked_at:\n",
        "    if False:\n",
        (STORES,),
    ),
    Safeguard(
        "restored-look-is-not-remembered",
        "a look at a restored vault opens nothing that the keystore refuses",
        VIEW,
        "    def _remembered(self, case: str) -> None:\n        return None\n",
        "    def _elsewhere(self, case: str) -> None:\n        return None\n",
        (STORES,),
    ),
    Safeguard(
        "restored-opt-out-list",
        "an opt-out list from before the last one is never gone on from",
        STEPS,
        "    if place == OPT_OUT:\n",
        "    if False:\n",
        (PIPELINE,),
    ),
)
