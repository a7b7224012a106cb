"""``samkorning case-register``: the database of the case register.

What belongs here: showing, making and upgrading it, and moving it. What must not: cases (cli.case).
"""

import typer

from cli.session import console, session

app = typer.Typer(help="The database of the case register (diarium).", no_args_is_help=True)


@app.callback()
def case_register() -> None:
    """The database of the case register (diarium)."""


@app.command()
def show() -> None:
    """Which database it is, of which revision, and how many events it holds."""
    from assets.steps.safekeeping.case_register_database import state_of_database

    state = state_of_database(session.desk)
    events = "no tables" if state.events is None else f"{state.events} events"
    sentence = f"{state.database}: revision {state.revision or 'none'} of {state.newest}, {events}"
    session.answer(state, lambda: console.print(sentence, markup=False))


@app.command()
def upgrade() -> None:
    """Makes the tables of the newest revision, or upgrades older ones; does nothing where they are there."""
    from assets.steps.safekeeping.case_register_database import upgrade_database

    before, now = upgrade_database(session.desk)
    answer = {"before": before, "revision": now}
    said = f"is of revision {now}" if before == now else f"was of revision {before or 'none'} and is of {now}"
    session.answer(answer, lambda: console.print(f"the database of the case register {said}", markup=False))


@app.command()
def copy() -> None:
    """Copies the home's SQLite case register, event by event, into the empty PostgreSQL database of the settings."""
    from assets.steps.safekeeping.case_register_database import copy_into_postgresql

    copied = copy_into_postgresql(session.desk)
    answer = {"events": copied}
    sentence = f"{copied} events copied and proven; the SQLite database stays as it is, and is read no more"
    session.answer(answer, lambda: console.print(sentence, markup=False))
