"""A letter as an e-mail: plain text, with its print and what goes with it attached.

What belongs here: the message. What must not: handing it over (resources.mail), or whether it may go (sending).
"""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from assets.steps.letters.composing import LETTER, Composed
from resources.mail import Mail
from samkorning.case.letters.occasions import Addressee
from samkorning.case.letters.parties import Service

TYPES = {"pdf": ("application", "pdf"), "xml": ("application", "xml"), "html": ("text", "html")}
ANY_TYPE = ("application", "octet-stream")


def message_of(composed: Composed, case_number: str, service: Service, mail: Mail, now: datetime) -> EmailMessage:
    """The message, with an identifier of its own."""
    message, page = EmailMessage(), composed.page
    message["From"] = Address(service.name, addr_spec=mail.sender)
    message["Reply-To"] = service.email
    message["To"] = _header(page.to)
    if page.copy is not None and page.copy.email is not None:
        message["Cc"] = _header(page.copy)
    message["Subject"] = f"{page.subject} ({case_number})"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Content-Language"] = page.language
    message.set_content(page.text)
    for name in (composed.printed, *composed.enclosed):
        main, sub = TYPES.get(name.rpartition(".")[2], ANY_TYPE)
        attached = name.replace(LETTER, f"{page.letter}_{case_number}") if name == composed.printed else name
        message.add_attachment(composed.files[name], maintype=main, subtype=sub, filename=attached)
    return message


def _header(addressee: Addressee) -> Address:
    return Address(" ".join(addressee.name.split()), addr_spec=str(addressee.email))
