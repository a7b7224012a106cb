#!/usr/bin/env python3
"""Check deliveries: each one, and all of a case together. Kontrollera utlämningar: var för sig, och alla i ett ärende.

    python3 verify.py                     the delivery in whose folder this file lies / utlämningen i denna mapp
    python3 verify.py L001 L002 L003      opened deliveries of one case / öppnade utlämningar i ett ärende
    python3 verify.py --unseal KEY FILE   open a sealed one first, with age or 7z / öppna en förseglad först
    python3 verify.py --complaint OUT --text "…"   write down what is wrong / skriv ner felen

It recomputes hash, size and rows of every file, checks the signature, and holds the deliveries of a case against each
other. It needs nothing but Python 3.8 and uses no network. Exit code: 0 whole, 1 not whole, 2 no delivery here.

What must not be here: any import of the service, any library, any syntax newer than Python 3.8, any value of a row in
what it says or writes.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

CHUNK = 1 << 20
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.json.sig", "signing_public_key.pem"
UNLISTED = {MANIFEST, SIGNATURE, "manifest.json.minisig", "manifest.json.sshsig"}
LEFT_BY_PROGRAMS = re.compile(
    r"(.*/)?(\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|~\$[^/]*|\.Rhistory|\.RData)", re.DOTALL
)
"""What Finder, Explorer, Office and R leave in a folder that somebody has looked at: no file of a delivery."""
MOST_TEXT, MOST_FINDINGS = 2_000, 1_000
"""What the service takes of one complaint."""
A_DELIVERY = re.compile(r"L[0-9]{3,}\Z")

# --- What can be wrong, in words -------------------------------------------------------------------------------------

AGAIN = (
    "Unpack the sealed delivery again; if that does not help, tell the authority that disclosed the data.",
    "Packa upp den förseglade utlämningen igen; hjälper det inte, hör av er till den myndighet som lämnade ut "
    "uppgifterna.",
)
STOP = (
    "Do not use the data; tell the authority that disclosed the data, with --complaint.",
    "Använd inte uppgifterna; hör av er till den myndighet som lämnade ut uppgifterna, med --complaint.",
)
GIVE = ("Give that delivery too.", "Ange även den utlämningen.")
WHERE = (
    "Give the folder that manifest.json lies in; open a sealed file first, with --unseal.",
    "Ange mappen som manifest.json ligger i; öppna först en förseglad fil, med --unseal.",
)

WORDS: dict[str, tuple[str, str, tuple[str, str]]] = {
    "missing_file": ("missing file: {}", "filen saknas: {}", AGAIN),
    "extra_file": ("extra file: {}", "filen hör inte hit: {}", ("Move it elsewhere.", "Flytta den.")),
    "sha256": ("{}: sha256 is not what the manifest says", "{}: kontrollsumman är en annan än manifestets", AGAIN),
    "bytes": ("{}: bytes is not what the manifest says", "{}: storleken är en annan än manifestets", AGAIN),
    "rows": ("{}: rows is not what the manifest says", "{}: antalet rader är ett annat än manifestets", AGAIN),
    "rows_of_units": ("{}: its parts have other rows than the file", "{}: delarna har andra rader än filen", STOP),
    "signature": ("{}: the signature does not fit", "{}: underskriften stämmer inte", STOP),
    "other_key": ("{}: signed with another key than was given", "{}: undertecknad med annan nyckel än angiven", STOP),
    "no_delivery": ("{}: no delivery lies here", "{}: här ligger ingen utlämning", WHERE),
    "unreadable": ("{}: cannot be read", "{}: kan inte läsas", AGAIN),
    "other_case": ("{}: is of another case than the others", "{}: hör till ett annat ärende än de andra", STOP),
    "twice": ("{}: given twice and not the same", "{}: angiven två gånger och inte densamma", STOP),
    "missing_delivery": ("{}: is not among those given", "{}: finns inte bland de angivna", GIVE),
    "chain": ("{}: names another delivery before it", "{}: anger en annan utlämning före sig", STOP),
    "signers": ("{}: signed with another key than the others", "{}: undertecknad med annan nyckel än de andra", STOP),
    "code_key": ("{}: does not come from the same code key", "{}: kommer inte från samma kodnyckel", STOP),
    "replaces": ("{}: replaces what the delivery named has not", "{}: ersätter det som angiven utlämning saknar", STOP),
    "serial_numbers": ("{}: more serial numbers than persons", "{}: fler löpnummer än personer", STOP),
    "no_serial_number": ("{}: LopNr is no serial number in some row", "{}: LopNr är inget löpnummer i någon rad", STOP),
}


class Finding(NamedTuple):
    """What is wrong: one of WORDS, and the file or delivery that it is about."""

    code: str
    about: str
    delivery: str = ""

    @property
    def english(self) -> str:
        """In one line of English."""
        return WORDS[self.code][0].format(self.about)

    def lines(self) -> Iterator[str]:
        """In both languages, and what to do."""
        english, swedish, (do, gör) = WORDS[self.code]
        yield "- " + english.format(self.about) + ". " + do
        yield "  " + swedish.format(self.about) + ". " + gör


# --- The signature: Ed25519 as RFC 8032, section 5.1, says, for verifying alone --------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


class Point(NamedTuple):
    """A point (x, y) of the curve, as x = X/Z, y = Y/Z, xy = T/Z."""

    X: int
    Y: int
    Z: int
    T: int


def added(one: Point, two: Point) -> Point:
    """The sum of two points."""
    a, b = (one.Y - one.X) * (two.Y - two.X) % P, (one.Y + one.X) * (two.Y + two.X) % P
    c, d = 2 * one.T * two.T * D % P, 2 * one.Z * two.Z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def multiplied(times: int, point: Point) -> Point:
    """A point added to itself so many times."""
    total = Point(0, 1, 1, 0)
    while times:
        if times & 1:
            total = added(total, point)
        point, times = added(point, point), times >> 1
    return total


def point_of(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for, if they stand for one."""
    y, odd = int.from_bytes(encoded, "little") & (1 << 255) - 1, encoded[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return Point(x, y, 1, x * y % P)


BASE = point_of(b"\x58" + b"\x66" * 31)


def signature_fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature was made over exactly this message with the secret half of the key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, first = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or first is None or BASE is None or scalar >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = multiplied(scalar, BASE), added(first, multiplied(digest, key))
    return (left.X * right.Z - right.X * left.Z) % P == 0 and (left.Y * right.Z - right.Y * left.Z) % P == 0


# --- One delivery ----------------------------------------------------------------------------------------------------


class RowCounter:
    """Counts data rows of a CSV file chunk by chunk; a line break inside quotes is part of a value."""

    def __init__(self) -> None:
        self._inside_quotes = False
        self._line_breaks = 0

    def update(self, chunk: bytes) -> None:
        """Count on in the next chunk of the file."""
        for number, part in enumerate(chunk.split(b'"')):
            if number:
                self._inside_quotes = not self._inside_quotes
            if not self._inside_quotes:
                self._line_breaks += part.count(b"\n")

    @property
    def rows(self) -> int:
        """Rows so far, without the header."""
        return max(self._line_breaks - 1, 0)


def facts_of(path: Path) -> dict[str, Any]:
    """A file's hash, size and, for text, rows, as the manifest tells them."""
    digest, size, counter = hashlib.sha256(), 0, RowCounter()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
            counter.update(chunk)
            size += len(chunk)
    rows = {"rows": counter.rows} if path.suffix in (".csv", ".txt") else {}
    return {"sha256": digest.hexdigest(), "bytes": size, **rows}


def files_in(folder: Path) -> dict[str, Path]:
    """Every file below the folder by its place, with å ä ö written as the manifest writes them."""
    found = (path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    named = {unicodedata.normalize("NFC", path.relative_to(folder).as_posix()): path for path in found}
    return {name: path for name, path in named.items() if not LEFT_BY_PROGRAMS.fullmatch(name)}


def file_findings(folder: Path, manifest: dict[str, Any]) -> Iterator[Finding]:
    """What of the folder is not as the manifest says."""
    entries = {entry["name"]: entry for entry in manifest["files"] + manifest["documents"]}
    found = files_in(folder)
    yield from (Finding("extra_file", name) for name in sorted(found.keys() - entries.keys() - UNLISTED))
    yield from (Finding("missing_file", name) for name in sorted(entries.keys() - found.keys()))
    for name in sorted(entries.keys() & found.keys()):
        facts = facts_of(found[name])
        if entries[name].get("format", "csv") not in ("csv", "tab"):
            facts.pop("rows", None)  # the rows of other formats are no lines; their hash and size tell as much
        for what in sorted(facts.keys() & entries[name].keys()):
            if facts[what] != entries[name][what]:
                yield Finding(what, name)


def row_findings(manifest: dict[str, Any]) -> Iterator[Finding]:
    """Files whose parts, added up, have other rows than they."""
    parts: dict[str, list[int]] = {}
    for unit in manifest.get("units", []):
        parts.setdefault(unit["file"], []).append(unit.get("rows", -1))
    for entry in manifest["files"]:
        rows = parts.get(entry["name"], [])
        if rows and min(rows) >= 0 and sum(rows) != entry["rows"]:
            yield Finding("rows_of_units", entry["name"])


def key_in(folder: Path) -> bytes:
    """The 32 bytes of the public signing key that came with the delivery."""
    lines = (folder / KEY).read_text("ascii").split("\n")
    return base64.b64decode("".join(line for line in lines if line and not line.startswith("-----")))[-32:]


class Delivery(NamedTuple):
    """One delivery that was looked at: its folder, what it says of itself, who signed it, what is wrong with it."""

    folder: Path
    manifest: dict[str, Any]
    signer: str
    findings: list[Finding]

    @property
    def number(self) -> str:
        """L001 and so on."""
        return str(self.manifest.get("delivery", self.folder.name))


def looked_at(folder: Path, published: str | None) -> Delivery:
    """Look at one opened delivery; ``published`` is the service's key as base64, where the recipient has it."""
    if not (folder / MANIFEST).exists():
        return Delivery(folder, {}, "", [Finding("no_delivery", folder.name)])
    signed, manifest, signer = b"", {}, ""
    try:
        signed = (folder / MANIFEST).read_bytes()
        manifest = json.loads(signed.decode("utf-8"))
        key = key_in(folder)
        signer = base64.b64encode(key).decode("ascii")
        findings = [*file_findings(folder, manifest), *row_findings(manifest)]
        str(manifest["case"] + manifest["delivery"])
        if not signature_fits(key, signed, (folder / SIGNATURE).read_bytes()):
            findings.append(Finding("signature", SIGNATURE))
        if published is not None and published != signer:
            findings.append(Finding("other_key", KEY))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        findings = [Finding("unreadable", folder.name + " (" + type(error).__name__ + ")")]
        manifest = manifest if isinstance(manifest, dict) else {}
    number = str(manifest.get("delivery", folder.name))
    return Delivery(folder, manifest, signer, [each._replace(delivery=number) for each in findings])


# --- All deliveries of a case together -------------------------------------------------------------------------------


class SerialNumbers:
    """A set of serial numbers of nine digits, one bit each."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> None:
        """Enter one number."""
        page = self._pages.setdefault(number >> 16, bytearray(1 << 13))
        page[number >> 3 & 0x1FFF] |= 1 << (number & 7)

    def __len__(self) -> int:
        return sum(bin(int.from_bytes(page, "big")).count("1") for page in self._pages.values())

    def __or__(self, other: SerialNumbers) -> SerialNumbers:
        both = SerialNumbers()
        for pages in (self._pages, other._pages):
            for place, page in pages.items():
                held = both._pages.setdefault(place, bytearray(1 << 13))
                held[:] = (int.from_bytes(held, "big") | int.from_bytes(page, "big")).to_bytes(1 << 13, "big")
        return both


def serial_numbers_of(folder: Path, manifest: dict[str, Any]) -> tuple[SerialNumbers, list[Finding]]:
    """The persons' serial numbers (LopNr) in a delivery's CSV files, and the files where some are none."""
    found = SerialNumbers()
    wrong: list[Finding] = []
    csv.field_size_limit(1 << 30)
    for name in (str(entry["name"]) for entry in manifest["files"]):
        if not name.endswith(".csv"):
            continue
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file, delimiter=";")
            columns = [place for place, column in enumerate(next(table, [])) if column.casefold() == "lopnr"]
            texts = (row[place] for row in table for place in columns if place < len(row) and row[place])
            strange = 0
            for text in texts:
                if len(text) <= 9 and text.isdigit() and text.isascii():
                    found.add(int(text))
                else:
                    strange += 1
            if strange:
                wrong.append(Finding("no_serial_number", name, str(manifest["delivery"])))
    return found, wrong


def together(manifests: Sequence[dict[str, Any]], signers: Sequence[str] = ()) -> list[Finding]:
    """What of several deliveries does not fit together, from what they say of themselves."""
    ordered = sorted(manifests, key=lambda one: str(one["delivery"]))
    findings = [Finding("other_case", number(one)) for one in ordered if one["case"] != ordered[0]["case"]]
    known: dict[str, dict[str, Any]] = {}
    for one in ordered:
        if known.setdefault(number(one), one) != one:
            findings.append(Finding("twice", number(one)))
    others = [place for place, signer in enumerate(signers) if signer != signers[0]]
    findings += [Finding("signers", number(manifests[place])) for place in others]
    for place, one in enumerate(ordered[1:]):
        findings += chain_findings(known, ordered[place], one)
    return [*findings, *replaced_findings(known)]


def number(manifest: dict[str, Any]) -> str:
    """Which delivery a manifest is of."""
    return str(manifest["delivery"])


def chain_findings(known: dict[str, dict[str, Any]], before: dict[str, Any], one: dict[str, Any]) -> Iterator[Finding]:
    """Whether a delivery follows the one before it, and comes from the same code key."""
    previous = one.get("previous")
    if number(before) == number(one):
        return
    if previous not in known:
        yield Finding("missing_delivery", str(previous), number(one)) if previous else Finding("chain", number(one))
    elif previous != number(before):
        yield Finding("chain", number(one))
    then, now = before.get("code_key"), one.get("code_key")
    if then and now:
        follows = now["previous"] == then["digest"] or previous != number(before)
        if then["first"] != now["first"] or not follows or now["rows"] < then["rows"]:
            yield Finding("code_key", number(one))


def replaced(known: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """What replaces what: the part of a file, the delivery that it is in, and the one whose part gives way."""
    for one in known.values():
        for unit in one.get("units", []):
            if unit["replaces"]:
                yield unit["unit"], number(one), unit["replaces"]


def replaced_findings(known: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """Parts that replace what the delivery they name does not hold."""
    for unit, by, whose in replaced(known):
        if whose in known and unit not in {each["unit"] for each in known[whose].get("units", [])}:
            yield Finding("replaces", by + " " + unit, by)


def serial_number_findings(deliveries: Sequence[Delivery]) -> Iterator[Finding]:
    """More persons in the data than the code key has had: then serial numbers do not stand for the same persons."""
    everybody, persons = SerialNumbers(), 0
    for each in sorted(deliveries, key=lambda one: one.number):
        found, wrong = serial_numbers_of(each.folder, each.manifest)
        yield from wrong
        everybody, persons = everybody | found, max(persons, int(each.manifest["persons_in_code_key"]))
    if len(everybody) > persons:
        yield Finding("serial_numbers", f"{len(everybody)} > {persons}")


def notes(deliveries: Sequence[Delivery]) -> Iterator[str]:
    """What is worth knowing and not wrong: what gave way to what, and what is still awaited."""
    known = {each.number: each.manifest for each in deliveries}
    for unit, by, whose in replaced(known):
        yield unit + ": " + by + " replaces / ersätter " + whose
    newest = max(known)
    awaited = ", ".join(known[newest].get("awaited", []))
    yield "awaited after / väntas efter " + newest + ": " + (awaited or "nothing / inget")


# --- Opening sealed deliveries with the tools that are here ----------------------------------------------------------


class NotOpened(Exception):
    """A sealed delivery does not open here; the text says why, in both languages."""


def unsealed(sealed: Path, key_file: Path) -> Path:
    """Open a sealed delivery beside itself with age or 7z; the folder that it became."""
    tool = next((each for each in tools_for(sealed) if shutil.which(each)), None)
    if tool is None:
        needed = " / ".join(tools_for(sealed))
        raise NotOpened(needed + " is not installed here / finns inte installerat här")
    with tempfile.TemporaryDirectory(dir=str(sealed.parent)) as name:
        into = Path(name)
        opened = with_age(tool, sealed, key_file, into) if tool == "age" else with_7z(tool, sealed, key_file, into)
        folders = [path for path in into.iterdir() if path.is_dir()]
        if not opened or len(folders) != 1:
            raise NotOpened(sealed.name + " does not open with that / öppnas inte med det")
        to = sealed.parent / folders[0].name
        if to.exists():
            raise NotOpened(to.name + " is there already / finns redan")
        folders[0].rename(to)
    return to


def tools_for(sealed: Path) -> list[str]:
    """What opens it."""
    return ["7zz", "7z", "7za"] if sealed.suffix == ".7z" else ["age"]


def with_age(tool: str, sealed: Path, key_file: Path, into: Path) -> bool:
    """Unpack through a pipe; nothing but plain files and folders below the folder is taken."""
    command = [tool, "--decrypt", "--identity", str(key_file), str(sealed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        if process.stdout is None:
            return False
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                for member in archive:
                    if member.name.startswith("/") or ".." in member.name.split("/"):
                        return False
                    if not (member.isreg() or member.isdir()):
                        return False
                    archive.extract(member, str(into), set_attrs=False)
        except tarfile.TarError:
            return False
        process.stdout.read()
    return process.returncode == 0


def with_7z(tool: str, sealed: Path, key_file: Path, into: Path) -> bool:
    """The passphrase goes through a pipe: on the command line others could read it."""
    passphrase = key_file.read_text("utf-8").split("\n")[0].strip() + "\n"
    command = [tool, "x", "-y", "-o" + str(into), str(sealed)]
    done = subprocess.run(command, input=passphrase.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0


# --- A complaint -----------------------------------------------------------------------------------------------------

_APART = r"[\s./+_\u00ad\u200b\u2010-\u2015\u2212-]{0,3}"
LIKE_A_NUMBER = re.compile(
    rf"(?<![0-9])([0-9]{{2}}{_APART})?[0-9]{{2}}{_APART}(0[0-9]|1[0-2]){_APART}([0-2][0-9]|3[01]|[6-8][0-9]|9[01])"
    rf"{_APART}[0-9]{{3}}[0-9A-Za-z](?![0-9A-Za-z])"
)
"""A date and four more, however they are held apart; serial numbers of nine digits in a row are none."""


def complaint(about: Delivery, findings: Sequence[Finding], text: str) -> dict[str, Any]:
    """What is sent to the service: names and words, no value of a row; names of strange files stay here."""
    here = ("extra_file", "unreadable", "no_delivery")
    named = [each if each.code not in here else each._replace(about="") for each in findings[:MOST_FINDINGS]]
    return {
        "format": "samkorning-complaint-1",
        "case": about.manifest.get("case"),
        "delivery": about.number,
        "findings": [
            {
                "code": each.code,
                "about": each.about,
                "delivery": each.delivery if A_DELIVERY.match(each.delivery) else "",
            }
            for each in named
        ],
        "text": text,
    }


def complaint_refusal(
    file: Path, deliveries: Sequence[Delivery], findings: Sequence[Finding], named: str | None, text: str
) -> str:
    """Write the complaint about the delivery that was named, or the last one; why it could not be written, if so."""
    about = next((each for each in deliveries if each.number == named), None if named else deliveries[-1])
    if about is None:
        return "--about: is not among those given / finns inte bland de angivna"
    if not isinstance(about.manifest.get("case"), str):
        return (
            "no complaint written: it is not known of which case; write to the authority that disclosed the data / "
            "ingen reklamation: det går inte att se vilket ärende; skriv till den myndighet som lämnade ut uppgifterna"
        )
    try:
        said = json.dumps(complaint(about, findings, text), indent=1, ensure_ascii=False)
        file.write_text(said + "\n", encoding="utf-8")
    except (OSError, ValueError):  # a name or text that is no Unicode
        return "--complaint: cannot be written there / kan inte skrivas dit"
    return ""


# --- The program -----------------------------------------------------------------------------------------------------


def check(folders: Sequence[Path], published: str | None = None) -> tuple[list[Delivery], list[Finding]]:
    """Look at deliveries, each and together."""
    deliveries = [looked_at(folder, published) for folder in folders]
    unsure = {"no_delivery", "unreadable", "signature"}
    whole = [each for each in deliveries if not unsure & {found.code for found in each.findings}]
    findings: list[Finding] = []
    if whole:
        findings += together([each.manifest for each in whole], [each.signer for each in whole])
    if whole and not any(each.findings for each in deliveries):
        findings += serial_number_findings(whole)
    return deliveries, findings


def report(deliveries: Sequence[Delivery], findings: Sequence[Finding]) -> None:
    """Say what was found, in both languages."""
    lines: list[str] = []
    for each in deliveries:
        lines += [line for found in each.findings for line in found.lines()]
        if each.signer and not any(found.code in ("signature", "unreadable") for found in each.findings):
            lines.append("Signed with (compare with the published key) / undertecknad med: " + each.signer)
        name = str(each.manifest.get("case", "?")) + " " + each.number
        lines.append(("NOT WHOLE / INTE HEL: " if each.findings else "WHOLE / HEL: ") + name)
    if len(deliveries) > 1 or findings:
        lines += [line for found in findings for line in found.lines()]
        if not any(each.findings for each in deliveries):
            lines += notes(deliveries)
        lines.append("NOT TOGETHER / HÖR INTE IHOP" if findings else "TOGETHER / HÖR IHOP")
    sys.stdout.write("\n".join(lines) + "\n")


def main(arguments: Sequence[str]) -> int:
    """The program; its exit code."""
    parser = argparse.ArgumentParser(description="Check deliveries / kontrollera utlämningar.")
    parser.add_argument("deliveries", nargs="*", type=Path, help="opened folders, or sealed files with --unseal")
    parser.add_argument("--key", help="the service's published key, to compare / tjänstens publika nyckel")
    parser.add_argument("--unseal", type=Path, metavar="FILE", help="age identity, or passphrase for 7z")
    parser.add_argument("--complaint", type=Path, metavar="FILE", help="write what is wrong to this file")
    parser.add_argument("--about", help="the delivery that the complaint is about, such as L002")
    parser.add_argument("--text", default="", help="what is wrong, in own words, without identity numbers")
    given = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that the screen has no letters for
        sys.stdout.reconfigure(errors="backslashreplace")
    if LIKE_A_NUMBER.search(given.text):
        sys.stdout.write("--text: reads as an identity number; write the row / ser ut som ett personnummer\n")
        return 1
    if len(given.text) > MOST_TEXT:
        sys.stdout.write(f"--text: longer than {MOST_TEXT} characters / längre än {MOST_TEXT} tecken\n")
        return 1
    try:
        places = given.deliveries or [Path(__file__).resolve().parent]
        folders = [unsealed(each, given.unseal) if given.unseal and each.is_file() else each for each in places]
    except (NotOpened, OSError) as error:
        sys.stdout.write(str(error) + "\n" if isinstance(error, NotOpened) else "cannot be read / kan inte läsas\n")
        return 1
    deliveries, findings = check(folders, given.key)
    report(deliveries, findings)
    if given.complaint:
        everything = [*(found for each in deliveries for found in each.findings), *findings]
        refusal = complaint_refusal(given.complaint, deliveries, everything, given.about, given.text)
        if refusal:
            sys.stdout.write(refusal + "\n")
            return 1
    if not any((folder / MANIFEST).exists() for folder in folders):
        return 2
    return 1 if findings or any(each.findings for each in deliveries) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
