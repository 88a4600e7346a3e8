"""Work that waits on many things at once, run to its end, or ended in order where the process is asked to stop.

An exception that a signal raises in the midst of an event loop can leave a task that neither works nor ends. Signals
therefore cancel the work from within the loop, as `asyncio` itself does for Ctrl-C, and are answered when it has ended.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Found = TypeVar("Found")

ENDINGS = (signal.SIGTERM, signal.SIGHUP)


def run_whole(work: Coroutine[Any, Any, Found]) -> Found:
    """Run to the end, also where an event loop is running already (as in a notebook)."""
    asked: list[int] = []
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        try:
            return asyncio.run(_work_quietly(work, asked))
        finally:
            for number in asked[:1]:
                signal.raise_signal(number)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _work_quietly(work, asked)).result()


async def _work_quietly(work: Coroutine[Any, Any, Found], asked: list[int]) -> Found:
    """Do the work, in a loop that says nothing of tasks that were ended on request; note the signals that asked."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    loop.set_exception_handler(_pass_over_endings)

    def cancel(number: int) -> None:
        asked.append(number)
        if task is not None:
            task.cancel()

    in_main = threading.current_thread() is threading.main_thread()
    before = {number: handler for number in ENDINGS if in_main and callable(handler := signal.getsignal(number))}
    for number in before:
        loop.add_signal_handler(number, cancel, number)
    try:
        return await work
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _pass_over_endings(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Leave out that a task ended because the process was asked to end; the process itself says so."""
    if not isinstance(context.get("exception"), SystemExit | KeyboardInterrupt):
        loop.default_exception_handler(context)
