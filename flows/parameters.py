"""What several flows are told, described once: it is what Prefect's pages show beside each field."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import GetJsonSchemaHandler, PositiveInt
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Described:
    """What a parameter means. Prefect drops the description of an annotation's ``Field``, but keeps this one's."""

    text: str

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The type's schema with the description in it."""
        return handler(schema) | {"description": self.text}


LakePlace = Annotated[
    str | None,
    Described("Folder of the lake, or s3://bucket/prefix; by default as the worker's settings say."),
]
SourcesFolder = Annotated[
    Path | None, Described("Folder of the sources' files; by default as the worker's settings say.")
]
OnlySources = Annotated[list[str] | None, Described("Ids of the sources to ask; all by default.")]
Workers = Annotated[PositiveInt | None, Described("Processes that extract; one a core by default.")]
CapturedSince = Annotated[
    datetime | None, Described("Captures taken from then on; UTC unless it says otherwise.")
]
CapturedUntil = Annotated[datetime | None, Described("Captures taken before then.")]
