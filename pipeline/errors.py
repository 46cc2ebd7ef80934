"""The few errors of the house, each saying what, why and what to do.

`PipelineError` and its kinds end a command with one line and an exit code;
`Unreadable` ends the reading of one file and becomes its row in `sources`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:  # the command imports this module to say `--help`, and pydantic is slow
    from schemas.tables import Reason


class PipelineError(Exception):
    """Ends the command: the message is one line that names the thing and the remedy."""

    exit_code: ClassVar[int] = 1


class SettingsError(PipelineError):
    """A setting is unknown or has no sense, or something needed is not installed."""

    exit_code = 2


class GuardError(PipelineError):
    """Going on might lose data: nothing was published."""

    exit_code = 3


class QuarantineError(PipelineError):
    """Files were quarantined and `--strict` was asked for; the rest was published."""

    exit_code = 4


class RunningError(PipelineError):
    """Another run holds the lock."""

    exit_code = 75


class RuleError(PipelineError):
    """A rule file breaks the law of the rulebook: names file, rule and fault."""

    exit_code = 2


class SnapshotError(PipelineError):
    """A snapshot is not what it should be: nothing was flipped."""

    exit_code = 5


class StateError(PipelineError):
    """The state file is torn; a run sets it aside and begins anew."""


class DiskError(PipelineError):
    """The disk is full, may not be written to or fails: names the path and the remedy."""


_REMEDIES = {
    errno.ENOSPC: "free some space on it",
    errno.EDQUOT: "free some space or have the quota raised",
    errno.EFBIG: "raise the limit on the size of files (`ulimit -f`)",
    errno.EROFS: "mount it writable or set another folder",
    errno.EACCES: "give the user that runs the pipeline the right to it",
    errno.EPERM: "give the user that runs the pipeline the right to it",
    errno.EMFILE: "raise the limit on open files (`ulimit -n`)",
    errno.ENFILE: "raise the limit on open files",
    errno.EIO: "check the disk",
}


def disk_error(error: OSError, otherwise: Path) -> DiskError:
    """What the system said of a file, as one line with the path and the remedy.

    Args:
        error: as it was raised.
        otherwise: the path to name when the error names none.

    Example:
        >>> import os
        >>> print(disk_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a/b"), Path("c")))
        a/b: No space left on device; free some space on it, then run again. What is shown stays.
    """
    path = error.filename if error.filename is not None else otherwise
    said = error.strerror or str(error) or type(error).__name__
    if len(said.splitlines()) > 1 or "Detail" in said:
        # Libraries tell a story around what the system said.
        said = os.strerror(error.errno) if error.errno else said.splitlines()[0]
    remedy = _REMEDIES.get(error.errno or 0, "see to it")
    return DiskError(f"{os.fsdecode(path)}: {said}; {remedy}, then run again. What is shown stays.")


def is_of_the_machine(error: OSError) -> bool:
    """Whether the system failed, and not a file: what works on bytes in memory asks it for little.

    Libraries raise `OSError` of damaged bytes, too, but without a number of the system.  Want
    of memory lies with what asked for it, because workers have a limit.

    Example:
        >>> import gzip
        >>> is_of_the_machine(OSError(errno.ENOSPC, "full"))
        True
        >>> is_of_the_machine(gzip.BadGzipFile("no gzip"))
        False
    """
    return error.errno not in {None, errno.ENOMEM}


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Name `path` in an error of the system that names no file.

    Raises:
        OSError: the one raised inside, with a file name.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


class Unreadable(Exception):  # noqa: N818  # it is the file that is so
    """A file that cannot become a document: the reason, and a sentence on what to do.

    Example:
        >>> raise Unreadable("empty", "The file has no text in it; remove it or fill it.")
        Traceback (most recent call last):
        pipeline.errors.Unreadable: The file has no text in it; remove it or fill it.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message
