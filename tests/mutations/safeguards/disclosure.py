"""What holds back deliveries in which somebody is alone, until a person has looked; and the steps that a package tells."""

from tests.mutations.safeguard import Safeguard

RULE, ACTS, RULES = (f"samkorning/case/{name}.py" for name in ("disclosure", "acts", "rules"))
SPEC, PIPELINE = "tests/spec/test_disclosure_rules.py", "tests/pipeline/test_disclosure.py"
STEPS, PROGRAMS = "samkorning/delivery/steps.py", "tests/unit/test_machine_readable.py"

DISCLOSURE = (
    Safeguard(
        "release-after-the-disclosure-preview",
        "nothing is released whose disclosure risk nobody has accepted (R20)",
        ACTS,
        "    disclosure_is_decided(case)\n",
        "",
        (f"{SPEC}::test_r20_nothing_is_released_before_the_disclosure_risk_is_accepted",),
    ),
    Safeguard(
        "disclosure-refusal",
        "nothing of a specification with quasi-identifiers leaves before a person has looked (R20)",
        RULE,
        "    if case.specification.quasi_identifiers and _newest(case) is None:\n",
        "    if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "disclosure-of-these-contents",
        "a decision on the disclosure risk holds for the contents that were seen (R20)",
        RULE,
        '    if bool(accepted["contents"] == seen.sha256):\n',
        "    if True:\n",
        (SPEC,),
    ),
    Safeguard(
        "smaller-groups-wait",
        "a later delivery with a smaller group than accepted waits for a person (R20)",
        RULE,
        'return accepted["k"] is None or seen.figures.k < accepted["k"]',
        "return False",
        (SPEC,),
    ),
    Safeguard(
        "looked-at-as-much-as-accepted",
        "a later delivery waits where rows that were looked at together are kept no longer (R20)",
        RULE,
        " and _sees_as_much(seen, accepted)",
        "",
        (SPEC,),
    ),
    Safeguard(
        "all-files-together-are-decided",
        "what all files say together is looked at before anything leaves, with what was delivered before (R20)",
        "assets/steps/delivery/disclosing.py",
        "    found.append(disclosure_together(desk, case, plan))\n",
        "",
        (f"{PIPELINE}::test_a_supplement_is_looked_at_together_with_what_was_delivered_before",),
    ),
    Safeguard(
        "together-as-delivered-now",
        "figures of all files together are of the rows that would leave now",
        "assets/steps/delivery/disclosing_together.py",
        "    if stores.latest_facts(store).get(MADE_OF) != _made_of(case, joined):\n",
        "    if False:\n",
        (f"{PIPELINE}::test_what_was_delivered_and_is_kept_no_longer_is_said_not_to_be_looked_at",),
    ),
    Safeguard(
        "disclosure-of-this-specification",
        "a decision on the disclosure risk does not outlive its specification (R09)",
        RULE,
        'return found if found is not None and found.detail["specification_sha256"] == case.specification.sha256 else None',
        "return found",
        (SPEC,),
    ),
    Safeguard(
        "disclosure-accepted-by-another",
        "who wrote the specification does not accept its disclosure risk (R20)",
        RULE,
        "    if person == case.author:\n",
        "    if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "disclosure-before-sealing",
        "nothing is sealed that fell below what was accepted, check or no check (R20)",
        "assets/steps/delivery/delivering.py",
        "    require_disclosure_accepted(desk, case, plan)\n",
        "",
        (f"{PIPELINE}::test_sealing_itself_asks_for_the_decision",),
    ),
    Safeguard(
        "step-as-signed",
        "a step of a package is shown as it was signed",
        STEPS,
        "        elif each.statement != statement_of(case, delivery, each.step):\n",
        "        elif False:\n",
        (PROGRAMS,),
    ),
    Safeguard(
        "step-signed-by-the-service",
        "a step of a package is signed by the service",
        STEPS,
        "        elif not _holds(each, public_key):\n",
        "        elif False:\n",
        (PROGRAMS,),
    ),
)
