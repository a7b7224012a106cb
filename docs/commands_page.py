"""The page docs/commands.md: the commands by task, then all of them by noun.

What belongs here: tasks in the order in which a case meets them, and which commands each takes. What must not: what a
command does: its own first line is shown.
"""

from collections.abc import Iterator

from cli.commands import COMMANDS, line_of, loaded

TASKS = (
    (
        "An order comes in",
        (
            "order template",
            "order check",
            "order codes",
            "case open",
            "case attach",
            "case documents",
            "case review-first",
            "case ask",
            "case answer",
        ),
    ),
    (
        "What is there to do today",
        (
            "case list",
            "case queue",
            "case show",
            "case assign",
            "case pause",
            "case resume",
            "case remind",
            "case inventory",
            "case report-back",
            "letter list",
            "letter send",
        ),
    ),
    (
        "From the first meeting to the decision",
        (
            "case met",
            "case supplement",
            "case amend",
            "case send-specification",
            "case quote",
            "case approve",
            "case reserve",
            "case decide",
            "case end",
        ),
    ),
    (
        "Other register holders",
        (
            "case ask-holder",
            "case holder-refused",
            "case release",
            "case agreement",
            "case announce",
            "case withdraw",
            "case await",
            "transit peer",
            "transit confirm-peer",
            "transit make",
            "transit take",
        ),
    ),
    (
        "Files come",
        (
            "file check",
            "receive",
            "file held",
            "file match",
            "file refuse",
            "file password",
            "key seal-to",
            "identity check",
            "case decide-population",
        ),
    ),
    (
        "Own registers",
        (
            "register list",
            "register show",
            "register import",
            "register load",
            "register accept",
            "register refuse",
            "register opt-out",
        ),
    ),
    (
        "Code review and delivery",
        (
            "case review",
            "case draw",
            "case disclosure",
            "case accept-disclosure",
            "case exchange-recipient",
            "case confirm-recipient",
            "case release",
            "case recall",
            "deliver",
            "delivery hand-over",
            "delivery passphrase",
        ),
    ),
    ("What a recipient does", ("delivery open", "delivery verify", "delivery compare", "delivery new-identity")),
    (
        "After the delivery",
        (
            "case invoice",
            "case questionnaire",
            "case complain",
            "case replace",
            "case decline",
            "case decide-amendment",
            "case incident",
            "case results",
            "case copies-deleted",
            "delivery rebuild",
        ),
    ),
    (
        "The code key, and disposal",
        (
            "case keep-key",
            "case extend-key",
            "key show",
            "key impact",
            "key import",
            "key export",
            "key look-up",
            "key remove-person",
            "key cut-link",
            "dispose",
        ),
    ),
    (
        "How the service is doing",
        (
            "report lead-times",
            "report waiting-times",
            "report holders",
            "report errors",
            "report satisfaction",
            "report forecast",
        ),
    ),
    (
        "Running the service",
        (
            "up",
            "doctor",
            "audit show",
            "audit verify",
            "audit head",
            "key rotate",
            "key accept-restored",
            "key passphrase",
            "case-register upgrade",
            "file guards",
            "demo",
        ),
    ),
)
"""A command may stand in several; one that stands in none is found below, by its noun."""


def page() -> str:
    """The whole page."""
    lines = known_lines()
    parts = [
        "# Commands by task\n\nEvery command says more with `--help`, answers a program with `--json`, and works at "
        "the home of `--home` or `SAMKORNING_HOME`. Exit codes: 0 done or nothing to do, 1 refused with a reason, 2 "
        "wrong usage, 3 failed and safe to repeat, 4 the case is busy. `samkorning --install-completion` lets the "
        "shell complete names.\n"
    ]
    for task, names in TASKS:
        parts += [f"## {task}\n", *_table(names, lines)]
    parts.append("# All commands\n")
    for noun, command in COMMANDS.items():
        names = tuple(name for name in lines if name.split()[0] == noun)
        parts += [f"## {noun}\n\n{command.help}\n", *(_table(names, lines) if names != (noun,) else [])]
    return "\n".join(parts)


def known_lines() -> dict[str, str]:
    """Every command with its line of help, in the order of the tree."""
    return dict(_lines())


def _lines() -> Iterator[tuple[str, str]]:
    for noun in COMMANDS:
        found = loaded(noun)
        inner = getattr(found, "commands", None)
        if inner is None:
            yield noun, line_of(found)
        else:
            yield from ((f"{noun} {name}", line_of(command)) for name, command in inner.items())


def _table(names: tuple[str, ...], lines: dict[str, str]) -> list[str]:
    """:raises KeyError: for a command that is not there any more."""
    rows = [f"| `{name}` | {lines[name].replace('|', '&#124;')} |" for name in names]
    return ["| command | what it does |\n|---|---|", *rows, ""]
