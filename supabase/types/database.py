from __future__ import annotations

import datetime
import uuid
from typing import (
    Annotated,
    Any,
    List,
    Literal,
    Optional,
    TypedDict,
)
from typing_extensions import NotRequired, TypeAlias

from pydantic import BaseModel, Field, JsonValue

PublicAppointmentStatus: TypeAlias = Literal["pending", "confirmed", "in_progress", "completed", "cancelled", "no_show"]

PublicAuditAction: TypeAlias = Literal["insert", "update", "delete"]

PublicCreditEntryKind: TypeAlias = Literal["top_up", "adjustment", "spend", "refund", "expiry"]

PublicLateCancellationPolicy: TypeAlias = Literal["refuse", "keep_payment", "refund"]

PublicMemberRole: TypeAlias = Literal["owner", "admin", "receptionist", "practitioner"]

PublicPaymentStatus: TypeAlias = Literal["unpaid", "paid", "refunded", "invoiced"]

PublicRoomKind: TypeAlias = Literal["room", "equipment"]

PublicServiceMode: TypeAlias = Literal["in_person", "video"]

class PublicAppointmentBlocks(BaseModel):
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    id: uuid.UUID = Field(alias="id")
    interval_weeks: int = Field(alias="interval_weeks")
    occurrences: int = Field(alias="occurrences")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    service_id: uuid.UUID = Field(alias="service_id")
    starts_at: datetime.datetime = Field(alias="starts_at")

class PublicAppointmentBlocksInsert(TypedDict):
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    interval_weeks: Annotated[int, Field(alias="interval_weeks")]
    occurrences: Annotated[int, Field(alias="occurrences")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]
    service_id: Annotated[uuid.UUID, Field(alias="service_id")]
    starts_at: Annotated[datetime.datetime, Field(alias="starts_at")]

