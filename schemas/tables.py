"""The nine tables: one pydantic model a table, one described field a column.

What a column is called, holds and means is said here and nowhere else; the Arrow
schemas, the JSON Schemas and the data dictionary all follow from these models.  The same
meaning has the same name in every table: `document_id`, `passage_id`,
`start_char`, `end_char`, `text`, `method`, `rule_id`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

RecordId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{20}$")]
PassageId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{20}:\d+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Offset = Annotated[int, Field(ge=0, lt=2**31)]
Count = Annotated[int, Field(ge=0, lt=2**31)]
NonEmpty = Annotated[str, StringConstraints(min_length=1)]
Party = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,9}$")]
Alpha3 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
LabelKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
Edtf = Annotated[str, StringConstraints(pattern=r"^[-0-9X/.~?%T:+Z]+$")]

# An amount of 10^18 and more is refused: sums over such values overflow
# decimal128(38, 9) in DuckDB and Polars.
Amount = Annotated[Decimal, Field(gt=Decimal(-(10**18)), lt=Decimal(10**18), decimal_places=9)]

SourceStatus = Literal["processed", "quarantined", "skipped"]
Reason = Literal[
    "empty",
    "too_short",
    "no_text",
    "undecodable",
    "nul_bytes",
    "binary",
    "not_plain_text",
    "too_large",
    "too_long_line",
    "markup_too_deep",
    "control_characters",
    "not_regular_file",
    "outside_raw",
    "broken_link",
    "unreadable",
    "bad_file_name",
    "archive_bomb",
    "bad_metadata",
    "malformed",
    "no_article",
    "redirect",
    "other_namespace",
    "hidden_or_temporary",
    "metadata_file",
    "changed_while_reading",
    "vanished",
    "crashed_extractor",
    "timed_out",
]
Format = Literal["text", "markdown", "html", "wikitext", "json", "dump"]
PublishedBasis = Literal["metadata", "header", "dateline", "file_name", "none"]
PassageKind = Literal[
    "title",
    "heading",
    "paragraph",
    "list_item",
    "table_row",
    "metadata",
    "boilerplate",
    "caption",
]
RepeatKind = Literal["exact", "near"]
EntityLabel = Literal[
    "PERSON",
    "NORP",
    "FAC",
    "ORG",
    "GPE",
    "LOC",
    "PRODUCT",
    "EVENT",
    "WORK_OF_ART",
    "LAW",
    "LANGUAGE",
]
Method = Literal["model", "rule", "model+rule"]
Granularity = Literal[
    "day",
    "week",
    "month",
    "quarter",
    "half",
    "season",
    "year",
    "decade",
    "century",
    "interval",
    "duration",
    "set",
    "vague",
    "unresolved",
    "impossible",
]
DateModifier = Literal[
    "about", "start", "early", "mid", "late", "end", "before", "after", "since", "until", "by"
]
Anchor = Literal["stated", "published", "context"]
Qualifier = Literal["exact", "about", "over", "under", "up_to"]
CurrencyBasis = Literal["stated", "symbol_default", "document_hint", "publisher_country"]
Role = Literal["from", "to"]
PartnershipStatus = Literal["in_force", "established", "upgraded", "proposed", "negated", "ended"]
Instrument = Literal[
    "joint_declaration",
    "joint_statement",
    "declaration",
    "treaty",
    "charter",
    "agreement",
    "memorandum",
    "communique",
]
Contradiction = Literal["since", "negated", "ended"]
FindingTable = Literal["entities", "dates", "money", "partnerships"]


class Row(BaseModel):
    """A row of some table: frozen, no unknown column, values already of their type.

    `key` names the columns that tell the rows of the table apart, `order` the
    columns by which a published table is sorted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    order: ClassVar[tuple[str, ...]] = ("document_id", "start_char")

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Names of the columns as published: the key first, then as the model states them.

        Example:
            >>> DateRow.columns()[:3]
            ('date_id', 'document_id', 'passage_id')
        """
        return (*cls.key, *(name for name in cls.model_fields if name not in cls.key))


class SourceRow(Row):
    """One file that was found below `raw/`, or a record in a file of many, read or not."""

    table: ClassVar[str] = "sources"
    key: ClassVar[tuple[str, ...]] = ("path", "record")
    order: ClassVar[tuple[str, ...]] = ("path", "record")

    path: NonEmpty = Field(
        description="Path below `raw/`, with `/`; bytes that are not UTF-8 are percent-encoded."
    )
    record: Count = Field(
        description="Number of the record inside a many-record file, from 0; 0 otherwise."
    )
    bytes: int | None = Field(
        ge=0, description="Size of the file or record in bytes; null if it could not be read."
    )
    sha256: Sha256 | None = Field(
        description="SHA-256 of those bytes; null if they could not be read."
    )
    status: SourceStatus = Field(
        description="`processed`: its document is in the tables. `quarantined`: refused, see "
        "`reason`. `skipped`: not meant to be read."
    )
    reason: Reason | None = Field(
        description="Why it was not processed, from a closed list; null when it was."
    )
    message: str | None = Field(
        description="The reason in a sentence that says what to do; null when it was processed."
    )
    document_id: RecordId | None = Field(
        description="The document that it holds; null when it was not processed."
    )


class DocumentRow(Row):
    """One text; files with the same bytes share it."""

    table: ClassVar[str] = "documents"
    key: ClassVar[tuple[str, ...]] = ("document_id",)
    order: ClassVar[tuple[str, ...]] = ("document_id",)

    document_id: RecordId = Field(
        description="The start of the SHA-256 of its bytes, 20 digits; it outlives a rename."
    )
    title: str | None = Field(description="Title as stated or as set in the first line.")
    publisher: str | None = Field(
        description="Agency, newspaper or ministry that published it, as stated."
    )
    byline: str | None = Field(description="Author or desk as stated.")
    category: str | None = Field(description="Rubric as stated, such as Politics.")
    url: str | None = Field(description="Address of the page, as stated in its metadata.")
    published_date: dt.date | None = Field(
        description="Day of publication; null when the document does not state it."
    )
    published_edtf: Edtf | None = Field(
        description="Publication as far as it is known: the day, else the month or the year, in "
        "EDTF; null when nothing is."
    )
    published_time: dt.time | None = Field(
        description="Clock time of publication as stated, without a time zone."
    )
    published_basis: PublishedBasis = Field(
        description="Where `published_edtf` comes from; `none` when it is null."
    )
    issuer: Alpha3 | None = Field(
        description="ISO 3166-1 alpha-3 code of the state whose page it is: who `we` is."
    )
    language: NonEmpty | None = Field(
        description="ISO 639-1 code of the language most of its text is in; null if unknown."
    )
    format: Format = Field(
        description="What the bytes were read as; `json` is an article of a JSON file, `dump` a "
        "page of a MediaWiki dump."
    )
    encoding: NonEmpty = Field(description="Encoding that the bytes were decoded from.")
    repairs: tuple[str, ...] = Field(
        description="Names of the repairs made to the text before anything had an offset."
    )
    dropped: NonEmpty | None = Field(
        description="What the reader left out of the bytes, by kind with counts; null when nothing."
    )
    text: NonEmpty = Field(
        description="The published text; all offsets count its Unicode code points."
    )
    passage_count: Count = Field(description="Rows of `passages` for this document.")
    repeat_count: Count = Field(description="Those of them that repeat another passage.")


class PassageRow(Row):
    """One block of a text, such as a heading, a paragraph or a row of a table."""

    table: ClassVar[str] = "passages"
    key: ClassVar[tuple[str, ...]] = ("passage_id",)

    passage_id: PassageId = Field(description="`document_id`, a colon, `start_char`.")
    document_id: RecordId = Field(description="The document it stands in.")
    position: Count = Field(description="Number of the passage in its document, from 0.")
    kind: PassageKind = Field(description="What sort of block it is.")
    section: str | None = Field(
        description="Headings above it, outermost first, joined by ` > `; null at the top."
    )
    language: NonEmpty | None = Field(
        description="ISO 639-1 code of its language, or `und`; null where there are no words."
    )
    start_char: Offset = Field(description="First code point of the passage in the document.")
    end_char: Offset = Field(description="One past its last code point.")
    text: NonEmpty = Field(description="The words of the span, exactly.")
    repeat_of: PassageId | None = Field(
        description="The passage it repeats, whose records speak for it; null when it is kept."
    )
    repeat_kind: RepeatKind | None = Field(
        description="`exact`: the same words. `near`: the same facts in other words."
    )
    similarity: float | None = Field(
        ge=0, le=1, description="How alike the two are, from 0 to 1; null when it is kept."
    )


class Mention(Row):
    """What the four tables of findings share: where it stands and what found it."""

    document_id: RecordId = Field(description="The document it stands in.")
    passage_id: PassageId = Field(description="The passage it stands in.")
    start_char: Offset = Field(description="First code point of the span in the document.")
    end_char: Offset = Field(description="One past its last code point.")
    text: NonEmpty = Field(description="The words of the span, exactly.")
    method: Method = Field(
        description="`model`: found by the language model. `rule`: found by a rule. "
        "`model+rule`: found by the model and mended by a rule."
    )
    rule_id: NonEmpty = Field(
        description="The rule that found or last mended it; the model's name if none did."
    )


class EntityRow(Mention):
    """One mention of a person, place, organisation or other named thing."""

    table: ClassVar[str] = "entities"
    key: ClassVar[tuple[str, ...]] = ("entity_id",)

    entity_id: RecordId = Field(description="Hash of document, kind, span and label.")
    label: EntityLabel = Field(description="OntoNotes entity type.")
    name: NonEmpty = Field(description="The name with white space and case normalised.")
    country_code: Party | None = Field(
        description="ISO 3166-1 alpha-3 code of the state (XKX for Kosovo, SUN, DDR, YUG, CSK for "
        "former ones) or the acronym of the organisation of states that is named."
    )
    wikidata_id: Annotated[str, StringConstraints(pattern=r"^Q\d+$")] | None = Field(
        description="Wikidata item of that state or organisation."
    )
    speaks_for: Party | None = Field(
        description="Code of the state, or of the union of states, whose government a town or "
        "house stands for in its sentence, as `Beijing agreed` does for CHN; null for plain "
        "places, and for names with a country_code of their own."
    )


class DateRow(Mention):
    """One mention of a time that can stand on a calendar, or a stated reason why it cannot."""

    table: ClassVar[str] = "dates"
    key: ClassVar[tuple[str, ...]] = ("date_id",)

    date_id: RecordId = Field(description="Hash of document, kind, span and value.")
    edtf: Edtf | None = Field(
        description="The value in Extended Date/Time Format (ISO 8601-2), no more precise than "
        "the words; null when they name no point or stretch of the calendar."
    )
    start_date: dt.date | None = Field(
        description="First day covered; null when open, unknown or before the year 1."
    )
    end_date: dt.date | None = Field(
        description="Last day covered; null when open, unknown or before the year 1."
    )
    granularity: Granularity = Field(
        description="Unit of the value; for a null value the reason: `duration`, `set`, `vague`, "
        "`unresolved` (needs a date that the document lacks) or `impossible`."
    )
    modifier: DateModifier | None = Field(
        description="Word that bends the value, such as `early` or `since`."
    )
    anchor: Anchor = Field(
        description="`stated`: the words alone give the value. `published`: they need the day of "
        "publication. `context`: they need another date of the text."
    )
    anchor_date: dt.date | None = Field(
        description="The date it was resolved against; null when it was stated."
    )


class MoneyRow(Mention):
    """One amount of money, in full units of its currency."""

    table: ClassVar[str] = "money"
    key: ClassVar[tuple[str, ...]] = ("money_id",)

    money_id: RecordId = Field(description="Hash of document, kind, span and value.")
    amount: Amount | None = Field(
        description="The amount, or the lower end of a range, exact; null for `billions of euros`."
    )
    amount_max: Amount | None = Field(description="Upper end of a range; null otherwise.")
    currency: Alpha3 | None = Field(description="ISO 4217 code; null when it cannot be told.")
    currency_is_assumed: bool = Field(
        description="True when the words leave the currency open, as a bare dollar sign does."
    )
    currency_basis: CurrencyBasis = Field(description="What `currency` rests on.")
    qualifier: Qualifier = Field(description="How the words bound the amount.")
    role: Role | None = Field(description="`from` or `to` in a stated change; null otherwise.")
    per: str | None = Field(description="What the amount is for one of, such as `barrel`.")


class PartnershipRow(Mention):
    """One statement about one partnership label and its parties."""

    table: ClassVar[str] = "partnerships"
    key: ClassVar[tuple[str, ...]] = ("partnership_id",)

    partnership_id: RecordId = Field(description="Hash of document, span, label and parties.")
    label: LabelKey = Field(description="The words of the label as a key, in the singular.")
    tier: LabelKey | None = Field(
        description="Family of the label, the same for spellings and word orders of one tier."
    )
    party_a: Party = Field(description="First party by alphabet: alpha-3 code or acronym.")
    party_b: Party = Field(description="Second party by alphabet.")
    parties: tuple[Party, ...] = Field(
        min_length=2, description="All parties by alphabet; two but for a relation of several."
    )
    status: PartnershipStatus = Field(description="What the statement says of the relation.")
    since: Edtf | None = Field(
        description="When it was made or raised, as EDTF, where this very statement says so."
    )
    since_date: dt.date | None = Field(description="First day of `since`.")
    action: NonEmpty | None = Field(
        description="Lemma of the verb that tells what is done, such as `elevate`."
    )
    scope: NonEmpty | None = Field(
        description="Field that the label is limited to, such as `gas`; null for the whole "
        "relation."
    )
    instrument: Instrument | None = Field(
        description="Kind of document that makes it, as stated in the evidence."
    )
    evidence_start_char: Offset = Field(description="First code point of the evidence.")
    evidence_end_char: Offset = Field(description="One past its last code point.")
    evidence_text: NonEmpty = Field(
        description="The sentence, heading or table row that holds the statement, exactly."
    )


class RelationRow(Row):
    """One relation: what all statements about the same parties and label say together."""

    table: ClassVar[str] = "relations"
    key: ClassVar[tuple[str, ...]] = ("relation_id",)
    order: ClassVar[tuple[str, ...]] = ("parties", "label")

    relation_id: RecordId = Field(description="Hash of parties and label.")
    party_a: Party = Field(description="First party by alphabet: alpha-3 code or acronym.")
    party_b: Party = Field(description="Second party by alphabet.")
    parties: tuple[Party, ...] = Field(
        min_length=2, description="All parties by alphabet; two but for a relation of several."
    )
    label: LabelKey = Field(description="The words of the label as a key, in the singular.")
    tier: LabelKey | None = Field(
        description="Family of the label, the same for spellings and word orders of one tier."
    )
    first_mention: dt.date | None = Field(
        description="Earliest day of publication of a document that speaks of it; null when no "
        "such document is dated."
    )
    last_mention: dt.date | None = Field(description="Latest day of publication likewise.")
    first_since: Edtf | None = Field(
        description="Of the values of `since` that statements give, the one that begins first."
    )
    first_since_date: dt.date | None = Field(description="First day of `first_since`.")
    document_count: Count = Field(description="Documents that speak of it.")
    statement_count: Count = Field(
        description="Rows of `partnerships` about it: the statements, repeats left out."
    )
    in_force_count: Count = Field(description="Statements with the status `in_force`.")
    established_count: Count = Field(description="Statements with the status `established`.")
    upgraded_count: Count = Field(description="Statements with the status `upgraded`.")
    proposed_count: Count = Field(description="Statements with the status `proposed`.")
    negated_count: Count = Field(description="Statements with the status `negated`.")
    ended_count: Count = Field(description="Statements with the status `ended`.")
    since_claims: tuple[Edtf, ...] = Field(
        description="Every value of `since` that a statement gives, sorted; each is a claim."
    )
    contradictions: tuple[Contradiction, ...] = Field(
        description="Where statements speak against each other, none of them dropped. `since`: two "
        "values of which neither holds the other. `negated`: said not to exist, and to exist. "
        "`ended`: said to have ended, and in a later document to be in force."
    )
    partnership_id: RecordId = Field(
        description="An example: the statement in the document published first."
    )


class RejectRow(Row):
    """One finding that the gate refused."""

    table: ClassVar[str] = "rejects"
    key: ClassVar[tuple[str, ...]] = ("reject_id",)

    reject_id: RecordId = Field(description="Hash of document, table, span, field and reason.")
    table_name: FindingTable = Field(description="The table that the finding was meant for.")
    document_id: RecordId = Field(description="The document it stands in.")
    start_char: Offset = Field(description="First code point of the span in the document.")
    end_char: Offset = Field(description="One past its last code point.")
    text: NonEmpty = Field(description="The words of the span, exactly.")
    field: NonEmpty = Field(description="The column that was refused.")
    reason: NonEmpty = Field(description="Why, in a few words.")
    value: str | None = Field(description="The refused value as text.")


TABLES: dict[str, type[Row]] = {
    model.table: model
    for model in (
        SourceRow,
        DocumentRow,
        PassageRow,
        EntityRow,
        DateRow,
        MoneyRow,
        PartnershipRow,
        RelationRow,
        RejectRow,
    )
}
"""Row model of each table, in the order in which they are published."""
