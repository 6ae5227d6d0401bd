"""What several flows are told, described once: it is what Prefect's pages show beside each field."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveInt

LakePlace = Annotated[
    str | None,
    Field(description="Folder of the lake, or s3://bucket/prefix; by default as the worker's settings say."),
]
SourcesFolder = Annotated[
    Path | None, Field(description="Folder of the sources' files; by default as the worker's settings say.")
]
Workers = Annotated[PositiveInt | None, Field(description="Processes that extract; one a core by default.")]
CapturedSince = Annotated[
    datetime | None, Field(description="Captures taken from then on; UTC unless it says otherwise.")
]
CapturedUntil = Annotated[datetime | None, Field(description="Captures taken before then.")]
