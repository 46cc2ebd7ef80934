"""What others are told of a run: Prefect's pages by artifacts, a person by a command or webhook."""

import json
import shlex
import subprocess
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from pipeline.errors import PipelineError
from pipeline.publish import current
from pipeline.receipts import RunRecord
from pipeline.settings import Settings
from pipeline.verify import open_tables

TELL_SECONDS = 30
# Prefect's pages grow slow beyond.
MOST_ROWS = 200


def write_artifacts(settings: Settings, record: RunRecord) -> None:
    """Put the account of a run, and the files left out, on Prefect's pages."""
    create_markdown_artifact(
        markdown=markdown_of(record),
        key="pipeline-run",
        description="What the run found, made and took.",
    )
    left_out = _left_out(settings)
    if left_out:
        create_table_artifact(
            table=left_out,
            key="pipeline-quarantine",
            description="Files that are not in the dataset, and why.",
        )


def markdown_of(record: RunRecord) -> str:
    """The account of a run as Markdown: counts, times, alarms, where tables and report are."""
    sources = ", ".join(f"{count} {status}" for status, count in record.sources)
    lines = [
        f"# {record.outcome}: snapshot `{record.snapshot}`",
        "",
        f"Files: {sources}. Documents extracted in this run: {record.extracted_documents}. "
        f"Passages repeated: {record.repeats}.",
        "",
        *(f"* **Look at** {alarm}" for alarm in record.alarms),
        "",
        "| table | rows |",
        "|---|--:|",
        *(f"| {table} | {count:,} |" for table, count in record.rows),
        "",
        "| stage | seconds | words/s |",
        "|---|--:|--:|",
        *(
            f"| {one.stage} | {one.seconds:.1f} | "
            f"{f'{one.words / one.seconds:,.0f}' if one.words else ''} |"
            for one in record.stages
        ),
        "",
        f"Tables: `{record.output}/<table>/*.parquet`. Report: `{record.report}`.",
    ]
    return "\n".join(lines) + "\n"


def _left_out(settings: Settings) -> list[dict[str, str]]:
    shown = current(settings.output)
    if shown is None:
        return []
    query = f"""
        SELECT path, status, reason, message FROM sources WHERE status = 'quarantined'
        ORDER BY path LIMIT {MOST_ROWS}
    """
    with open_tables(shown) as tables:
        rows = tables.execute(query).fetchall()
    return [
        dict(zip(("path", "status", "reason", "message"), map(str, row), strict=True))
        for row in rows
    ]


def tell_of_failure(settings: Settings, run_name: str, message: str) -> None:
    """Give `on_failure` the news as JSON: a command on its standard input, an address by POST.

    Nothing is told when the setting is empty.

    Raises:
        PipelineError: nobody took the news.
    """
    if not settings.on_failure:
        return
    news = json.dumps(
        {"run": run_name, "raw": str(settings.raw), "message": message}, ensure_ascii=False
    ).encode()
    try:
        if urlsplit(settings.on_failure).scheme in {"http", "https"}:
            request = Request(  # the scheme was looked at
                settings.on_failure, news, {"Content-Type": "application/json"}
            )
            with urlopen(request, timeout=TELL_SECONDS):
                return
        subprocess.run(
            shlex.split(settings.on_failure), input=news, timeout=TELL_SECONDS, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise PipelineError(
            f"on_failure: {settings.on_failure!r} did not take the news: {error}"
        ) from error
