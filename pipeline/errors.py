"""The few errors of the house, each saying what, why and what to do.

`PipelineError` and its kinds end a command with one line and an exit code;
`Unreadable` ends the reading of one file and becomes its row in `sources`.
"""

from __future__ import annotations

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
