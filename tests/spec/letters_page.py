"""The page docs/letters.md: which letters there are, when each follows, to whom and by which rule; and how some look.

What belongs here: the page from the registry. What must not: the letters' text.
"""

from samkorning.case.letters.registry import LETTERS, Letter, To

PICTURES = {
    "confirmation": "sv",
    "specification": "en",
    "holder_request": "sv",
    "decision": "sv",
    "delivery": "sv",
    "ended": "en",
    "complaint_answer": "sv",
    "disposal": "en",
    "invoice": "sv",
}
"""The letters whose first page is shown, and in which language."""
WHOM = {
    To.CONTACT: "the orderer's contact",
    To.REPRESENTATIVE: "the authorised representative",
    To.RECIPIENT: "the recipient, at the contact's e-mail address",
    To.HOLDER: "the register holder",
}
HEAD = """\
# Letters

**Svenska i korthet.** Varje brev i ett ärende skrivs ur samma uppgifter: ärendets händelser, leveranslistan och
klockorna. Breven finns på svenska och engelska, som HTML, som PDF/A för arkivet och som text för e-post. De skickas
en gång, sparas med kontrollsumma, och granskas innan de går: inget personnummer får stå i dem.

```
samkorning letter list 10001-2026                                   what the case has occasion for, and what was sent
samkorning letter preview 10001-2026 specification --language en    how it would read today; --out writes its files
samkorning letter send 10001-2026 holder_request --of SCB           sends it, once
```

A letter is about an event of the case, and is sent once for it: another question, another delivery, another holder is
another occasion. `send` without `--of` sends what has not been sent yet; a second sending needs a reason (`--again`).

"""
TAIL = """
## How a letter is sent

Without `mail` in the settings, and where no e-mail address is known, a letter is laid in the case's folder
(`letters/CASE` in the home) to be printed and sent by post; the answer says so. With `mail` it goes by SMTP, encrypted
unless the server is on the same machine, as plain text with the print attached. Addresses are those of the order, and
of `holders` in the settings. A case of made-up persons writes only to addresses that can be nobody's (example.org,
`.example`, `.invalid`, …), unless the mail server is on the same machine; a real case is written only in the
authority's own name (`service`).

Its files are in place before it goes, and the event `letter_sent` behind it names way, addressees, file and SHA-256 of
each file. What is under way is written down beside the files: if the machine stops after the mail server has taken a
letter, the next call only records it. Where the connection broke before the server had answered nobody knows, and the
next call says so: `--was-taken` records it, `--again` sends it once more. `letter list` says whether the files of a
sent letter still are as they were sent. Letters are archived, not disposed of.

Before a letter goes, its subject, its text and the text of its print are looked through as all free text is: what reads
as an identity number, in any usual spelling, stops it, and so does the number of somebody in the case.

## Letters that go by themselves

The confirmation, reminders and the letter of a delivery go when their act is recorded, by the service, once; with
`letters_by_themselves: false` in config.yaml each of them waits for `letter send` too. The act stands whether its
letter goes or not: what could not go is tried again for two weeks by the look after reminders, `case list` and
`case show` name it until it has gone, and `letter send` says what stands in its way. A copy of the delivery letter lies
beside the package.

## The delivery letter

The letter tells what the delivery holds, how the ledger stands (delivered, awaited, late, withdrawn), how to open and
verify it, and the last day to complain: three months from the day on which it is first sent (R15). Until it is sent the
day counts on which the delivery was made. Send it with the registered post, or when the delivery has been handed over;
`deliver` says how.

## Invoices

The letter `invoice` comes with the basis as CSV and workbook, and as an e-invoice (UBL 2.1 by Peppol BIS Billing 3)
where `payers` in the settings knows the payer. The service sends nothing into the Peppol network: the e-invoice is for
the authority's finance system. Tests hold it to the published schema and to the core rules of EN 16931 and Peppol.

## How they look

"""


def page() -> str:
    """The whole page."""
    rows = ["| letter | follows when | goes to | copy to | rule |", "|---|---|---|---|---|"]
    rows += [_row(letter) for letter in LETTERS.values()]
    pictures = [f"![{name} ({language})](pictures/letter-{name}-{language}.png)" for name, language in PICTURES.items()]
    return HEAD + "\n".join(rows) + "\n" + TAIL + "\n".join(pictures) + "\n"


def _row(letter: Letter) -> str:
    whom = "the register holder it names, else the contact" if letter.name == "reminder" else WHOM[letter.to]
    copy = WHOM[letter.copy] if letter.copy else ""
    return f"| `{letter.name}` | {letter.when_en}; {letter.when_sv} | {whom} | {copy} | {letter.rule} |"
