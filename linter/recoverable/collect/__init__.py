"""AWS to snapshot: the only part that calls AWS, and the only importer of botocore.

An account is a unit of its own (`units`), each of its Regions a file; what is asked is data (`calls`), what follows from an
answer is pure (`questions`), and only `asking` speaks to AWS.
"""

from __future__ import annotations
