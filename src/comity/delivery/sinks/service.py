"""A sink that is one of the services that the library Apprise knows; an option, for those who want it.

What is checked and what is not: where the kind of address names a host, that host is checked as every other is before
each message. The library then looks it up again itself and opens its own connection, so that a name which changes its
answer in between, and a redirect of the service, are out of reach of the check. Kinds that name no host (most chats)
go to the service's own address. Kinds that act on this machine are refused, and so is mail, which has a
sink of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from comity.delivery.address import Resolve, check_host
from comity.delivery.errors import AddressRefused, DeliveryError, Undelivered
from comity.delivery.message import Message
from comity.delivery.secret import Secret

REFUSED = re.compile(r"(dbus|qt|kde|glib|gnome|macosx|windows|syslog|file|mailtos?)\Z")


@dataclass(frozen=True)
class ServiceSink:
    """A service by its Apprise address, which holds tokens and is not printed.

    Parameters
    ----------
    url : Secret
        Address in Apprise's form, such as `ntfys://ntfy.example/topic`.
    allow_private : bool
        Whether a host in the address may be on this machine or in its network.
    resolve : callable, optional
        As in `check_address`.
    """

    url: Secret
    allow_private: bool = False
    resolve: Resolve | None = None

    def send(self, message: Message) -> str:
        """Hand the message to the library; returns a note.

        Raises
        ------
        DeliveryError
            The library is not installed, or knows no such address.
        AddressRefused
            The host in the address is not allowed.
        Undelivered
            The service did not take it.
        """
        service = self._open()
        self._check_host(service)
        if not service.notify(title=message.subject, body=message.body or message.subject):
            raise Undelivered(f"the service {service.service_name} did not take the message")
        return f"handed to {service.service_name}"

    def _open(self) -> Any:
        """Return the library's own object for the address."""
        try:
            from apprise import Apprise
        except ImportError as error:
            raise DeliveryError(
                "services need the library apprise, which is not installed", todo="pip install comity[notify]"
            ) from error
        scheme = self.url.reveal().partition("://")[0].lower()
        service = None if REFUSED.match(scheme) else Apprise.instantiate(self.url.reveal())
        if service is None:
            raise DeliveryError(
                f"the address of a service ({scheme}://...) is none that can be used",
                todo="compare it with the library's documentation; kinds that act on this machine are "
                "refused, and mail is a sink of its own",
            )
        return service

    def check(self) -> None:
        """Check where it would send; raises as `send` does."""
        self._check_host(self._open())

    def _check_host(self, service: Any) -> None:
        """Check the host, where the address names one."""
        if not any("{host}" in template for template in service.templates):
            return
        if not service.host:
            raise AddressRefused("nothing is sent to a service whose address lacks its host")
        port = service.port or (443 if service.secure else 80)
        check_host(service.host, port, allow_private=self.allow_private, resolve=self.resolve)
