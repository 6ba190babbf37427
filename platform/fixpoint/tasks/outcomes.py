"""What the ingest program says of an archive, held to its shape (docs/formats.md) before anything is believed of it.

Each is a ValueError where the shape is another: the report is refused, and the fault is ours.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0, lt=2**31)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Outcome(BaseModel):
    """More fields may stand there than are read here."""

    model_config = ConfigDict(frozen=True, strict=True)


class Named(Outcome):
    """One refusal or finding."""

    rule: str
    path: str
    detail: str


class Packed(Outcome):
    """Every image was read and packed, in whatever layout."""

    images: Count


class Ingested(Packed):
    """A participant's archive was read and packed."""

    counts: dict[str, dict[str, Count]]
    clutter: Count
    decoded_megapixels: float = Field(ge=0)
    dataset_digest: Digest
    findings: list[Named]
    finding_counts: dict[str, Count]
    sheet_cell: Count
    sheet_columns: Count
    sheet_rows: Count


class Refused(Outcome):
    """Reasons against an archive; the counts are exact where the list is cut."""

    refusals: list[Named]
    refusal_counts: dict[str, Count]
