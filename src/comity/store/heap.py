"""What becomes of memory that was freed: kept for the next file of a load, given back when a round is over.

The library of C and Arrow each keep what was freed for the next who asks. Within a load that is right. A
process that works for a second and waits for a quarter of an hour has no use of it, and its pieces lie scattered over
the threads that freed them, so that the memory of a watch would grow though it holds no more than before.
"""

from __future__ import annotations

FREED_BLOCK = 31 << 20  # just below the largest that the C library of Linux takes [bytes]
M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -3, -1
"""The C library's names for the size from which on a block is got from the system, and for what may stay free."""
M_ARENA_MAX = -8
"""The C library's name for how many heaps there may be."""
ARENAS = 2
"""As many as a load has workers, so that they seldom wait for one another [count]."""


def keep_freed() -> None:
    """Let the C library keep freed memory for the next file, as it does once so large a block was freed, on Linux.

    A piece of text and what is made of it come and go hundreds of times; got from the system anew each time, they cost
    a tenth of a load. To free such a block would say the same, and costs a hundredth of a second.
    """
    _ask_c_library("mallopt", M_MMAP_THRESHOLD, FREED_BLOCK)
    _ask_c_library("mallopt", M_TRIM_THRESHOLD, 2 * FREED_BLOCK)


def share_heap() -> None:
    """Have all threads and Arrow share a few heaps of the C library, on Linux; for a process without many threads yet.

    Otherwise it gives each new thread another one, up to eight for each processor, and Arrow has one of its own. The
    threads of a round are new each time, so that one heap after the other comes to hold what a round needs, and each
    keeps its pieces.
    """
    import pyarrow as pa

    if _ask_c_library("mallopt", M_ARENA_MAX, ARENAS):
        pa.set_memory_pool(pa.system_memory_pool())


def release_freed() -> None:
    """Give memory that was freed back to the system, on Linux."""
    _ask_c_library("malloc_trim", 0)


def _ask_c_library(name: str, *given: int) -> bool:
    """Call a function of the C library where it has it, as that of Linux does; return whether it did as asked."""
    import ctypes

    function = getattr(ctypes.CDLL(None), name, None)
    return function is not None and bool(function(*given))
