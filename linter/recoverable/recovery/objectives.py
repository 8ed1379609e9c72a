"""What a class of tables must be able to do after a loss."""

from __future__ import annotations

from recoverable.typed import NamedTuple

#: A restore from point-in-time recovery takes at least so many seconds, however small the table, and mostly less than
#: an hour: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
LEAST_RESTORE = 20 * 60


class Objectives(NamedTuple):
    """Recovery objectives of one class of tables. What is None or false is not asked for.

    `pitr_window_days`: how far back point-in-time recovery must reach, 1 to 35 days. 35 is the service's maximum and
    costs the same as 1 (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html).
    `customer_key`: whether tables must be encrypted with a customer managed key.

    Of the best of all plan rules that cover a table: `backup_every` is the longest time between two starts by the clock
    on the wall, in seconds, and `retention_days` how long a backup must be kept. A daily rule with AWS's default
    windows meets the defaults. `rpo` is the most that may be lost, in seconds, counted with the windows in which AWS
    Backup may start and finish late; point-in-time recovery counts for it, too.

    `other_region` and `other_account`: copies must survive the loss of the table's own. `immutable`: a copy must lie
    where nobody can delete it early. `restore_test_days`: how old the last tried restore may be. `rto`: how long a
    restore may take, in seconds; less than LEAST_RESTORE cannot be had from a restore alone.
    """

    pitr_window_days: int = 35
    customer_key: bool = False
    backup_every: int = 24 * 3600
    retention_days: int = 30
    rpo: int | None = None
    other_region: bool = False
    other_account: bool = False
    immutable: bool = False
    restore_test_days: int | None = None
    rto: int | None = None
