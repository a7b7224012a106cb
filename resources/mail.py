"""A mail server that letters are sent by (SMTP): its settings, and sending one message.

What belongs here: the connection, and what came of it. What must not: what a letter says, or whether it may go
(assets.steps.letters). No answer of a server is passed on: it can quote what was sent.
"""

import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from samkorning.case.letters.parties import Email, Line
from samkorning.errors import HomeRefused, LetterNotSent

if TYPE_CHECKING:
    import smtplib
    from email.message import EmailMessage

SECONDS = 30
HANDING_OVER = "broke off while the letter was handed over"
RESERVED = ("example.org", "example.com", "example.net")
RESERVED_ENDINGS = (".example", ".invalid", ".test", ".localhost")
"""Names that can be nobody's (RFC 2606)."""


class Mail(BaseModel):
    """The server, and the address that letters come from."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    host: Line = Field(description="The server's name.")
    port: int = Field(default=587, ge=1, le=65535, description="The server's port.")
    sender: Email = Field(description="The address that letters come from.")
    tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection is encrypted; `none` only to a server on this machine."
    )
    user: Line | None = Field(default=None, description="The account there.")
    password_file: Path | None = Field(default=None, description="File with its password; its owner alone may read it.")
    authorities: Path | None = Field(
        default=None, description="File with the certificate authorities that the server's certificate is checked by."
    )

    @model_validator(mode="after")
    def is_guarded(self) -> "Mail":
        if self.tls == "none" and not self.is_loopback:
            raise ValueError("letters cross a network in clear")
        if (self.user is None) != (self.password_file is None):
            raise ValueError("user and password_file go together")
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def where(self) -> str:
        """The server in words."""
        return f"smtp://{self.host}:{self.port}"


def is_nobodys(address: str) -> bool:
    """Whether an e-mail address is of a domain that is reserved for examples."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    is_reserved = any(domain == each or domain.endswith(f".{each}") for each in RESERVED)
    return is_reserved or f".{domain}".endswith(RESERVED_ENDINGS)


def send(mail: Mail, message: "EmailMessage") -> frozenset[str]:
    """Hands a message to the server; gives the addresses among several that it did not take it for.

    :raises LetterNotSent: when the server has not taken it; ``is_unclear`` where the connection broke after it began to
        be handed over and before the server had answered.
    :raises HomeRefused: when the password's file can be read by others.
    """
    import smtplib  # and the encryption of connections with it: commands that send nothing need the settings

    password, stage, refused = _password(mail), "is not reached", frozenset[str]()
    try:
        with _connected(mail) as server:
            if mail.user is not None:
                stage = "does not take the account"
                server.login(mail.user, password)
            stage = HANDING_OVER
            refused = frozenset(server.send_message(message))
            stage = ""
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        stage = "refused the letter" if stage == HANDING_OVER else stage
    except (OSError, smtplib.SMTPException, UnicodeError):
        pass
    if stage:
        raise LetterNotSent(f"{mail.where} {stage}", is_unclear=stage == HANDING_OVER)
    return refused


def _connected(mail: Mail) -> "smtplib.SMTP":
    import smtplib
    import ssl

    context = ssl.create_default_context(cafile=str(mail.authorities) if mail.authorities else None)
    if mail.tls == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, local_hostname=_own_name(), timeout=SECONDS, context=context)
    server = smtplib.SMTP(mail.host, mail.port, local_hostname=_own_name(), timeout=SECONDS)
    if mail.tls == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _own_name() -> str:
    """What the service calls itself to the server: this machine's short name, and nothing of its network."""
    name = socket.gethostname()
    return name if name.isascii() else "localhost"


def _password(mail: Mail) -> str:
    if mail.password_file is None:
        return ""
    if not mail.password_file.is_file() or mail.password_file.stat().st_mode & 0o077:
        raise HomeRefused("`mail.password_file`: is not there, or others may read it; chmod 600")
    return mail.password_file.read_text(encoding="utf-8").strip()
