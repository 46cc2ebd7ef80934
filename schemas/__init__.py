"""The contract of the dataset: what every table, column and code means.

Nothing here imports the pipeline, so that a reader of the Parquet files can use
it alone.  `tables` holds the row models, the only place that says what a column
is called, holds and means; `arrow` turns a model into an Arrow schema;
`generate` writes the JSON Schemas and the data dictionary beside this file.
"""

from schemas.tables import TABLES, Row

__all__ = ["TABLES", "Row"]
