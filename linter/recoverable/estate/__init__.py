"""What we know: tables, replicas and keys, with every property known or unknown and where it was read."""

from recoverable.estate.acceptances import Acceptance
from recoverable.estate.keys import Key
from recoverable.estate.model import Declared, Estate, Subject
from recoverable.estate.tables import Replica, Table, Tags

__all__ = ["Acceptance", "Declared", "Estate", "Key", "Replica", "Subject", "Table", "Tags"]
