"""What a class of tables must be able to do after a loss."""

from __future__ import annotations

from typing import NamedTuple


class Objectives(NamedTuple):
    """Recovery objectives of one class of tables.

    `pitr_window_days`: how far back point-in-time recovery must reach, 1 to 35 days. 35 is the service's maximum and
    costs the same as 1 (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html).
    `customer_key`: whether tables must be encrypted with a customer managed key.
    """

    pitr_window_days: int = 35
    customer_key: bool = False
