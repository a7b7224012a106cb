"""``samkorning delivery``: opening, verifying, comparing and handing over packages, and looking for numbers in them.

What belongs here: the recipient's side, the scan, and handing over. What must not: making a delivery.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from assets.steps.delivery.handing_over import hand_over
from assets.steps.delivery.passphrases import show_passphrase
from assets.steps.delivery.scanning import scan_files
from cli.parameters import Acting, CaseNumber, DeliveryNumber, delivery_number, free_text
from cli.passwords import password_from
from cli.session import console, failed, session
from resources.private import write_private
from samkorning.delivery import Comparison, compare_packages, open_package, verify_packages
from samkorning.delivery.number_scan import Finding
from samkorning.delivery.package.names import sealed_files
from samkorning.encryption.age import create_identity
from samkorning.errors import NotFound
from samkorning.identity.redaction import no_file

app = typer.Typer(help="Sealed and opened deliveries (utlämningar).", no_args_is_help=True)

Package = Annotated[Path, typer.Argument(metavar="PACKAGE", help="A sealed file, its folder, or an opened folder.")]
Identity = Annotated[Path | None, typer.Option("--identity", help="File with the recipient's age identity.")]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File with the passphrase of a 7z delivery; `-` for input.")
]
PublicKey = Annotated[
    Path | None, typer.Option("--public-key", help="The service's public key; the home's without it.")
]


@app.command(name="open")
def open_delivery(
    package: Package,
    to: Annotated[Path, typer.Option("--to", help="Folder to open into; must be empty or absent.")],
    identity: Identity = None,
    passphrase_file: PassphraseFile = None,
    public_key: PublicKey = None,
) -> None:
    """Opens a sealed delivery and verifies it on the way."""
    secret = secret_from(identity, passphrase_file)
    if secret is None:
        raise typer.BadParameter("give --identity, or --passphrase-file for a 7z delivery")
    opened = open_package(sealed_file(package), secret, to, key_text(public_key))
    answer = {
        "path": str(opened.folder),
        "delivery": opened.manifest.delivery,
        "files": [{"name": file.name, "rows": file.rows, "sha256": file.sha256} for file in opened.manifest.files],
    }
    session.answer(answer, lambda: console.print(f"opened and verified: {opened.folder}"))


@app.command(name="new-identity")
def new_identity(file: Annotated[Path, typer.Argument(help="Where the secret is written; must be absent.")]) -> None:
    """Makes an age identity for a recipient who has none; the order takes its public key."""
    identity = create_identity()
    write_private(file, f"# public key: {identity.recipient}\n{identity.secret}\n")
    answer = {"path": str(file), "recipient": identity.recipient}
    session.answer(answer, lambda: console.print(identity.recipient))


@app.command()
def verify(
    packages: Annotated[
        list[Path],
        typer.Argument(metavar="PACKAGE…", help="Sealed files, their folders, or opened folders; of one case."),
    ],
    identity: Identity = None,
    passphrase_file: PassphraseFile = None,
    public_key: PublicKey = None,
) -> None:
    """Says whether deliveries are whole, ours, and belong together; with the identity or passphrase also inside."""
    secret = secret_from(identity, passphrase_file)
    key = key_text(public_key)
    if key is None:
        raise NotFound("no public key of the service is known here; give it with --public-key")
    found = verify_packages(packages, key, secret)
    if not session.json and not found.ok:
        failed("\n".join(found.problems), 1)
    session.answer(
        {"ok": found.ok, "problems": list(found.problems)}, lambda: console.print("whole and signed by the service")
    )
    if not found.ok:
        raise typer.Exit(1)


@app.command(name="hand-over")
def hand_over_delivery(
    case: CaseNumber,
    delivery: Annotated[
        str | None, typer.Argument(help="The delivery, such as L001; all without it.", callback=delivery_number)
    ] = None,
    acting: Acting = None,
) -> None:
    """Hands sealed deliveries over to where the order says they go; what is there already is not sent again."""
    found = session.desk.case(case)
    person = session.person(acting, found.order.synthetic)
    done = hand_over(session.desk, found, person, delivery)

    def show() -> None:
        for each in done:
            console.print(f"{each['delivery']} handed over to {each['target']}, {each['where']}", markup=False)
        if not done:
            console.print("nothing is to be handed over")

    session.answer({"case": case, "handed_over": done}, show)


@app.command()
def passphrase(
    case: CaseNumber,
    delivery: DeliveryNumber,
    again: Annotated[
        str | None, typer.Option("--again", help="Why it is shown a second time.", callback=free_text("the reason"))
    ] = None,
    acting: Acting = None,
) -> None:
    """Shows the passphrase of a 7z delivery, once: send it to the recipient apart from the delivery."""
    found = session.desk.case(case)
    person = session.person(acting, found.order.synthetic)
    shown = show_passphrase(session.desk, found, delivery, person, again)
    answer = {"case": case, "delivery": delivery, "passphrase": shown}
    session.answer(answer, lambda: console.print(shown, markup=False, soft_wrap=True))


@app.command()
def compare(first: Package, second: Package) -> None:
    """What differs between two opened deliveries of a case: files, rows and cells, by count."""
    found = compare_packages(first, second)
    session.answer(found, lambda: _show_comparison(found))


@app.command()
def scan(
    case: CaseNumber,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Tables or documents that are to leave.")],
    acting: Acting = None,
) -> None:
    """Says where files hold identity numbers, of the case or of others; never the number. Exit 1 if one does."""
    for file in files:
        if not file.is_file():
            raise no_file(file)
    opened = session.desk.case(case)
    found = scan_files(session.desk, opened, files, session.person(acting, opened.order.synthetic))
    answer = {"ok": not found, "found": [asdict(each) for each in found]}
    session.answer(answer, lambda: _show_findings(found))
    raise typer.Exit(1 if found else 0)


def _show_comparison(found: Comparison) -> None:
    of_one = ((f"only in {found.second}", found.added), (f"only in {found.first}", found.removed))
    for word, names in (*of_one, ("changed", found.changed)):
        console.print(f"{word}: {', '.join(names) or 'nothing'}", markup=False)
    if found.removed:
        console.print(
            "What is in one delivery alone still holds; the manifest says which part replaces which.", markup=False
        )
    if found.tables:
        table = Table("table", "rows before", "rows after", "same", "altered", "new", "gone", "altered cells")
        for each in found.tables:
            rows = each.rows
            cells = ", ".join(f"{name} {count}" for name, count in rows.cells.items())
            counts = (each.rows_before, each.rows_after, rows.same, rows.altered, rows.new, rows.gone)
            table.add_row(escape(each.name), *map(str, counts), escape(cells))
        console.print(table)
    for each in found.tables:
        for word, names in (("new", each.variables_new), ("gone", each.variables_gone)):
            if names:
                console.print(f"{each.name}: variables {word}: {', '.join(names)}", markup=False)
    for name, numbers in found.serial_numbers.items():
        only = f"{numbers.only_in_first} only in {found.first}, {numbers.only_in_second} only in {found.second}"
        console.print(f"{name}: {numbers.in_both} serial numbers in both, {only}", markup=False)


def _show_findings(found: list[Finding]) -> None:
    if not found:
        console.print("no identity numbers found")
        return
    table = Table("file", "column", "rows", "first rows", "spelling")
    for each in found:
        first = ", ".join(map(str, each.first_rows))
        table.add_row(escape(each.file), escape(each.column), str(each.rows), first, each.spelling)
    console.print(table)


def sealed_file(package: Path) -> Path:
    """The sealed file itself, where its folder was named.

    :raises NotFound: when there is none, or several.
    """
    if package.is_file():
        return package
    if not package.is_dir():
        raise no_file(package)
    sealed = sealed_files(package)
    if len(sealed) != 1:
        raise NotFound(f"{package.name}: holds {len(sealed)} sealed deliveries; name one")
    return sealed[0]


def secret_of(identity: Path) -> str:
    """The secret in an age identity file, comments left out.

    :raises NotFound: when there is no such file or no identity in it.
    """
    lines = identity.read_text(encoding="utf-8").splitlines() if identity.is_file() else []
    secrets = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if not secrets:
        raise NotFound(f"no age identity in {identity.name}; make one with `age-keygen`")
    return secrets[0]


def secret_from(identity: Path | None, passphrase_file: Path | None) -> str | None:
    """What opens a delivery: an age identity, or the passphrase in a file; nothing where neither is named."""
    if identity is not None and passphrase_file is not None:
        raise typer.BadParameter("give either --identity or --passphrase-file")
    return secret_of(identity) if identity else password_from(passphrase_file)


def key_text(public_key: Path | None) -> str | None:
    """The service's public key, from a file or the home."""
    path = public_key or session.desk.home.signing_key
    if not path.is_file() and public_key is not None:
        raise no_file(path)
    return path.read_text().strip() if path.is_file() else None
