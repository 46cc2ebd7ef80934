"""The files of a snapshot, and their bytes against `SHA256SUMS` and `datapackage.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow.parquet as pq

from schemas.arrow import arrow_schema
from schemas.tables import TABLES

SUMS = "SHA256SUMS"
PACKAGE = "datapackage.json"


def files_of(folder: Path, table: str) -> list[Path]:
    """The Parquet files of a table in a snapshot folder."""
    return sorted((folder / table).glob("*.parquet"))


def stated_path(folder: Path, table: str) -> str | list[str]:
    """The files of a table as its data package names them: a list only where there are several.

    The standard allows both; readers of it open a list of one as parts to be joined, or not at all.
    """
    names = [path.relative_to(folder).as_posix() for path in files_of(folder, table)]
    return names[0] if len(names) == 1 else names


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged(folder: Path, besides: Collection[str] = ()) -> list[str]:
    """Files that are missing, have other bytes than `SHA256SUMS` says, or are not named in it.

    Args:
        folder: a snapshot, or a copy of one.
        besides: names of further files that may stand in it.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        named = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except FileNotFoundError:
        return [f"{SUMS}: missing"]
    except (OSError, ValueError):
        return [f"{SUMS}: cannot be read"]
    faults = []
    for name, digest in named.items():
        try:
            found = sha256_of(folder / name)
        except FileNotFoundError:
            faults.append(f"{name}: missing")
        except OSError as error:
            faults.append(f"{name}: cannot be read ({error.strerror})")
        else:
            if found != digest:
                faults.append(f"{name}: bytes differ from {SUMS}")
            elif name.endswith(".parquet") and not _bears(name, found):
                # Sums can be made anew for changed files, and then they fit.
                faults.append(f"{name}: its name does not bear the hash of its bytes")
    known = {SUMS, *named, *besides}
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    faults += [f"{name}: not named in {SUMS}" for name in sorted(there) if name not in known]
    return faults


def _bears(name: str, digest: str) -> bool:
    return digest.startswith(Path(name).stem.rpartition("-")[2])


def misdescribed(folder: Path) -> Iterator[str]:
    """Where `datapackage.json` says something else than the tables."""
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        described = {each["name"]: each for each in package["resources"]}
    except FileNotFoundError:
        yield f"{PACKAGE}: missing"
        return
    except (ValueError, KeyError, TypeError):
        yield f"{PACKAGE}: is no data package"
        return
    for name in sorted(TABLES.keys() ^ described.keys()):
        yield f"{PACKAGE}: table {name} is {'missing' if name in TABLES else 'unknown'}"
    for name in TABLES.keys() & described.keys():
        paths = files_of(folder, name)
        rows = sum(pq.read_metadata(path).num_rows for path in paths)
        facts = {
            "path": stated_path(folder, name),
            "rows": rows,
            "bytes": sum(path.stat().st_size for path in paths),
            "hash": "".join(f"sha256:{sha256_of(path)}" for path in paths),
        }
        for fact, true in facts.items():
            if described[name].get(fact) != true:
                yield f"{PACKAGE}: {fact} of {name} is not {true}"
        fields = [
            field.get("name") for field in described[name].get("schema", {}).get("fields", ())
        ]
        if fields != arrow_schema(TABLES[name]).names:
            yield f"{PACKAGE}: fields of {name} are not its columns"
