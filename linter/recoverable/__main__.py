"""`python -m recoverable`."""

import sys

from recoverable.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
