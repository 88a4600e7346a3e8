"""Delivery: what leaves Comity, written once, sent once to each sink, and only where it was asked to go.

| function | gives |
|---|---|
| `Message(key, made, subject, body, data)` | what is told; the key names the decision that it tells of |
| `Outbox.open(path)` | every message and what became of it: `add`, `count_states`, `list_deliveries`, `retry_dead` |
| `deliver_messages(outbox, outlets)` | each sink what is due to it, and an account |
| `build_sink(spec)` | a sink of a description: `folder`, `jsonl`, `atom`, `webhook`, `email`, `service` |
| `check_reach(sink)` | nothing, where a sink may send; refused before there is anything to send |
| `check_address(url)` | where a request may go: looked up once, private networks refused |
| `read_secret(where)` | a key or password from `env:NAME` or `file:PATH` |
| `verify_signature(...)` | what the receiver of a webhook should ask |

>>> from comity.delivery import check_address
>>> check_address("https://93.184.215.14/hook").port
443
"""

from comity.delivery.address import Address, check_address, check_host
from comity.delivery.errors import AddressRefused, DeliveryError, OutboxDamaged, SecretRefused, Undelivered
from comity.delivery.kinds import KINDS, Sink, SinkSpec, build_sink, check_reach, find_fault
from comity.delivery.message import Message
from comity.delivery.outbox import Outbox
from comity.delivery.pace import Pace
from comity.delivery.secret import Secret, read_secret
from comity.delivery.sinks.webhook import verify_signature
from comity.delivery.step import Outlet, deliver_messages
from comity.delivery.tables import Delivery

__all__ = [
    "KINDS",
    "Address",
    "AddressRefused",
    "Delivery",
    "DeliveryError",
    "Message",
    "Outbox",
    "OutboxDamaged",
    "Outlet",
    "Pace",
    "Secret",
    "SecretRefused",
    "Sink",
    "SinkSpec",
    "Undelivered",
    "build_sink",
    "check_address",
    "check_host",
    "check_reach",
    "deliver_messages",
    "find_fault",
    "read_secret",
    "verify_signature",
]
