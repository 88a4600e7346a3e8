"""Work in an event loop ends in order when the process is asked to stop, and the answer comes after its end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from comity.sources.loop import ENDINGS, run_whole


def end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@pytest.fixture(params=ENDINGS, ids=lambda number: number.name)
def number(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """Give a signal that is answered by an exception, as on the command line."""
    before = signal.signal(request.param, end)
    yield request.param
    signal.signal(request.param, before)


def test_a_signal_ends_every_task_before_it_is_answered(number: signal.Signals):
    told: list[str] = []

    async def wait(name: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            told.append(name)

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(), number)
        await asyncio.gather(wait("one"), wait("another"))

    with pytest.raises(SystemExit) as ended:
        run_whole(work())
    assert (ended.value.code, sorted(told)) == (128 + number, ["another", "one"])
    assert signal.getsignal(number) is end


def test_a_signal_that_comes_with_the_last_step_is_not_lost(number: signal.Signals):
    async def work() -> int:
        os.kill(os.getpid(), number)
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            return 7
        return 8

    with pytest.raises(SystemExit) as ended:
        run_whole(work())
    assert ended.value.code == 128 + number


def test_who_is_not_asked_gets_what_was_found(number: signal.Signals):
    async def work() -> int:
        return 7

    async def within() -> int:
        return run_whole(work())

    assert (run_whole(work()), asyncio.run(within())) == (7, 7)
    assert signal.getsignal(number) is end
