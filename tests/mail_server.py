"""A real mail server on loopback, which keeps what it takes, and can refuse, break off or ask for an account.

What belongs here: the server. What must not: expectations.
"""

import datetime
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ACCOUNT, PASSWORD = "registerservice", "a password for tests"


@dataclass
class MailServer:
    """What it does with mail, and what it has taken."""

    port: int = 0
    refuses: frozenset[str] = frozenset()
    breaks_off: bool = False
    """The connection goes when all of a letter has come, before the answer."""
    taken: list[EmailMessage] = field(default_factory=list)
    addressees: list[tuple[str, ...]] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append(parsed)
        self.addressees.append(tuple(envelope.rcpt_tos))
        if self.breaks_off:
            server.transport.abort()
        return "250 taken"

    def settings(self, **changes: object) -> dict[str, object]:
        """What `mail` in the settings says of it."""
        plain = {"host": "127.0.0.1", "port": self.port, "sender": "registerservice@example.org", "tls": "none"}
        return {**plain, **changes}


@contextmanager
def mail_server(certificate: Path | None = None) -> Iterator[MailServer]:
    """The server, as long as the context lasts; with a certificate it takes mail only encrypted and from an account."""
    server = MailServer()
    guarded: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        guarded = {"tls_context": context, "require_starttls": True, "authenticator": _asked, "auth_required": True}
    controller = _OnAnyPort(server, hostname="127.0.0.1", port=0, **guarded)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


class _OnAnyPort(Controller):
    """The library looks whether its server answers at the port that it was given, which here is any free one."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def a_certificate(folder: Path) -> Path:
    """A certificate for this machine with its private key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def _asked(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    success = (data.login, data.password) == (ACCOUNT.encode(), PASSWORD.encode())
    return AuthResult(success=success, handled=False)
