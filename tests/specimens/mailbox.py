"""A mail server on this machine that keeps what it is handed, and refuses where a test asks it to."""

from __future__ import annotations

import socketserver
import threading
from collections import deque
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import NamedTuple


class Handed(NamedTuple):
    """A mail as it was handed over: to whom, and its bytes, dots undone."""

    recipients: list[str]
    data: bytes

    def parse(self) -> EmailMessage:
        """Read it as any mail program would."""
        mail = message_from_bytes(self.data, policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


class Mailbox:
    """`handed` holds what it took, `refusals` what it answers to the next recipients instead of 250."""

    def __init__(self) -> None:
        self.handed: list[Handed] = []
        self.refusals: deque[str] = deque()
        self.visits = 0
        self.server = Server(("127.0.0.1", 0), Session)
        self.server.mailbox = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def __enter__(self) -> Mailbox:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Server(socketserver.ThreadingTCPServer):
    """Its sessions end with it."""

    allow_reuse_address = True
    daemon_threads = False
    mailbox: Mailbox


class Session(socketserver.StreamRequestHandler):
    """Speaks as much of SMTP as takes a mail."""

    timeout = 20
    server: Server

    def handle(self) -> None:
        mailbox = self.server.mailbox
        mailbox.visits += 1
        recipients: list[str] = []
        self.say("220 here")
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            word = line[:4].upper()
            if word == "RCPT":
                answer = mailbox.refusals.popleft() if mailbox.refusals else "250 fine"
                recipients += [line.partition(":")[2].strip("<> ")] if answer[0] == "2" else []
                self.say(answer)
            elif word == "DATA":
                self.say("354 go on")
                mailbox.handed.append(Handed(recipients, self.read_mail()))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 goodbye")
                return
            else:
                self.say("250 fine")

    def read_mail(self) -> bytes:
        """Read until a dot stands alone in a line."""
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
