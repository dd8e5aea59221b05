"""Field types that the request models share; each says its unit in the published schema."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _spelled_as(pattern: re.Pattern[str], example: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        # The reader also takes numbers as seconds since 1970; here they are mistakes.
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(f"write it as {example}")
        return value

    return BeforeValidator(check)


def _in_range(value: datetime) -> datetime:
    # The first and last days leave the calendar when shifted to UTC.
    if not 1900 <= value.year <= 2999:  # noqa: PLR2004
        raise ValueError("the year is between 1900 and 2999")
    return value


Instant = Annotated[
    AwareDatetime,
    Field(strict=False),
    _spelled_as(_INSTANT, "2026-11-20T09:00:00+01:00"),
    AfterValidator(_in_range),
]
Day = Annotated[date, Field(strict=False), _spelled_as(_DAY, "2026-11-20")]
# Beyond this, JavaScript and other readers of JSON round.
SAFE_INTEGER = 2**53 - 1
MinorUnits = Annotated[
    int,
    Field(ge=-SAFE_INTEGER, le=SAFE_INTEGER, description="Integer in the currency's minor units."),
]


class Body(BaseModel):
    """A request body: unknown names are refused, and types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def arguments(self) -> dict[str, Any]:
        """What the caller stated, as JSON values: the arguments of the SQL function."""
        return self.model_dump(mode="json", exclude_unset=True)


class KeyedBody(Body):
    """A body whose request may carry its idempotency key inside."""

    idempotency_key: str | None = Field(
        default=None,
        pattern=r"^[!-~]{1,255}$",
        description="Same as the Idempotency-Key header: 1 to 255 visible ASCII characters.",
    )


class Row(BaseModel):
    """Documents an answer. Answers are the database's rows, passed on as they are."""

    model_config = ConfigDict(extra="allow")
