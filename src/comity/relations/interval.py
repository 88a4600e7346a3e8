"""How many standard deviations either side of a normal mean hold 50 and 90 %."""

from __future__ import annotations

Z50 = 0.6744897501960817
Z90 = 1.6448536269514722
