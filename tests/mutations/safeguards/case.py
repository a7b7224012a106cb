"""What a case is and stays: its order, its events as they happened, who acts in it."""

from tests.mutations.safeguard import Safeguard

ACTS, REGISTER, TABLES, COMPLAINTS = (
    f"samkorning/case/{name}.py" for name in ("acts", "register", "tables", "complaints")
)
SPEC, DISPOSAL = "tests/spec/test_rules.py", "tests/spec/test_disposal_rules.py"
REGISTERED = "tests/unit/test_case_register.py"

CASE = (
    Safeguard(
        "amendment-after-delivery",
        "what a case has delivered is not changed by an amendment (R19)",
        ACTS,
        "    may_be_amended(case, order)\n",
        "",
        (SPEC,),
    ),
    Safeguard(
        "synthetic-stays-synthetic",
        "a case cannot turn from synthetic to real or back (R19)",
        ACTS,
        "if order.synthetic != case.order.synthetic:",
        "if False:",
        (SPEC,),
    ),
    Safeguard(
        "synthetic-recipient",
        "a synthetic case never delivers to a real recipient",
        "samkorning/order/rules.py",
        'if order.synthetic and not ("synthetic" in organisation or "syntetisk" in organisation):',
        "if False:",
        (SPEC,),
    ),
    Safeguard(
        "identifier-columns-stay",
        "an identifier column never leaves as it came (R07)",
        "samkorning/order/rules.py",
        "if identifying & set(source.deliver or ()):",
        "if False:",
        (SPEC,),
    ),
    Safeguard(
        "donation-register",
        "the donation register is never linked (R06)",
        "samkorning/order/rules.py",
        "if found is not None and found.barred:",
        "if False:",
        (SPEC,),
    ),
    Safeguard(
        "ethics-of-research",
        "research rests on an ethics decision (R03)",
        "samkorning/order/rules.py",
        'if order.purpose == "research" and not order.deceased_only and order.ethics is None:',
        "if False:",
        (SPEC,),
    ),
    Safeguard(
        "complaint-window",
        "a complaint comes within three months (R15)",
        COMPLAINTS,
        "    if today > last_day:\n",
        "    if False:\n",
        (DISPOSAL,),
    ),
    Safeguard(
        "extension-names-the-order",
        "a longer time for the code key names the order's own representative (R17)",
        COMPLAINTS,
        "if representative != order.research_principal.representative.name:",
        "if False:",
        (DISPOSAL,),
    ),
    Safeguard(
        "events-as-they-were-seen",
        "an act that rests on a case as it was is not recorded on another one",
        REGISTER,
        '            raise CaseBusy(f"case {case.number} changed meanwhile: {self._since(case)}; look at it again and repeat")',
        "            return",
        (REGISTERED,),
    ),
    Safeguard(
        "states-of-a-case",
        "no event is recorded that the state of the case has no place for",
        REGISTER,
        "        state_after(state_of(case.events), kind)\n",
        "",
        (REGISTERED,),
    ),
    Safeguard(
        "events-reach-the-disk",
        "an event that was recorded survives a power cut",
        TABLES,
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
        (REGISTERED,),
    ),
    Safeguard(
        "free-names",
        "in a case of real persons the account acts, and no free name (R11)",
        "cli/session.py",
        "        if named is not None and not synthetic:\n",
        "        if False:\n",
        ("tests/unit/test_acting_person.py",),
    ),
    Safeguard(
        "accounts-with-an-owner",
        "an account that nobody owns does not act in a case of real persons (R11)",
        "cli/session.py",
        "        if owner is None and named is None and not synthetic:\n",
        "        if False:\n",
        ("tests/unit/test_acting_person.py",),
    ),
    Safeguard(
        "events-are-fenced-in-sqlite",
        "the database itself refuses to change or remove an event",
        "samkorning/case/revisions/fence.py",
        """    for verb in ("UPDATE", "DELETE")\n""",
        """    for verb in ("UPDATE",)\n""",
        (REGISTERED,),
    ),
    Safeguard(
        "events-are-fenced-in-postgresql",
        "the database itself refuses to change or remove an event",
        "samkorning/case/revisions/fence.py",
        "BEFORE UPDATE OR DELETE ON case_event ",
        "BEFORE UPDATE ON case_event ",
        (REGISTERED,),
    ),
    Safeguard(
        "newer-registers-are-left-alone",
        "a database that a newer version has made is not written to",
        "samkorning/case/revisions/__init__.py",
        "    if found is not None and found not in REVISIONS:\n",
        "    if False:\n",
        (REGISTERED,),
    ),
    Safeguard(
        "upgrades-one-at-a-time",
        "of two processes that open an older database one upgrades it, and the other waits",
        "samkorning/case/revisions/__init__.py",
        '            connection.execute(text("BEGIN IMMEDIATE"))\n',
        "            pass\n",
        (REGISTERED,),
    ),
)
