"""What the reports function takes and answers. Names are those of the SQL functions."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.models import Body, KeyedBody, Row

SHORTEST_SECONDS = 60
LONGEST_SECONDS = 300


class Finish(KeyedBody):
    """Nothing but the address says what has been uploaded."""


class Sweep(KeyedBody):
    """Which files are orphans, the database knows."""


class DownloadQuery(Body):
    """For how long the address is good."""

    expires_in: int = Field(
        default=SHORTEST_SECONDS, ge=SHORTEST_SECONDS, le=LONGEST_SECONDS, description="Seconds."
    )


class ClientReport(Row):
    """A document of a client, one version of it."""

    id: UUID
    organization_id: UUID
    client_id: UUID
    appointment_id: UUID | None = None
    previous_id: UUID | None = Field(default=None, description="The version before this one.")
    version: int
    title: str
    file_name: str
    content_type: str
    size_bytes: int
    sha256: str | None = Field(default=None, description="Digest of the stored content.")
    visible_to_client: bool
    status: Literal["pending", "stored", "refused", "archived"]
    storage_path: str = Field(description="Name in the bucket client-reports.")


class Download(Row):
    """Where to fetch a document, for a little while and by whoever holds the address."""

    url: str = Field(description="Answers the file as an attachment. Do not pass it on.")
    expires_in: int = Field(description="Seconds for which the address is good.")
    report_id: UUID
    file_name: str
    content_type: str
    size_bytes: int
    sha256: str


class Swept(Row):
    """What was removed."""

    removed_count: int
