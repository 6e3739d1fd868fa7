"""How long CloudWatch Logs can keep events, in days.

Source: Amazon CloudWatch Logs API Reference, PutRetentionPolicy; read 2026-11.
"""

from __future__ import annotations

FOREVER = 0
DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
DELIVERY = 2  # what a group of the class DELIVERY keeps, whatever is written
