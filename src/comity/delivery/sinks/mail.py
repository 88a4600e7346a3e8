"""A sink that is a mailbox: plain text over SMTP, encrypted, with the key as Message-ID."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from comity.delivery.address import Address, Resolve, check_host
from comity.delivery.errors import DeliveryError, Undelivered
from comity.delivery.message import Message
from comity.delivery.secret import Secret

SECURITIES = ("starttls", "tls", "none")
PERMANENT = 500
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True)
class MailSink:
    """Mailboxes, reached through one mail server.

    Parameters
    ----------
    host, port : str, int
        The mail server.
    sender : str
        Mailbox that the mail is from.
    recipients : tuple of str
        Mailboxes that it goes to.
    user : str
        Name at the mail server; empty where it asks for none.
    password : Secret or None
        Password there.
    security : str
        `starttls` (refused where the server does not offer it), `tls` from the first byte, or `none`.
    allow_private : bool
        Whether the server may be on this machine or in its network.
    idle : float
        Longest silence [seconds].
    resolve : callable, optional
        As in `check_address`.

    Raises
    ------
    DeliveryError
        A mailbox is none (a line break in it could add headers), a password would go unencrypted.
    """

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    user: str = ""
    password: Secret | None = None
    security: str = "starttls"
    allow_private: bool = False
    idle: float = 10.0
    resolve: Resolve | None = None

    def __post_init__(self) -> None:
        """Refuse what could break out of a header, and passwords in the open."""
        for mailbox in (self.sender, *self.recipients):
            if not _MAILBOX.fullmatch(mailbox):
                raise DeliveryError(f"{mailbox!r} is no mailbox", todo="write name@host, without a display name")
        if not self.recipients:
            raise DeliveryError("a mail has no recipient", todo="name at least one mailbox")
        if self.security not in SECURITIES:
            raise DeliveryError(f"{self.security!r} is no security", todo=f"choose one of {', '.join(SECURITIES)}")
        if self.security == "none" and (self.user or self.password):
            raise DeliveryError("a password would go over the network unencrypted", todo="write security: starttls")

    def compose(self, message: Message) -> EmailMessage:
        """Return the mail; the same message, sent again, has the same Message-ID."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, ", ".join(self.recipients)
        mail["Subject"], mail["Date"] = message.subject, format_datetime(message.made)
        mail["Message-ID"] = f"<{message.name}.comity@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body or message.subject)
        return mail

    def check(self) -> Address:
        """Return where it would send; raises `AddressRefused` where that is not allowed."""
        private = self.allow_private
        return check_host(self.host, self.port, scheme="smtp", allow_private=private, resolve=self.resolve)

    def send(self, message: Message) -> str:
        """Hand the mail to the server; returns a note on recipients whom it refused.

        Raises
        ------
        AddressRefused
            The server's address is not allowed.
        Undelivered
            The server did not take it.
        """
        address = self.check()
        try:
            server = self._connect(address)
            try:
                refused = server.send_message(self.compose(message), self.sender, list(self.recipients))
            finally:
                _say_goodbye(server)
        except smtplib.SMTPRecipientsRefused as error:
            again = any(code < PERMANENT for code, _ in error.recipients.values())
            raise Undelivered(f"{self.host} refuses every recipient", again=again) from error
        except smtplib.SMTPResponseException as error:
            what = f"{self.host} answers {error.smtp_code} ({type(error).__name__})"
            raise Undelivered(what, again=error.smtp_code < PERMANENT) from error
        except ssl.SSLCertVerificationError as error:
            what = f"the certificate of {self.host} is refused: {error.verify_message}"
            raise Undelivered(what, again=False) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Undelivered(f"{self.host} does not offer what was asked for: {error}", again=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"the connection to {self.host} failed ({type(error).__name__})") from error
        return f"refused for {len(refused)} of {len(self.recipients)} recipients" if refused else ""

    def _connect(self, address: Address) -> smtplib.SMTP:
        """Open an encrypted connection to the address that was checked, under the name of the host."""
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = _SmtpOverTls(address, self.idle, context)
        else:
            server = _Smtp(address, self.idle)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user and self.password is not None:
                server.login(self.user, self.password.reveal())
        except BaseException:
            server.close()
            raise
        return server


def _say_goodbye(server: smtplib.SMTP) -> None:
    """End a session; what was taken stays taken, whatever the server says now."""
    try:
        server.docmd("QUIT")
    except (smtplib.SMTPException, OSError):
        pass
    finally:
        server.close()


def _open(address: Address, timeout: float) -> socket.socket:
    """Connect to the first of the checked addresses that takes a connection."""
    for ip in address.ips[:-1]:
        try:
            return socket.create_connection((ip, address.port), timeout)
        except OSError:
            continue
    return socket.create_connection((address.ips[-1], address.port), timeout)


class _Smtp(smtplib.SMTP):
    """A session with a host that was looked up already."""

    def __init__(self, address: Address, timeout: float) -> None:
        self.address = address
        super().__init__(address.host, address.port, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to the checked address, whatever the name says by now."""
        return _open(self.address, timeout)


class _SmtpOverTls(_Smtp):
    """The same, encrypted from the first byte."""

    def __init__(self, address: Address, timeout: float, context: ssl.SSLContext) -> None:
        self.context_of_tls = context
        super().__init__(address, timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        """Connect and encrypt."""
        plain = _open(self.address, timeout)
        return self.context_of_tls.wrap_socket(plain, server_hostname=self.address.host)
