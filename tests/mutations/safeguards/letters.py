"""Letters: sent once and kept, to nobody by mistake, with no identity number in them."""

from tests.mutations.safeguard import Safeguard

COMPOSING, SENDING = "assets/steps/letters/composing.py", "assets/steps/letters/sending.py"
MAIL, PAGES = "resources/mail.py", "samkorning/case/letters/pages.py"
TESTS = "tests/integration/test_letters_sent.py"

LETTERS = (
    Safeguard(
        "numbers-in-letters",
        "no letter goes whose text reads as an identity number, or holds one of the case's",
        COMPOSING,
        '    require_nobody_named(desk, case, person, {"the letter": _words(page, files)})\n',
        "",
        (f"{TESTS}::test_a_letter_that_names_somebody_by_number_does_not_go",),
    ),
    Safeguard(
        "numbers-in-prints",
        "what the print of a letter says is looked through too",
        COMPOSING,
        "    return [page.subject, page.text, *printed_words]\n",
        "    return [page.subject, page.text]\n",
        (f"{TESTS}::test_a_letter_is_printed_for_the_archive_and_its_print_looked_through",),
    ),
    Safeguard(
        "letters-sent-once",
        "a letter that was sent for its occasion is not sent again without a reason",
        SENDING,
        "    if sent is not None and request.again is None:\n",
        "    if False:\n",
        (f"{TESTS}::test_a_second_sending_needs_a_reason_and_is_kept_beside_the_first",),
    ),
    Safeguard(
        "letters-of-which-nobody-knows",
        "a letter that broke off at its end waits for a person",
        SENDING,
        "    if left is not None and request.again is None:\n",
        "    if False:\n",
        (f"{TESTS}::test_a_connection_that_breaks_at_the_end_is_not_known_and_a_person_decides",),
    ),
    Safeguard(
        "letters-the-server-has-taken",
        "what is under way is written down before the mail server is asked",
        SENDING,
        "    note(folder, TAKEN, at, identifier, sending)\n",
        "",
        (f"{TESTS}::test_a_crash_between_the_server_and_the_event_is_made_up_for",),
    ),
    Safeguard(
        "letters-of-made-up-cases",
        "a synthetic case writes to nobody who exists",
        SENDING,
        "    if case.order.synthetic and real and not mail.is_loopback:\n",
        "    if False:\n",
        (f"{TESTS}::test_a_synthetic_case_writes_to_nobody_who_exists",),
    ),
    Safeguard(
        "letters-in-the-authoritys-name",
        "a letter of a real case is written in the authority's own name",
        SENDING,
        "    _is_written_by_the_authority(desk, case)\n",
        "",
        (f"{TESTS}::test_a_letter_of_a_real_case_needs_the_authoritys_own_name",),
    ),
    Safeguard(
        "letters-over-networks",
        "a letter crosses no network in clear",
        MAIL,
        '        if self.tls == "none" and not self.is_loopback:\n',
        "        if False:\n",
        (f"{TESTS}::test_settings_that_would_send_in_clear_are_refused",),
    ),
    Safeguard(
        "mail-password-file",
        "the mail server's password is read from a file that its owner alone may read",
        MAIL,
        "    if not mail.password_file.is_file() or mail.password_file.stat().st_mode & 0o077:\n",
        "    if not mail.password_file.is_file():\n",
        (f"{TESTS}::test_letters_are_sent_encrypted_and_from_an_account",),
    ),
    Safeguard(
        "names-that-letters-lack",
        "a letter with a fact that is not there is not written",
        PAGES,
        "        undefined=jinja2.StrictUndefined,\n",
        "",
        (f"{TESTS}::test_a_letter_that_lacks_a_fact_is_not_written",),
    ),
    Safeguard(
        "a-letter-that-could-not-go",
        "a letter that could not go by itself is tried again, and stands in the work list",
        "samkorning/case/letters/occasions.py",
        "if each.letter.by_itself and each.sent is None)",
        "if False)",
        ("tests/integration/test_letters_by_themselves.py",),
    ),
)
