"""Where nothing is sent: every spelling of an address that is not public, before anything connects."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.specimens.receiver import Receiver, answer

from comity.delivery import AddressRefused, Undelivered, check_address, check_host
from comity.delivery.transport import Limits, Post, send_post

PUBLIC = "93.184.215.14"
# Never, also where private addresses are allowed: no address of its own form, or one that no receiver has.
NEVER = """
http://2130706433/ http://017700000001/ http://0x7f000001/ http://0x7f.0.0.1/ http://0177.0.0.1/ http://127.1/
http://127.0.1/ http://127.0.0.1./ http://0/ http://0x0/ http://00000000/ http://0300.0250.0.1/ http://192.168.257/
http://10.1/ http://3232235521/ http://0xc0a80001/ http://127.0.0.1.0x7f/ http://1.2.3.4.5/ http://256.256.256.256/
http://08.8.8.8/ http://8.8.8.010/ http://0x/ http://127.000.000.001/ http://0.0.0.0/ http://0.0.0.0:8080/
http://0.1.2.3/ http://169.254.169.254/ http://169.254.169.254:80/latest/meta-data/ http://2852039166/
http://0xa9fea9fe/ http://0251.0376.0251.0376/ http://169.254.0.1/ http://168.63.129.16/ http://100.100.100.200/
http://224.0.0.1/ http://239.255.255.250/ http://255.255.255.255/ http://240.0.0.1/ http://192.0.0.1/
http://192.0.2.1/ http://198.18.0.1/ http://198.51.100.7/ http://203.0.113.7/ http://192.88.99.1/
http://[::]/ http://[::]:80/ http://[0:0:0:0:0:0:0:0]/ http://[::127.0.0.1]/ http://[::7f00:1]/
http://[::ffff:169.254.169.254]/ http://[::ffff:a9fe:a9fe]/ http://[::ffff:0.0.0.0]/ http://[fe80::1]/
http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[::1%25lo]/ http://[fec0::1]/ http://[ff02::1]/
http://[64:ff9b::7f00:1]/ http://[64:ff9b::169.254.169.254]/ http://[64:ff9b:1::1]/ http://[2002:7f00:1::]/
http://[2001::1]/ http://[2001:db8::1]/ http://[fd00:ec2::254]/ http://[fd20:ce::254]/ http://[100::1]/
http://[3fff::1]/ http://[4000::1]/ http://[::1/ http://[127.0.0.1]/ http://::1/ http://user@93.184.215.14/
http://93.184.215.14@127.0.0.1/ http://127.0.0.1@93.184.215.14/ http://user:pass@93.184.215.14/ http://@93.184.215.14/
http://metadata.google.internal/ http://METADATA.google.internal./ http://a.metadata.google.internal/
http://instance-data/ http://93.184.215.14:22/ http://93.184.215.14:25/ http://93.184.215.14:0/
http://93.184.215.14:6379x/ http://93.184.215.14:99999/ http://93.184.215.14:-1/ http://93.184.215.14:6667/
http://93.184.215.14:/ http://93.184.215.14:10080/ file:///etc/passwd gopher://93.184.215.14/ ftp://93.184.215.14/
dict://93.184.215.14:11211/ ldap://93.184.215.14/ data:text/plain,x javascript:alert(1) //93.184.215.14/
93.184.215.14 http:/// http:// https://?x http:93.184.215.14 http://93.184.215.14#@127.0.0.1/ http://exa%6dple.com/
http://ex..ample.com/ http://.example.com/ http://example.com../ http://-example.com/ http://ex_am!ple.com/
http://\u2460\u2461\u2466.0.0.1/ http://\uff11\uff12\uff17.0.0.1/ http://127\u30020\u30020\u30021/
http://\u0661\u0662\u0667.0.0.1/ http://ex\u00adample.com/ http://l\u043ecalhost/ http://127.0.0.1\\@example.com/
http://example.com\\.127.0.0.1/ http://127%2e0%2e0%2e1/
""".split()
NEVER += ["http://exa mple.com/", "http://example.com/\r\nHost: x", "http://example.com/\x00", "\thttp://example.com/",
          "http://127.0.0.1\t/", "http://" + "a" * 64 + ".com/", "http://" + "a." * 127 + "com/",
          "http://a/" + 2050 * "x"]  # fmt: skip
# Private: only where that is allowed.
PRIVATE = """
http://127.0.0.1/ http://127.0.0.1:8080/ http://127.255.255.254/ http://10.0.0.1/ http://10.255.255.255/
http://172.16.0.1/ http://172.31.255.255/ http://192.168.0.1/ http://100.64.0.1/ http://[::1]/ http://[::1]:8080/
http://[0:0:0:0:0:0:0:1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::FFFF:10.0.0.1]/
http://[0:0:0:0:0:ffff:192.168.0.1]/ http://[fc00::1]/ http://[fdff::1]/ http://localhost/ http://LOCALHOST/
http://localhost./ http://a.localhost/ http://printer.local/ http://db.internal/ http://intranet/ http://router.home.arpa/
""".split()
FINE = ["https://93.184.215.14/", "http://93.184.215.14:8080/x?y=1", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "https://hooks.example.com/a/b", "HTTPS://Hooks.Example.Com:8443/", "https://hooks.example.com./",
        "https://xn--bcher-kva.example/", "https://172.32.0.1/", "https://11.0.0.1/"]  # fmt: skip


def answer_public(host: str, port: int) -> list[str]:
    return [PUBLIC]


def refuse_to_look_up(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def test_there_are_enough_forms():
    assert len({*NEVER, *PRIVATE}) >= 130


@pytest.mark.parametrize("url", NEVER)
@pytest.mark.parametrize("private", [False, True])
def test_an_address_with_two_readings_or_no_receiver_is_refused(url: str, private: bool):
    with pytest.raises(AddressRefused, match="nothing is sent to"):
        check_address(url, allow_private=private, resolve=refuse_to_look_up)


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_refused_unless_it_is_allowed(url: str):
    with pytest.raises(AddressRefused, match="nothing is sent to"):
        check_address(url, resolve=refuse_to_look_up)
    assert check_address(url, allow_private=True, resolve=lambda host, port: ["127.0.0.1"]).ips


@pytest.mark.parametrize("url", FINE)
def test_a_public_address_is_let_through(url: str):
    found = check_address(url, resolve=answer_public)
    assert found.scheme in ("http", "https")
    assert found.port in (80, 443, 8080, 8443)
    assert found.host == found.host.lower().rstrip(".")


@pytest.mark.parametrize("bad", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("order", [1, -1])
def test_every_answer_of_a_name_must_be_allowed(bad: str, order: int):
    answers = [PUBLIC, bad][::order]
    with pytest.raises(AddressRefused, match="not public"):
        check_address("https://hooks.example.com/", resolve=lambda host, port: answers)


def test_a_name_without_an_address_may_have_one_later():
    with pytest.raises(Undelivered, match="has no address") as error:
        check_address("https://hooks.example.com/", resolve=lambda host, port: [])
    assert error.value.again


def test_a_mail_server_may_use_its_own_ports_and_no_web_server_may():
    assert check_host("mx.example.com", 25, scheme="smtp", resolve=answer_public).port == 25
    with pytest.raises(AddressRefused, match="another protocol"):
        check_host("mx.example.com", 25, resolve=answer_public)
    with pytest.raises(AddressRefused, match="another protocol"):
        check_host("mx.example.com", 80, scheme="smtp", resolve=answer_public)


class Rebinding:
    """A name that answers this machine first and something else from then on."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return [self.answers.pop(0)] if len(self.answers) > 1 else self.answers


