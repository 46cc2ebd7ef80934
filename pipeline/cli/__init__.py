"""The command `pipeline`: reads flags, calls, prints, gives exit codes.

Exit codes: 0 done, 1 failed, 2 a setting is wrong or something is missing, 3 a guard held
the run back, 4 files were quarantined under `--strict`, 5 a snapshot is faulty, 75
another run is going on, 130 and 143 ended by Ctrl-C and SIGTERM.

Whatever is heavy is imported inside the command that needs it, so that `--help` and
errors of the flags answer at once.  Commands are listed in the order of the imports below.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from pipeline.cli import running, looking, asking, rules, keeping, measuring, contract  # isort: skip
from pipeline.cli.ending import Ended
from pipeline.cli.options import app
from pipeline.errors import PipelineError, disk_error

__all__ = [
    "app",
    "asking",
    "contract",
    "keeping",
    "looking",
    "main",
    "measuring",
    "rules",
    "running",
]


def main() -> None:
    """Run the command; an error of the house is one line on stderr and its exit code."""
    try:
        app()
    except PipelineError as error:
        _end(str(error), error.exit_code)
    except OSError as error:
        failure = disk_error(error, Path.cwd())
        _end(str(failure), failure.exit_code)
    except Ended as ended:
        _end(str(ended), ended.exit_code)


def _end(said: str, code: int) -> NoReturn:
    # The screen may be a file on the very disk that failed.
    with suppress(OSError):
        print(f"pipeline: {said}", file=sys.stderr)
    sys.exit(code)
