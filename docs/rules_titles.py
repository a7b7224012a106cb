"""What each rule of the service is about, and what it rests on: the headings of docs/rules.md.

What belongs here: a short title and a basis for every rule, a law or the source of docs/sources.md. What must not: what
the rule says; that is the first line of its spec tests.
"""

from typing import NamedTuple

OSL = "the Public Access to Information and Secrecy Act (OSL, 2009:400)"
FL = "the Administrative Procedure Act (FL, 2017:900)"
GDPR = "the General Data Protection Regulation"
ETHICS = "the Ethical Review Act (2003:460)"
QUESTIONS, STEPS, REPORT, REGION, GUIDE = "Questions", "Steps", "Report", "Region", "Guide"


class RuleHead(NamedTuple):
    """The head of one rule."""

    title: str
    rests_on: str


RULES = {
    "R01": RuleHead("A case and its confirmation", STEPS),
    "R02": RuleHead("Order of work, questions, and how a case ends", f"{FL}, sections 43 and 44; {STEPS}, {REPORT}"),
    "R03": RuleHead("What an order carries", f"{ETHICS}; {STEPS}, {QUESTIONS}, {REGION}"),
    "R04": RuleHead("Every register holder decides on its own data", f"{OSL}; {QUESTIONS}, {REGION}"),
    "R05": RuleHead("Orders on deceased persons only", QUESTIONS),
    "R06": RuleHead("The donation register stays out", QUESTIONS),
    "R07": RuleHead("Serial numbers in place of identity numbers", f"{GDPR}, article 89; {QUESTIONS}, {REPORT}"),
    "R08": RuleHead("Codes at the detail of the register", REPORT),
    "R09": RuleHead("The specification and its approval", f"{STEPS}, {REPORT}"),
    "R10": RuleHead("The disclosure decision and its reservation", f"{OSL}, 10:14, 21:7 and 24:8; {STEPS}, {REPORT}"),
    "R11": RuleHead("Three who decide, and supplements of the ethics approval", f"{ETHICS}; {STEPS}, {REPORT}"),
    "R12": RuleHead("Code review", f"{STEPS}, {REPORT}"),
    "R13": RuleHead("Deliveries in parts", REPORT),
    "R14": RuleHead("The code key while files are awaited", REPORT),
    "R15": RuleHead("Complaints within three months", f"{STEPS}, {QUESTIONS}"),
    "R16": RuleHead("Disposal", f"{STEPS}, {REPORT}"),
    "R17": RuleHead("A code key that is kept", f"{QUESTIONS}, {REGION}"),
    "R18": RuleHead("Repeat deliveries", f"{QUESTIONS}, {REPORT}"),
    "R19": RuleHead("What may change after delivery", REPORT),
    "R20": RuleHead("Who receives, delivery letter, price and invoice", f"{STEPS}, {REGION}"),
    "R21": RuleHead("Agreements, and one code key for one case", GUIDE),
    "R22": RuleHead("Extraction in two steps", REGION),
    "R23": RuleHead("Controls from a population register", REGION),
    "R24": RuleHead("Hand-over between authorities without identity numbers", f"{OSL}, 24:8; {REGION}"),
    "R25": RuleHead("A renewed extraction", REGION),
    "R26": RuleHead("Clocks and waiting times", REPORT),
    "R27": RuleHead("Complaints and personal-data incidents", f"{GDPR}, article 33; {REPORT}"),
    "R28": RuleHead("Results, and the end of an agreement", GUIDE),
    "R29": RuleHead("A region's release and its repeats", REGION),
    "R30": RuleHead("Withdrawal of what is awaited", "follows from R14"),
}
