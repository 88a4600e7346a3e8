"""Fit statsmodels' UnobservedComponents to each line of standard input; print its version and CPU seconds a pair."""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np
import statsmodels
from statsmodels.tsa.statespace.structural import UnobservedComponents

warnings.simplefilter("ignore")
rows = [np.array(line.split(","), float) for line in sys.stdin.read().splitlines()]
rows = [row for row in rows if np.isfinite(row).sum() > 10]
began = time.process_time()
for row in rows:
    fitted = UnobservedComponents(row, "local level").fit(disp=False)
    fitted.smoothed_state  # noqa: B018
print(statsmodels.__version__, (time.process_time() - began) / len(rows))
