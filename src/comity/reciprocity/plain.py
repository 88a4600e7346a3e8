"""Results as plain values, for data frames, JSON and pages."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

import numpy as np


def describe_plainly(value: Any) -> Any:
    """Return a result as dicts, lists, numbers and text.

    Parameters
    ----------
    value : dataclass, array, number, text, or mapping or sequence of them
        What is not a number or not finite becomes None: it is not known.

    Returns
    -------
    dict, list, int, float, str, bool or None

    Examples
    --------
    >>> import numpy as np
    >>> describe_plainly({"low": np.array([1.0, np.nan])})
    {'low': [1.0, None]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: describe_plainly(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): describe_plainly(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return describe_plainly(value.tolist())
    if isinstance(value, list | tuple):
        return [describe_plainly(one) for one in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value
