"""The real files, loaded and worked out once for all tests."""

from tests.specimens.real import outcome, real

__all__ = ["outcome", "real"]
