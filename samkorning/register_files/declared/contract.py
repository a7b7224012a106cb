"""What a sender has promised about a file: its form, its columns and how much damage is tolerated.

What belongs here: the contract per file as a part of the order's specification, and the refusal of contracts that
contradict themselves. What must not: reading (the format modules) and judging values (value_rules).
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

ColumnType = Literal["text", "integer", "decimal", "date", "boolean"]
FormatName = Literal[
    "auto", "delimited", "fixed_width", "excel", "parquet", "arrow", "json_lines",
    "sas", "sas_transport", "spss", "spss_portable", "stata", "old_excel",
]  # fmt: skip
EncodingName = Literal["auto", "utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "cp850", "mac_roman"]
DateShape = Literal[
    "YYYY-MM-DD", "YYYYMMDD", "YYYYMM00", "YYYY0000", "YYYY-MM", "YYYYMM", "YYYY", "YYWW", "YYYYWW",
    "DD.MM.YYYY", "DD/MM/YYYY", "YYYY-MM-DD hh:mm:ss",
]  # fmt: skip


def _tabulator(value: object) -> object:
    return "\t" if value == "tab" else value


Separator = Annotated[Literal["auto", ";", "\t", ",", "|"], BeforeValidator(_tabulator)]


class ColumnContract(BaseModel):
    """One column as its sender has declared it. Values stay text; the contract only says what text is right."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str = Field(
        min_length=1,
        pattern=r"^[^~*^]|^\*.|^\^.*[^$]$",  # others are patterns, or the service's own columns while it works
        description="Name of the column, neither with `~` in front nor `*` nor `^…$`; found in the file without "
        "regard to case.",
    )
    label: str = Field(default="", description="What the variable means, in plain words (klartext).")
    type: ColumnType = Field(default="text", description="What the text of the column should read as.")
    optional: bool = Field(default=False, description="Whether the whole column may be absent from the file.")
    required: bool = Field(default=False, description="Whether every row must have a value in this column.")
    max_length: int | None = Field(default=None, ge=1, description="The most characters a value may have.")
    pattern: str | None = Field(default=None, description="A regular expression that the whole value must match.")
    codes: tuple[str, ...] = Field(default=(), description="The only values allowed; empty when any value is.")
    start: int | None = Field(default=None, ge=1, description="First character of the column in fixed width, from 1.")
    width: int | None = Field(default=None, ge=1, description="How many characters the column has in fixed width.")
    padding: Literal["right", "left", "none"] = Field(
        default="right", description="On which side of a value the layout fills a fixed width with spaces."
    )
    decimal_mark: Literal[".", ","] = Field(default=".", description="Mark between whole number and decimals.")
    date_shapes: tuple[DateShape, ...] = Field(
        default=("YYYY-MM-DD",), min_length=1, description="The shapes a date may have, partial dates included."
    )
    true_values: tuple[str, ...] = Field(default=("True", "true", "1"), description="Texts that mean yes.")
    false_values: tuple[str, ...] = Field(default=("False", "false", "0"), description="Texts that mean no.")

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, pattern: str | None) -> str | None:
        import polars as pl  # here alone: an order without patterns is read without it

        try:
            pl.Series([""]).str.contains(pattern or "")
        except pl.exceptions.ComputeError:
            raise ValueError("the pattern is no regular expression") from None
        return pattern


class FileContract(BaseModel):
    """One file as its sender has declared it. Without arguments it promises nothing and everything is found out."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name_pattern: str | None = Field(
        default=None,
        min_length=1,
        description="Pattern of the file's own name, such as `SYNT_Lev_lisa_*.txt`; `*` stands for any letters and `?` "
        "for one, in upper or lower case. A file of another name is refused.",
    )
    format: FormatName = Field(default="auto", description="Form of the file; auto goes by its name and content.")
    encoding: EncodingName = Field(default="auto", description="Character encoding of text; auto finds it by rule.")
    separator: Separator = Field(default="auto", description="Character between fields; auto finds it in the file.")
    header: bool = Field(default=True, description="Whether the first row holds names; if not, columns go in order.")
    skip_rows: int = Field(default=0, ge=0, description="How many rows stand above the header or the first data row.")
    sheet: str | None = Field(default=None, description="Sheet of a workbook; needed where it has several.")
    member: str | None = Field(
        default=None,
        min_length=1,
        description="Pattern of the file's name inside an archive of several files, such as `par_*.csv`; a pattern "
        "with a slash is held against its whole path.",
    )
    columns: tuple[ColumnContract, ...] = Field(default=(), description="The declared columns.")
    undeclared_columns: bool = Field(default=True, description="Whether the file may have columns beside these.")
    declared_rows: int | None = Field(
        default=None, ge=0, description="How many rows the sender says that the file has; compared when it is read."
    )
    missing_values: tuple[str, ...] = Field(
        default=("",), description="Texts that mean that a value is missing, beside the empty cell."
    )
    other_identifying: Literal["block", "drop", "accept"] = Field(
        default="block",
        description="What becomes of columns, beside the identity columns, that hold what looks like identity numbers "
        "or whose names suggest a name, an address, a telephone number or an e-mail address: the file is refused, "
        "their values are dropped, or they are accepted and counted.",
    )
    tolerance: float = Field(
        default=0.0, ge=0, le=1, description="Share of rows that may be refused without refusing the whole file."
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [column.name.casefold() for column in self.columns]
        if len(set(names)) < len(names):
            raise ValueError("two declared columns have the same name but for case")
        if not self.header and not self.columns:
            raise ValueError("a file without a header needs its columns declared in order")
        if self.format == "fixed_width" and not all(column.start and column.width for column in self.columns):
            raise ValueError("fixed width needs the start and width of every column")
        if self.format == "fixed_width" and not self.columns:
            raise ValueError("fixed width needs a layout of columns")
        return self
