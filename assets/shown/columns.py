"""Columns as the page shows them: Dagster's schema and lineage, and one table of both that people can read.

What belongs here: the forms. What must not: which columns there are and what they are made from
(assets.steps.columns).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from assets.shown.tables import table
from assets.steps.columns import Column, Origin, traced


def columns_metadata(
    columns: Sequence[Column], lineage: Mapping[Origin, Sequence[Origin]] | None = None
) -> dict[str, Any]:
    """Schema, lineage and the table of a node; nothing where it has no columns yet.

    :param lineage: every column of the case with what it is made from, by which the table leads back to the sender.
    """
    if not columns:
        return {}
    shown: dict[str, Any] = {"dagster/column_schema": schema(columns)}
    if any(column.origins for column in columns):
        shown["dagster/column_lineage"] = dg.TableColumnLineage(
            {column.name: [_dependency(origin) for origin in column.origins] for column in columns if column.origins}
        )
        shown["columns_and_where_they_come_from"] = dg.MetadataValue.md(lineage_table(columns, lineage or {}))
    return shown


def schema(columns: Sequence[Column]) -> dg.TableSchema:
    """The columns with type and meaning."""
    return dg.TableSchema(
        [dg.TableColumn(column.name, column.type or "text", column.said or None) for column in columns]
    )


def lineage_table(columns: Sequence[Column], lineage: Mapping[Origin, Sequence[Origin]]) -> str:
    """A column a line: what it is, what it is made from, and the holder's file or register that it came in with."""
    rows = []
    for column in columns:
        ends = [end for origin in column.origins for end in traced(lineage, origin)]
        first = ", ".join(dict.fromkeys(map(_written, ends)))
        rows.append((column.name, column.said, ", ".join(map(_written, column.origins)), first))
    return table(["column", "what it is", "made from", "came in as"], rows)


def _dependency(origin: Origin) -> dg.TableColumnDep:
    node, column = origin
    return dg.TableColumnDep(asset_key=dg.AssetKey(node.split("/")), column_name=column)


def _written(origin: Origin) -> str:
    return f"{origin[0]}: {origin[1]}"