class PublicAppointmentBlocksUpdate(TypedDict):
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    interval_weeks: NotRequired[Annotated[int, Field(alias="interval_weeks")]]
    occurrences: NotRequired[Annotated[int, Field(alias="occurrences")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]
    service_id: NotRequired[Annotated[uuid.UUID, Field(alias="service_id")]]
    starts_at: NotRequired[Annotated[datetime.datetime, Field(alias="starts_at")]]

class PublicAppointments(BaseModel):
    block_id: Optional[uuid.UUID] = Field(alias="block_id")
    blocked_during: str = Field(alias="blocked_during")
    cancellation_reason: Optional[str] = Field(alias="cancellation_reason")
    cancelled_at: Optional[datetime.datetime] = Field(alias="cancelled_at")
    cancelled_by: Optional[uuid.UUID] = Field(alias="cancelled_by")
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    currency: str = Field(alias="currency")
    during: str = Field(alias="during")
    ends_at: datetime.datetime = Field(alias="ends_at")
    id: uuid.UUID = Field(alias="id")
    location_id: uuid.UUID = Field(alias="location_id")
    mode: PublicServiceMode = Field(alias="mode")
    note: Optional[str] = Field(alias="note")
    organization_id: uuid.UUID = Field(alias="organization_id")
    overlap_allowed_by: Optional[uuid.UUID] = Field(alias="overlap_allowed_by")
    overlap_reason: Optional[str] = Field(alias="overlap_reason")
    payment_status: PublicPaymentStatus = Field(alias="payment_status")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    price_amount: int = Field(alias="price_amount")
    revision: int = Field(alias="revision")
    room_id: Optional[uuid.UUID] = Field(alias="room_id")
    service_id: uuid.UUID = Field(alias="service_id")
    session_id: uuid.UUID = Field(alias="session_id")
    starts_at: datetime.datetime = Field(alias="starts_at")
    status: PublicAppointmentStatus = Field(alias="status")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicAppointmentsInsert(TypedDict):
    block_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="block_id")]]
    blocked_during: Annotated[str, Field(alias="blocked_during")]
    cancellation_reason: NotRequired[Annotated[Optional[str], Field(alias="cancellation_reason")]]
    cancelled_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="cancelled_at")]]
    cancelled_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="cancelled_by")]]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: Annotated[str, Field(alias="currency")]
    during: Annotated[str, Field(alias="during")]
    ends_at: NotRequired[Annotated[datetime.datetime, Field(alias="ends_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: Annotated[uuid.UUID, Field(alias="location_id")]
    mode: Annotated[PublicServiceMode, Field(alias="mode")]
    note: NotRequired[Annotated[Optional[str], Field(alias="note")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    overlap_allowed_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="overlap_allowed_by")]]
    overlap_reason: NotRequired[Annotated[Optional[str], Field(alias="overlap_reason")]]
    payment_status: NotRequired[Annotated[PublicPaymentStatus, Field(alias="payment_status")]]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]
    price_amount: Annotated[int, Field(alias="price_amount")]
    revision: NotRequired[Annotated[int, Field(alias="revision")]]
    room_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="room_id")]]
    service_id: Annotated[uuid.UUID, Field(alias="service_id")]
    session_id: Annotated[uuid.UUID, Field(alias="session_id")]
    starts_at: NotRequired[Annotated[datetime.datetime, Field(alias="starts_at")]]
    status: NotRequired[Annotated[PublicAppointmentStatus, Field(alias="status")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicAppointmentsUpdate(TypedDict):
    block_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="block_id")]]
    blocked_during: NotRequired[Annotated[str, Field(alias="blocked_during")]]
    cancellation_reason: NotRequired[Annotated[Optional[str], Field(alias="cancellation_reason")]]
    cancelled_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="cancelled_at")]]
    cancelled_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="cancelled_by")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    during: NotRequired[Annotated[str, Field(alias="during")]]
    ends_at: NotRequired[Annotated[datetime.datetime, Field(alias="ends_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: NotRequired[Annotated[uuid.UUID, Field(alias="location_id")]]
    mode: NotRequired[Annotated[PublicServiceMode, Field(alias="mode")]]
    note: NotRequired[Annotated[Optional[str], Field(alias="note")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    overlap_allowed_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="overlap_allowed_by")]]
    overlap_reason: NotRequired[Annotated[Optional[str], Field(alias="overlap_reason")]]
    payment_status: NotRequired[Annotated[PublicPaymentStatus, Field(alias="payment_status")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]
    price_amount: NotRequired[Annotated[int, Field(alias="price_amount")]]
    revision: NotRequired[Annotated[int, Field(alias="revision")]]
    room_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="room_id")]]
    service_id: NotRequired[Annotated[uuid.UUID, Field(alias="service_id")]]
    session_id: NotRequired[Annotated[uuid.UUID, Field(alias="session_id")]]
    starts_at: NotRequired[Annotated[datetime.datetime, Field(alias="starts_at")]]
    status: NotRequired[Annotated[PublicAppointmentStatus, Field(alias="status")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicAuditCheckpoints(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    hash: bytes = Field(alias="hash")
    number: int = Field(alias="number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicAuditCheckpointsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    hash: Annotated[bytes, Field(alias="hash")]
    number: Annotated[int, Field(alias="number")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicAuditCheckpointsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    hash: NotRequired[Annotated[bytes, Field(alias="hash")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicAuditEntries(BaseModel):
    action: PublicAuditAction = Field(alias="action")
    changes: Optional[JsonValue] = Field(alias="changes")
    changes_hash: bytes = Field(alias="changes_hash")
    client_id: Optional[uuid.UUID] = Field(alias="client_id")
    hash: Optional[bytes] = Field(alias="hash")
    id: int = Field(alias="id")
    number: Optional[int] = Field(alias="number")
    occurred_at: datetime.datetime = Field(alias="occurred_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    record_id: uuid.UUID = Field(alias="record_id")
    request_id: Optional[str] = Field(alias="request_id")
    role: str = Field(alias="role")
    table_name: str = Field(alias="table_name")
    user_id: Optional[uuid.UUID] = Field(alias="user_id")

class PublicAuditEntriesInsert(TypedDict):
    action: Annotated[PublicAuditAction, Field(alias="action")]
    changes: NotRequired[Annotated[Optional[JsonValue], Field(alias="changes")]]
    changes_hash: Annotated[bytes, Field(alias="changes_hash")]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    hash: NotRequired[Annotated[Optional[bytes], Field(alias="hash")]]
    id: NotRequired[Annotated[int, Field(alias="id")]]
    number: NotRequired[Annotated[Optional[int], Field(alias="number")]]
    occurred_at: NotRequired[Annotated[datetime.datetime, Field(alias="occurred_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    record_id: Annotated[uuid.UUID, Field(alias="record_id")]
    request_id: NotRequired[Annotated[Optional[str], Field(alias="request_id")]]
    role: Annotated[str, Field(alias="role")]
    table_name: Annotated[str, Field(alias="table_name")]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicAuditEntriesUpdate(TypedDict):
    action: NotRequired[Annotated[PublicAuditAction, Field(alias="action")]]
    changes: NotRequired[Annotated[Optional[JsonValue], Field(alias="changes")]]
    changes_hash: NotRequired[Annotated[bytes, Field(alias="changes_hash")]]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    hash: NotRequired[Annotated[Optional[bytes], Field(alias="hash")]]
    id: NotRequired[Annotated[int, Field(alias="id")]]
    number: NotRequired[Annotated[Optional[int], Field(alias="number")]]
    occurred_at: NotRequired[Annotated[datetime.datetime, Field(alias="occurred_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    record_id: NotRequired[Annotated[uuid.UUID, Field(alias="record_id")]]
    request_id: NotRequired[Annotated[Optional[str], Field(alias="request_id")]]
    role: NotRequired[Annotated[str, Field(alias="role")]]
    table_name: NotRequired[Annotated[str, Field(alias="table_name")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicBillingReportLines(BaseModel):
    appointment_id: uuid.UUID = Field(alias="appointment_id")
    client_id: uuid.UUID = Field(alias="client_id")
    client_name: str = Field(alias="client_name")
    currency: str = Field(alias="currency")
    ends_at: datetime.datetime = Field(alias="ends_at")
    line_number: int = Field(alias="line_number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    payment_status: PublicPaymentStatus = Field(alias="payment_status")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    practitioner_name: str = Field(alias="practitioner_name")
    price_amount: int = Field(alias="price_amount")
    report_id: uuid.UUID = Field(alias="report_id")
    service_id: uuid.UUID = Field(alias="service_id")
    service_name: str = Field(alias="service_name")
    starts_at: datetime.datetime = Field(alias="starts_at")
    status: PublicAppointmentStatus = Field(alias="status")

class PublicBillingReportLinesInsert(TypedDict):
    appointment_id: Annotated[uuid.UUID, Field(alias="appointment_id")]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    client_name: Annotated[str, Field(alias="client_name")]
    currency: Annotated[str, Field(alias="currency")]
    ends_at: Annotated[datetime.datetime, Field(alias="ends_at")]
    line_number: Annotated[int, Field(alias="line_number")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    payment_status: Annotated[PublicPaymentStatus, Field(alias="payment_status")]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]
    practitioner_name: Annotated[str, Field(alias="practitioner_name")]
    price_amount: Annotated[int, Field(alias="price_amount")]
    report_id: Annotated[uuid.UUID, Field(alias="report_id")]
    service_id: Annotated[uuid.UUID, Field(alias="service_id")]
    service_name: Annotated[str, Field(alias="service_name")]
    starts_at: Annotated[datetime.datetime, Field(alias="starts_at")]
    status: Annotated[PublicAppointmentStatus, Field(alias="status")]

class PublicBillingReportLinesUpdate(TypedDict):
    appointment_id: NotRequired[Annotated[uuid.UUID, Field(alias="appointment_id")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    client_name: NotRequired[Annotated[str, Field(alias="client_name")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    ends_at: NotRequired[Annotated[datetime.datetime, Field(alias="ends_at")]]
    line_number: NotRequired[Annotated[int, Field(alias="line_number")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    payment_status: NotRequired[Annotated[PublicPaymentStatus, Field(alias="payment_status")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]
    practitioner_name: NotRequired[Annotated[str, Field(alias="practitioner_name")]]
    price_amount: NotRequired[Annotated[int, Field(alias="price_amount")]]
    report_id: NotRequired[Annotated[uuid.UUID, Field(alias="report_id")]]
    service_id: NotRequired[Annotated[uuid.UUID, Field(alias="service_id")]]
    service_name: NotRequired[Annotated[str, Field(alias="service_name")]]
    starts_at: NotRequired[Annotated[datetime.datetime, Field(alias="starts_at")]]
    status: NotRequired[Annotated[PublicAppointmentStatus, Field(alias="status")]]

class PublicBillingReports(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    id: uuid.UUID = Field(alias="id")
    line_count: int = Field(alias="line_count")
    organization_id: uuid.UUID = Field(alias="organization_id")
    period_end: datetime.date = Field(alias="period_end")
    period_start: datetime.date = Field(alias="period_start")
    timezone: str = Field(alias="timezone")
    totals: JsonValue = Field(alias="totals")

class PublicBillingReportsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    line_count: Annotated[int, Field(alias="line_count")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    period_end: Annotated[datetime.date, Field(alias="period_end")]
    period_start: Annotated[datetime.date, Field(alias="period_start")]
    timezone: Annotated[str, Field(alias="timezone")]
    totals: Annotated[JsonValue, Field(alias="totals")]

class PublicBillingReportsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    line_count: NotRequired[Annotated[int, Field(alias="line_count")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    period_end: NotRequired[Annotated[datetime.date, Field(alias="period_end")]]
    period_start: NotRequired[Annotated[datetime.date, Field(alias="period_start")]]
    timezone: NotRequired[Annotated[str, Field(alias="timezone")]]
    totals: NotRequired[Annotated[JsonValue, Field(alias="totals")]]

class PublicBookingActivations(BaseModel):
    day: datetime.date = Field(alias="day")
    is_open: bool = Field(alias="is_open")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    set_at: datetime.datetime = Field(alias="set_at")
    set_by: Optional[uuid.UUID] = Field(alias="set_by")

class PublicBookingActivationsInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    is_open: Annotated[bool, Field(alias="is_open")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]
    set_at: NotRequired[Annotated[datetime.datetime, Field(alias="set_at")]]
    set_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="set_by")]]

class PublicBookingActivationsUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    is_open: NotRequired[Annotated[bool, Field(alias="is_open")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]
    set_at: NotRequired[Annotated[datetime.datetime, Field(alias="set_at")]]
    set_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="set_by")]]

class PublicClientNotes(BaseModel):
    body: str = Field(alias="body")
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicClientNotesInsert(TypedDict):
    body: Annotated[str, Field(alias="body")]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicClientNotesUpdate(TypedDict):
    body: NotRequired[Annotated[str, Field(alias="body")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicClients(BaseModel):
    archived_at: Optional[datetime.datetime] = Field(alias="archived_at")
    birth_date: Optional[datetime.date] = Field(alias="birth_date")
    created_at: datetime.datetime = Field(alias="created_at")
    email: Optional[str] = Field(alias="email")
    family_name: str = Field(alias="family_name")
    given_name: str = Field(alias="given_name")
    id: uuid.UUID = Field(alias="id")
    locale: Optional[str] = Field(alias="locale")
    organization_id: uuid.UUID = Field(alias="organization_id")
    phone: Optional[str] = Field(alias="phone")
    search_text: str = Field(alias="search_text")
    timezone: Optional[str] = Field(alias="timezone")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: Optional[uuid.UUID] = Field(alias="user_id")

class PublicClientsInsert(TypedDict):
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    birth_date: NotRequired[Annotated[Optional[datetime.date], Field(alias="birth_date")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    family_name: Annotated[str, Field(alias="family_name")]
    given_name: Annotated[str, Field(alias="given_name")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    search_text: NotRequired[Annotated[str, Field(alias="search_text")]]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicClientsUpdate(TypedDict):
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    birth_date: NotRequired[Annotated[Optional[datetime.date], Field(alias="birth_date")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    family_name: NotRequired[Annotated[str, Field(alias="family_name")]]
    given_name: NotRequired[Annotated[str, Field(alias="given_name")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    search_text: NotRequired[Annotated[str, Field(alias="search_text")]]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicCreditAccounts(BaseModel):
    balance_amount: int = Field(alias="balance_amount")
    client_id: uuid.UUID = Field(alias="client_id")
    currency: str = Field(alias="currency")
    last_number: int = Field(alias="last_number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    overdraft_amount: int = Field(alias="overdraft_amount")

class PublicCreditAccountsInsert(TypedDict):
    balance_amount: NotRequired[Annotated[int, Field(alias="balance_amount")]]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    currency: Annotated[str, Field(alias="currency")]
    last_number: NotRequired[Annotated[int, Field(alias="last_number")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    overdraft_amount: NotRequired[Annotated[int, Field(alias="overdraft_amount")]]

class PublicCreditAccountsUpdate(TypedDict):
    balance_amount: NotRequired[Annotated[int, Field(alias="balance_amount")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    last_number: NotRequired[Annotated[int, Field(alias="last_number")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    overdraft_amount: NotRequired[Annotated[int, Field(alias="overdraft_amount")]]

class PublicCreditAllocations(BaseModel):
    amount: int = Field(alias="amount")
    entry_id: uuid.UUID = Field(alias="entry_id")
    lot_id: uuid.UUID = Field(alias="lot_id")
    organization_id: uuid.UUID = Field(alias="organization_id")

class PublicCreditAllocationsInsert(TypedDict):
    amount: Annotated[int, Field(alias="amount")]
    entry_id: Annotated[uuid.UUID, Field(alias="entry_id")]
    lot_id: Annotated[uuid.UUID, Field(alias="lot_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]

class PublicCreditAllocationsUpdate(TypedDict):
    amount: NotRequired[Annotated[int, Field(alias="amount")]]
    entry_id: NotRequired[Annotated[uuid.UUID, Field(alias="entry_id")]]
    lot_id: NotRequired[Annotated[uuid.UUID, Field(alias="lot_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]

class PublicCreditEntries(BaseModel):
    amount: int = Field(alias="amount")
    appointment_id: Optional[uuid.UUID] = Field(alias="appointment_id")
    balance_after_amount: int = Field(alias="balance_after_amount")
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    currency: str = Field(alias="currency")
    expires_at: Optional[datetime.datetime] = Field(alias="expires_at")
    id: uuid.UUID = Field(alias="id")
    kind: PublicCreditEntryKind = Field(alias="kind")
    number: int = Field(alias="number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    reason: Optional[str] = Field(alias="reason")

class PublicCreditEntriesInsert(TypedDict):
    amount: Annotated[int, Field(alias="amount")]
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    balance_after_amount: NotRequired[Annotated[int, Field(alias="balance_after_amount")]]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: Annotated[str, Field(alias="currency")]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: Annotated[PublicCreditEntryKind, Field(alias="kind")]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    reason: NotRequired[Annotated[Optional[str], Field(alias="reason")]]

class PublicCreditEntriesUpdate(TypedDict):
    amount: NotRequired[Annotated[int, Field(alias="amount")]]
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    balance_after_amount: NotRequired[Annotated[int, Field(alias="balance_after_amount")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: NotRequired[Annotated[PublicCreditEntryKind, Field(alias="kind")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    reason: NotRequired[Annotated[Optional[str], Field(alias="reason")]]

class PublicCreditLots(BaseModel):
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    currency: str = Field(alias="currency")
    entry_id: uuid.UUID = Field(alias="entry_id")
    expires_at: Optional[datetime.datetime] = Field(alias="expires_at")
    number: int = Field(alias="number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    remaining_amount: int = Field(alias="remaining_amount")

class PublicCreditLotsInsert(TypedDict):
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: Annotated[datetime.datetime, Field(alias="created_at")]
    currency: Annotated[str, Field(alias="currency")]
    entry_id: Annotated[uuid.UUID, Field(alias="entry_id")]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    number: Annotated[int, Field(alias="number")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    remaining_amount: Annotated[int, Field(alias="remaining_amount")]

class PublicCreditLotsUpdate(TypedDict):
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    entry_id: NotRequired[Annotated[uuid.UUID, Field(alias="entry_id")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    remaining_amount: NotRequired[Annotated[int, Field(alias="remaining_amount")]]

class PublicExtraHours(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    during: str = Field(alias="during")
    id: uuid.UUID = Field(alias="id")
    location_id: uuid.UUID = Field(alias="location_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")

class PublicExtraHoursInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    during: Annotated[str, Field(alias="during")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: Annotated[uuid.UUID, Field(alias="location_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]

class PublicExtraHoursUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    during: NotRequired[Annotated[str, Field(alias="during")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: NotRequired[Annotated[uuid.UUID, Field(alias="location_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]

class PublicInvitations(BaseModel):
    accepted_at: Optional[datetime.datetime] = Field(alias="accepted_at")
    accepted_by: Optional[uuid.UUID] = Field(alias="accepted_by")
    client_id: Optional[uuid.UUID] = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: uuid.UUID = Field(alias="created_by")
    display_name: Optional[str] = Field(alias="display_name")
    email: str = Field(alias="email")
    expires_at: datetime.datetime = Field(alias="expires_at")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    revoked_at: Optional[datetime.datetime] = Field(alias="revoked_at")
    role: Optional[PublicMemberRole] = Field(alias="role")
    token_hash: bytes = Field(alias="token_hash")

class PublicInvitationsInsert(TypedDict):
    accepted_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="accepted_at")]]
    accepted_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="accepted_by")]]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: Annotated[uuid.UUID, Field(alias="created_by")]
    display_name: NotRequired[Annotated[Optional[str], Field(alias="display_name")]]
    email: Annotated[str, Field(alias="email")]
    expires_at: Annotated[datetime.datetime, Field(alias="expires_at")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    revoked_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="revoked_at")]]
    role: NotRequired[Annotated[Optional[PublicMemberRole], Field(alias="role")]]
    token_hash: Annotated[bytes, Field(alias="token_hash")]

class PublicInvitationsUpdate(TypedDict):
    accepted_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="accepted_at")]]
    accepted_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="accepted_by")]]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[uuid.UUID, Field(alias="created_by")]]
    display_name: NotRequired[Annotated[Optional[str], Field(alias="display_name")]]
    email: NotRequired[Annotated[str, Field(alias="email")]]
    expires_at: NotRequired[Annotated[datetime.datetime, Field(alias="expires_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    revoked_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="revoked_at")]]
    role: NotRequired[Annotated[Optional[PublicMemberRole], Field(alias="role")]]
    token_hash: NotRequired[Annotated[bytes, Field(alias="token_hash")]]

class PublicLocations(BaseModel):
    address: Optional[str] = Field(alias="address")
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    is_active: bool = Field(alias="is_active")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    phone: Optional[str] = Field(alias="phone")
    timezone: str = Field(alias="timezone")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicLocationsInsert(TypedDict):
    address: NotRequired[Annotated[Optional[str], Field(alias="address")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    timezone: Annotated[str, Field(alias="timezone")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicLocationsUpdate(TypedDict):
    address: NotRequired[Annotated[Optional[str], Field(alias="address")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    timezone: NotRequired[Annotated[str, Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicMembers(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    display_name: str = Field(alias="display_name")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    role: PublicMemberRole = Field(alias="role")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicMembersInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    display_name: Annotated[str, Field(alias="display_name")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    role: Annotated[PublicMemberRole, Field(alias="role")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class PublicMembersUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    display_name: NotRequired[Annotated[str, Field(alias="display_name")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    role: NotRequired[Annotated[PublicMemberRole, Field(alias="role")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicOrganizationSettings(BaseModel):
    activation_required: bool = Field(alias="activation_required")
    auto_confirm: bool = Field(alias="auto_confirm")
    booking_horizon_days: int = Field(alias="booking_horizon_days")
    cancellation_window_minutes: int = Field(alias="cancellation_window_minutes")
    credit_overdraft_amount: int = Field(alias="credit_overdraft_amount")
    default_locale: str = Field(alias="default_locale")
    late_cancellation: PublicLateCancellationPolicy = Field(alias="late_cancellation")
    minimum_notice_minutes: int = Field(alias="minimum_notice_minutes")
    organization_id: uuid.UUID = Field(alias="organization_id")
    self_registration: bool = Field(alias="self_registration")
    slot_step_minutes: int = Field(alias="slot_step_minutes")
    updated_at: datetime.datetime = Field(alias="updated_at")
    updated_by: Optional[uuid.UUID] = Field(alias="updated_by")
    version: int = Field(alias="version")
    video_early_join_minutes: int = Field(alias="video_early_join_minutes")
    video_late_leave_minutes: int = Field(alias="video_late_leave_minutes")

class PublicOrganizationSettingsInsert(TypedDict):
    activation_required: NotRequired[Annotated[bool, Field(alias="activation_required")]]
    auto_confirm: NotRequired[Annotated[bool, Field(alias="auto_confirm")]]
    booking_horizon_days: NotRequired[Annotated[int, Field(alias="booking_horizon_days")]]
    cancellation_window_minutes: NotRequired[Annotated[int, Field(alias="cancellation_window_minutes")]]
    credit_overdraft_amount: NotRequired[Annotated[int, Field(alias="credit_overdraft_amount")]]
    default_locale: NotRequired[Annotated[str, Field(alias="default_locale")]]
    late_cancellation: NotRequired[Annotated[PublicLateCancellationPolicy, Field(alias="late_cancellation")]]
    minimum_notice_minutes: NotRequired[Annotated[int, Field(alias="minimum_notice_minutes")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    self_registration: NotRequired[Annotated[bool, Field(alias="self_registration")]]
    slot_step_minutes: NotRequired[Annotated[int, Field(alias="slot_step_minutes")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    updated_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="updated_by")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    video_early_join_minutes: NotRequired[Annotated[int, Field(alias="video_early_join_minutes")]]
    video_late_leave_minutes: NotRequired[Annotated[int, Field(alias="video_late_leave_minutes")]]

class PublicOrganizationSettingsUpdate(TypedDict):
    activation_required: NotRequired[Annotated[bool, Field(alias="activation_required")]]
    auto_confirm: NotRequired[Annotated[bool, Field(alias="auto_confirm")]]
    booking_horizon_days: NotRequired[Annotated[int, Field(alias="booking_horizon_days")]]
    cancellation_window_minutes: NotRequired[Annotated[int, Field(alias="cancellation_window_minutes")]]
    credit_overdraft_amount: NotRequired[Annotated[int, Field(alias="credit_overdraft_amount")]]
    default_locale: NotRequired[Annotated[str, Field(alias="default_locale")]]
    late_cancellation: NotRequired[Annotated[PublicLateCancellationPolicy, Field(alias="late_cancellation")]]
    minimum_notice_minutes: NotRequired[Annotated[int, Field(alias="minimum_notice_minutes")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    self_registration: NotRequired[Annotated[bool, Field(alias="self_registration")]]
    slot_step_minutes: NotRequired[Annotated[int, Field(alias="slot_step_minutes")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    updated_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="updated_by")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    video_early_join_minutes: NotRequired[Annotated[int, Field(alias="video_early_join_minutes")]]
    video_late_leave_minutes: NotRequired[Annotated[int, Field(alias="video_late_leave_minutes")]]

class PublicOrganizations(BaseModel):
    contact_email: Optional[str] = Field(alias="contact_email")
    created_at: datetime.datetime = Field(alias="created_at")
    currency: str = Field(alias="currency")
    id: uuid.UUID = Field(alias="id")
    locale: str = Field(alias="locale")
    name: str = Field(alias="name")
    slug: str = Field(alias="slug")
    timezone: str = Field(alias="timezone")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicOrganizationsInsert(TypedDict):
    contact_email: NotRequired[Annotated[Optional[str], Field(alias="contact_email")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    currency: Annotated[str, Field(alias="currency")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    locale: NotRequired[Annotated[str, Field(alias="locale")]]
    name: Annotated[str, Field(alias="name")]
    slug: Annotated[str, Field(alias="slug")]
    timezone: Annotated[str, Field(alias="timezone")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicOrganizationsUpdate(TypedDict):
    contact_email: NotRequired[Annotated[Optional[str], Field(alias="contact_email")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    locale: NotRequired[Annotated[str, Field(alias="locale")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    slug: NotRequired[Annotated[str, Field(alias="slug")]]
    timezone: NotRequired[Annotated[str, Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicPractitioners(BaseModel):
    biography: Optional[str] = Field(alias="biography")
    colour: str = Field(alias="colour")
    created_at: datetime.datetime = Field(alias="created_at")
    display_name: str = Field(alias="display_name")
    id: uuid.UUID = Field(alias="id")
    is_active: bool = Field(alias="is_active")
    organization_id: uuid.UUID = Field(alias="organization_id")
    title: Optional[str] = Field(alias="title")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: Optional[uuid.UUID] = Field(alias="user_id")

class PublicPractitionersInsert(TypedDict):
    biography: NotRequired[Annotated[Optional[str], Field(alias="biography")]]
    colour: NotRequired[Annotated[str, Field(alias="colour")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    display_name: Annotated[str, Field(alias="display_name")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    title: NotRequired[Annotated[Optional[str], Field(alias="title")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicPractitionersUpdate(TypedDict):
    biography: NotRequired[Annotated[Optional[str], Field(alias="biography")]]
    colour: NotRequired[Annotated[str, Field(alias="colour")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    display_name: NotRequired[Annotated[str, Field(alias="display_name")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    title: NotRequired[Annotated[Optional[str], Field(alias="title")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicProfiles(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    display_name: Optional[str] = Field(alias="display_name")
    locale: Optional[str] = Field(alias="locale")
    phone: Optional[str] = Field(alias="phone")
    timezone: Optional[str] = Field(alias="timezone")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicProfilesInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    display_name: NotRequired[Annotated[Optional[str], Field(alias="display_name")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicProfilesUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    display_name: NotRequired[Annotated[Optional[str], Field(alias="display_name")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicRooms(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    is_active: bool = Field(alias="is_active")
    kind: PublicRoomKind = Field(alias="kind")
    location_id: uuid.UUID = Field(alias="location_id")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicRoomsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    kind: NotRequired[Annotated[PublicRoomKind, Field(alias="kind")]]
    location_id: Annotated[uuid.UUID, Field(alias="location_id")]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicRoomsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    kind: NotRequired[Annotated[PublicRoomKind, Field(alias="kind")]]
    location_id: NotRequired[Annotated[uuid.UUID, Field(alias="location_id")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicServicePractitioners(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    service_id: uuid.UUID = Field(alias="service_id")

class PublicServicePractitionersInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]
    service_id: Annotated[uuid.UUID, Field(alias="service_id")]

class PublicServicePractitionersUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]
    service_id: NotRequired[Annotated[uuid.UUID, Field(alias="service_id")]]

class PublicServiceRooms(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    room_id: uuid.UUID = Field(alias="room_id")
    service_id: uuid.UUID = Field(alias="service_id")

class PublicServiceRoomsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    room_id: Annotated[uuid.UUID, Field(alias="room_id")]
    service_id: Annotated[uuid.UUID, Field(alias="service_id")]

class PublicServiceRoomsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    room_id: NotRequired[Annotated[uuid.UUID, Field(alias="room_id")]]
    service_id: NotRequired[Annotated[uuid.UUID, Field(alias="service_id")]]

class PublicServices(BaseModel):
    buffer_after_minutes: int = Field(alias="buffer_after_minutes")
    buffer_before_minutes: int = Field(alias="buffer_before_minutes")
    colour: str = Field(alias="colour")
    created_at: datetime.datetime = Field(alias="created_at")
    currency: str = Field(alias="currency")
    description: Optional[str] = Field(alias="description")
    duration_minutes: int = Field(alias="duration_minutes")
    id: uuid.UUID = Field(alias="id")
    is_active: bool = Field(alias="is_active")
    is_public: bool = Field(alias="is_public")
    mode: PublicServiceMode = Field(alias="mode")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    price_amount: int = Field(alias="price_amount")
    seats: int = Field(alias="seats")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicServicesInsert(TypedDict):
    buffer_after_minutes: NotRequired[Annotated[int, Field(alias="buffer_after_minutes")]]
    buffer_before_minutes: NotRequired[Annotated[int, Field(alias="buffer_before_minutes")]]
    colour: NotRequired[Annotated[str, Field(alias="colour")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    currency: Annotated[str, Field(alias="currency")]
    description: NotRequired[Annotated[Optional[str], Field(alias="description")]]
    duration_minutes: Annotated[int, Field(alias="duration_minutes")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    is_public: NotRequired[Annotated[bool, Field(alias="is_public")]]
    mode: NotRequired[Annotated[PublicServiceMode, Field(alias="mode")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    price_amount: NotRequired[Annotated[int, Field(alias="price_amount")]]
    seats: NotRequired[Annotated[int, Field(alias="seats")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicServicesUpdate(TypedDict):
    buffer_after_minutes: NotRequired[Annotated[int, Field(alias="buffer_after_minutes")]]
    buffer_before_minutes: NotRequired[Annotated[int, Field(alias="buffer_before_minutes")]]
    colour: NotRequired[Annotated[str, Field(alias="colour")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    description: NotRequired[Annotated[Optional[str], Field(alias="description")]]
    duration_minutes: NotRequired[Annotated[int, Field(alias="duration_minutes")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    is_public: NotRequired[Annotated[bool, Field(alias="is_public")]]
    mode: NotRequired[Annotated[PublicServiceMode, Field(alias="mode")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    price_amount: NotRequired[Annotated[int, Field(alias="price_amount")]]
    seats: NotRequired[Annotated[int, Field(alias="seats")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicTimeOff(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    during: str = Field(alias="during")
    id: uuid.UUID = Field(alias="id")
    location_id: Optional[uuid.UUID] = Field(alias="location_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: Optional[uuid.UUID] = Field(alias="practitioner_id")
    reason: Optional[str] = Field(alias="reason")
    room_id: Optional[uuid.UUID] = Field(alias="room_id")

class PublicTimeOffInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    during: Annotated[str, Field(alias="during")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="location_id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    practitioner_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="practitioner_id")]]
    reason: NotRequired[Annotated[Optional[str], Field(alias="reason")]]
    room_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="room_id")]]

class PublicTimeOffUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    during: NotRequired[Annotated[str, Field(alias="during")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="location_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    practitioner_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="practitioner_id")]]
    reason: NotRequired[Annotated[Optional[str], Field(alias="reason")]]
    room_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="room_id")]]

class PublicWorkingHours(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    end_time: datetime.time = Field(alias="end_time")
    id: uuid.UUID = Field(alias="id")
    location_id: uuid.UUID = Field(alias="location_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    start_time: datetime.time = Field(alias="start_time")
    updated_at: datetime.datetime = Field(alias="updated_at")
    valid_from: datetime.date = Field(alias="valid_from")
    valid_to: Optional[datetime.date] = Field(alias="valid_to")
    weekday: int = Field(alias="weekday")

class PublicWorkingHoursInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    end_time: Annotated[datetime.time, Field(alias="end_time")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: Annotated[uuid.UUID, Field(alias="location_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]
    start_time: Annotated[datetime.time, Field(alias="start_time")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    valid_from: NotRequired[Annotated[datetime.date, Field(alias="valid_from")]]
    valid_to: NotRequired[Annotated[Optional[datetime.date], Field(alias="valid_to")]]
    weekday: Annotated[int, Field(alias="weekday")]

class PublicWorkingHoursUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    end_time: NotRequired[Annotated[datetime.time, Field(alias="end_time")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    location_id: NotRequired[Annotated[uuid.UUID, Field(alias="location_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]
    start_time: NotRequired[Annotated[datetime.time, Field(alias="start_time")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    valid_from: NotRequired[Annotated[datetime.date, Field(alias="valid_from")]]
    valid_to: NotRequired[Annotated[Optional[datetime.date], Field(alias="valid_to")]]
    weekday: NotRequired[Annotated[int, Field(alias="weekday")]]

class PublicBillingReportSummaries(BaseModel):
    client_id: uuid.UUID = Field(alias="client_id")
    client_name: str = Field(alias="client_name")
    completed_invoiced_amount: Optional[int] = Field(alias="completed_invoiced_amount")
    completed_invoiced_count: Optional[int] = Field(alias="completed_invoiced_count")
    completed_paid_amount: Optional[int] = Field(alias="completed_paid_amount")
    completed_paid_count: Optional[int] = Field(alias="completed_paid_count")
    completed_unpaid_amount: Optional[int] = Field(alias="completed_unpaid_amount")
    completed_unpaid_count: Optional[int] = Field(alias="completed_unpaid_count")
    currency: str = Field(alias="currency")
    no_show_amount: Optional[int] = Field(alias="no_show_amount")
    no_show_count: Optional[int] = Field(alias="no_show_count")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    practitioner_name: str = Field(alias="practitioner_name")
    report_id: uuid.UUID = Field(alias="report_id")
    service_id: uuid.UUID = Field(alias="service_id")
    service_name: str = Field(alias="service_name")

class PublicCreditBalances(BaseModel):
    available_amount: Optional[int] = Field(alias="available_amount")
    balance_amount: int = Field(alias="balance_amount")
    client_id: uuid.UUID = Field(alias="client_id")
    currency: str = Field(alias="currency")
    organization_id: uuid.UUID = Field(alias="organization_id")



class PublicClientSearchResult(BaseModel):
    id: Optional[uuid.UUID] = Field(alias="id")
    given_name: Optional[str] = Field(alias="given_name")
    family_name: Optional[str] = Field(alias="family_name")
    email: Optional[str] = Field(alias="email")
    phone: Optional[str] = Field(alias="phone")
    birth_date: Optional[datetime.date] = Field(alias="birth_date")
    score: Optional[int] = Field(alias="score")
    cursor: Optional[str] = Field(alias="cursor")
