"""AWS to snapshot: the only part that calls AWS, and the only importer of botocore.

What is asked is data (`calls`), what follows from an answer is pure (`questions`), and only `wire` speaks to AWS.
"""

from __future__ import annotations