def test_the_connection_goes_to_the_answer_that_was_checked():
    with Receiver() as receiver:
        resolve = Rebinding("127.0.0.1", "127.0.0.99")
        url = f"http://hooks.example.com:{receiver.port}/hook?x=1"
        assert send_post(Post(url, b"{}", {}, allow_private=True, resolve=resolve)) == 204
    assert resolve.asked == 1
    assert [(got.path, got.headers["Host"]) for got in receiver.received] == [
        ("/hook?x=1", f"hooks.example.com:{receiver.port}")
    ]


def test_a_name_that_turns_private_is_refused_at_the_next_request():
    resolve = Rebinding(PUBLIC, "127.0.0.1")
    assert check_address("http://hooks.example.com/", resolve=resolve).ips == (PUBLIC,)
    with pytest.raises(AddressRefused, match="loopback"):
        send_post(Post("http://hooks.example.com/", b"", {}, resolve=resolve))


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(code: int):
    with Receiver() as receiver, Receiver() as other:
        receiver.answers.append(answer(code, Location=other.url))
        with pytest.raises(Undelivered, match="redirects") as error:
            send_post(Post(receiver.url, b"", {}, allow_private=True))
    assert not error.value.again
    assert other.received == []


def test_the_second_address_of_a_name_is_tried_where_the_first_takes_no_connection():
    with Receiver() as receiver:
        url = f"http://hooks.example.com:{receiver.port}/"
        post = Post(url, b"", {}, True, Limits(), lambda host, port: ["127.0.0.2", "127.0.0.1"])
        assert send_post(post) == 204


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Receiver() as receiver:
        assert send_post(Post(receiver.url, b"", {}, allow_private=True)) == 204
