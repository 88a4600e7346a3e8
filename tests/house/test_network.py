"""The network is closed to tests, apart from this machine itself."""

import socket
import threading

import pytest


def test_a_connection_to_another_machine_is_refused():
    with socket.socket() as outward, pytest.raises(RuntimeError, match="loopback addresses only"):
        outward.connect(("192.0.2.1", 80))


def test_a_name_of_another_machine_is_not_looked_up():
    with pytest.raises(RuntimeError, match="loopback addresses only"):
        socket.getaddrinfo("publisher.example", 443)


def close_first_visit(server: socket.socket) -> None:
    server.accept()[0].close()


def test_a_server_on_loopback_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = threading.Thread(target=close_first_visit, args=(server,))
        answer.start()
        with socket.create_connection(server.getsockname()) as connection:
            received = connection.recv(1)
        answer.join()
    assert received == b""
