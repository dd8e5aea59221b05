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

PublicBankTransactionStatus: TypeAlias = Literal["unmatched", "suggested", "matched", "ignored"]

PublicBulkItemStatus: TypeAlias = Literal["pending", "done", "failed", "skipped"]

PublicBulkOperationStatus: TypeAlias = Literal["running", "completed", "cancelled"]

PublicClientReportStatus: TypeAlias = Literal["pending", "stored", "refused", "archived"]

PublicCreditEntryKind: TypeAlias = Literal["top_up", "adjustment", "spend", "refund", "expiry"]

PublicInvoiceKind: TypeAlias = Literal["invoice", "credit_note"]

PublicInvoiceStatus: TypeAlias = Literal["draft", "issued", "sent", "paid", "overdue", "void"]

PublicLateCancellationPolicy: TypeAlias = Literal["refuse", "keep_payment", "refund"]

PublicMemberRole: TypeAlias = Literal["owner", "admin", "receptionist", "practitioner"]

PublicMessageChannel: TypeAlias = Literal["email", "sms", "push", "in_app"]

PublicMessageStatus: TypeAlias = Literal["pending", "sending", "sent", "delivered", "failed", "cancelled"]

PublicOfferStatus: TypeAlias = Literal["open", "accepted", "declined", "expired", "withdrawn"]

PublicPaymentMethod: TypeAlias = Literal["bank_transfer", "cash", "card", "credits", "offset", "other"]

PublicPaymentStatus: TypeAlias = Literal["unpaid", "paid", "refunded", "invoiced"]

PublicRoomKind: TypeAlias = Literal["room", "equipment"]

PublicServiceMode: TypeAlias = Literal["in_person", "video"]

PublicTaxCategory: TypeAlias = Literal["standard", "reduced", "exempt", "reverse_charge", "out_of_scope"]

PublicWaitlistStatus: TypeAlias = Literal["waiting", "offered", "booked", "withdrawn", "expired"]

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

class PublicAppointmentConfirmations(BaseModel):
    appointment_id: uuid.UUID = Field(alias="appointment_id")
    confirmed_at: datetime.datetime = Field(alias="confirmed_at")
    organization_id: uuid.UUID = Field(alias="organization_id")
    starts_at: datetime.datetime = Field(alias="starts_at")

class PublicAppointmentConfirmationsInsert(TypedDict):
    appointment_id: Annotated[uuid.UUID, Field(alias="appointment_id")]
    confirmed_at: NotRequired[Annotated[datetime.datetime, Field(alias="confirmed_at")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    starts_at: Annotated[datetime.datetime, Field(alias="starts_at")]

class PublicAppointmentConfirmationsUpdate(TypedDict):
    appointment_id: NotRequired[Annotated[uuid.UUID, Field(alias="appointment_id")]]
    confirmed_at: NotRequired[Annotated[datetime.datetime, Field(alias="confirmed_at")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
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
    held_until: Optional[datetime.datetime] = Field(alias="held_until")
    id: uuid.UUID = Field(alias="id")
    invoice_id: Optional[uuid.UUID] = Field(alias="invoice_id")
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
    held_until: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="held_until")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="invoice_id")]]
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
    held_until: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="held_until")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="invoice_id")]]
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

class PublicBankAccounts(BaseModel):
    account_number: Optional[str] = Field(alias="account_number")
    bic: Optional[str] = Field(alias="bic")
    created_at: datetime.datetime = Field(alias="created_at")
    currency: str = Field(alias="currency")
    iban: Optional[str] = Field(alias="iban")
    id: uuid.UUID = Field(alias="id")
    is_active: bool = Field(alias="is_active")
    is_default: bool = Field(alias="is_default")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    provider: Optional[str] = Field(alias="provider")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicBankAccountsInsert(TypedDict):
    account_number: NotRequired[Annotated[Optional[str], Field(alias="account_number")]]
    bic: NotRequired[Annotated[Optional[str], Field(alias="bic")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    currency: Annotated[str, Field(alias="currency")]
    iban: NotRequired[Annotated[Optional[str], Field(alias="iban")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    is_default: NotRequired[Annotated[bool, Field(alias="is_default")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    provider: NotRequired[Annotated[Optional[str], Field(alias="provider")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicBankAccountsUpdate(TypedDict):
    account_number: NotRequired[Annotated[Optional[str], Field(alias="account_number")]]
    bic: NotRequired[Annotated[Optional[str], Field(alias="bic")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    iban: NotRequired[Annotated[Optional[str], Field(alias="iban")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    is_default: NotRequired[Annotated[bool, Field(alias="is_default")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    provider: NotRequired[Annotated[Optional[str], Field(alias="provider")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicBankTransactions(BaseModel):
    amount: int = Field(alias="amount")
    bank_account_id: uuid.UUID = Field(alias="bank_account_id")
    bank_reference: Optional[str] = Field(alias="bank_reference")
    booked_on: datetime.date = Field(alias="booked_on")
    constant_symbol: Optional[str] = Field(alias="constant_symbol")
    counterparty: Optional[str] = Field(alias="counterparty")
    counterparty_account: Optional[str] = Field(alias="counterparty_account")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    currency: str = Field(alias="currency")
    dedupe_key: bytes = Field(alias="dedupe_key")
    id: uuid.UUID = Field(alias="id")
    ignore_reason: Optional[str] = Field(alias="ignore_reason")
    ignored_at: Optional[datetime.datetime] = Field(alias="ignored_at")
    ignored_by: Optional[uuid.UUID] = Field(alias="ignored_by")
    is_reversal: bool = Field(alias="is_reversal")
    matched_amount: int = Field(alias="matched_amount")
    message: Optional[str] = Field(alias="message")
    organization_id: uuid.UUID = Field(alias="organization_id")
    reference: Optional[str] = Field(alias="reference")
    source: str = Field(alias="source")
    specific_symbol: Optional[str] = Field(alias="specific_symbol")
    status: PublicBankTransactionStatus = Field(alias="status")
    suggestions: JsonValue = Field(alias="suggestions")
    updated_at: datetime.datetime = Field(alias="updated_at")
    valued_on: Optional[datetime.date] = Field(alias="valued_on")
    variable_symbol: Optional[str] = Field(alias="variable_symbol")

class PublicBankTransactionsInsert(TypedDict):
    amount: Annotated[int, Field(alias="amount")]
    bank_account_id: Annotated[uuid.UUID, Field(alias="bank_account_id")]
    bank_reference: NotRequired[Annotated[Optional[str], Field(alias="bank_reference")]]
    booked_on: Annotated[datetime.date, Field(alias="booked_on")]
    constant_symbol: NotRequired[Annotated[Optional[str], Field(alias="constant_symbol")]]
    counterparty: NotRequired[Annotated[Optional[str], Field(alias="counterparty")]]
    counterparty_account: NotRequired[Annotated[Optional[str], Field(alias="counterparty_account")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: Annotated[str, Field(alias="currency")]
    dedupe_key: Annotated[bytes, Field(alias="dedupe_key")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    ignore_reason: NotRequired[Annotated[Optional[str], Field(alias="ignore_reason")]]
    ignored_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="ignored_at")]]
    ignored_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="ignored_by")]]
    is_reversal: NotRequired[Annotated[bool, Field(alias="is_reversal")]]
    matched_amount: NotRequired[Annotated[int, Field(alias="matched_amount")]]
    message: NotRequired[Annotated[Optional[str], Field(alias="message")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    reference: NotRequired[Annotated[Optional[str], Field(alias="reference")]]
    source: Annotated[str, Field(alias="source")]
    specific_symbol: NotRequired[Annotated[Optional[str], Field(alias="specific_symbol")]]
    status: NotRequired[Annotated[PublicBankTransactionStatus, Field(alias="status")]]
    suggestions: NotRequired[Annotated[JsonValue, Field(alias="suggestions")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    valued_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="valued_on")]]
    variable_symbol: NotRequired[Annotated[Optional[str], Field(alias="variable_symbol")]]

class PublicBankTransactionsUpdate(TypedDict):
    amount: NotRequired[Annotated[int, Field(alias="amount")]]
    bank_account_id: NotRequired[Annotated[uuid.UUID, Field(alias="bank_account_id")]]
    bank_reference: NotRequired[Annotated[Optional[str], Field(alias="bank_reference")]]
    booked_on: NotRequired[Annotated[datetime.date, Field(alias="booked_on")]]
    constant_symbol: NotRequired[Annotated[Optional[str], Field(alias="constant_symbol")]]
    counterparty: NotRequired[Annotated[Optional[str], Field(alias="counterparty")]]
    counterparty_account: NotRequired[Annotated[Optional[str], Field(alias="counterparty_account")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    dedupe_key: NotRequired[Annotated[bytes, Field(alias="dedupe_key")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    ignore_reason: NotRequired[Annotated[Optional[str], Field(alias="ignore_reason")]]
    ignored_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="ignored_at")]]
    ignored_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="ignored_by")]]
    is_reversal: NotRequired[Annotated[bool, Field(alias="is_reversal")]]
    matched_amount: NotRequired[Annotated[int, Field(alias="matched_amount")]]
    message: NotRequired[Annotated[Optional[str], Field(alias="message")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    reference: NotRequired[Annotated[Optional[str], Field(alias="reference")]]
    source: NotRequired[Annotated[str, Field(alias="source")]]
    specific_symbol: NotRequired[Annotated[Optional[str], Field(alias="specific_symbol")]]
    status: NotRequired[Annotated[PublicBankTransactionStatus, Field(alias="status")]]
    suggestions: NotRequired[Annotated[JsonValue, Field(alias="suggestions")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    valued_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="valued_on")]]
    variable_symbol: NotRequired[Annotated[Optional[str], Field(alias="variable_symbol")]]

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

class PublicBillingSettings(BaseModel):
    city: Optional[str] = Field(alias="city")
    country: Optional[str] = Field(alias="country")
    default_tax_category: PublicTaxCategory = Field(alias="default_tax_category")
    default_tax_rate: float = Field(alias="default_tax_rate")
    due_days: int = Field(alias="due_days")
    email: Optional[str] = Field(alias="email")
    footer: Optional[str] = Field(alias="footer")
    is_vat_payer: bool = Field(alias="is_vat_payer")
    legal_name: Optional[str] = Field(alias="legal_name")
    logo_path: Optional[str] = Field(alias="logo_path")
    organization_id: uuid.UUID = Field(alias="organization_id")
    phone: Optional[str] = Field(alias="phone")
    postal_code: Optional[str] = Field(alias="postal_code")
    prices_include_tax: bool = Field(alias="prices_include_tax")
    register_note: Optional[str] = Field(alias="register_note")
    registration_number: Optional[str] = Field(alias="registration_number")
    reminder_after_days: List[int] = Field(alias="reminder_after_days")
    reminder_fee_amount: int = Field(alias="reminder_fee_amount")
    street: Optional[str] = Field(alias="street")
    updated_at: datetime.datetime = Field(alias="updated_at")
    vat_number: Optional[str] = Field(alias="vat_number")
    website: Optional[str] = Field(alias="website")

class PublicBillingSettingsInsert(TypedDict):
    city: NotRequired[Annotated[Optional[str], Field(alias="city")]]
    country: NotRequired[Annotated[Optional[str], Field(alias="country")]]
    default_tax_category: NotRequired[Annotated[PublicTaxCategory, Field(alias="default_tax_category")]]
    default_tax_rate: NotRequired[Annotated[float, Field(alias="default_tax_rate")]]
    due_days: NotRequired[Annotated[int, Field(alias="due_days")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    footer: NotRequired[Annotated[Optional[str], Field(alias="footer")]]
    is_vat_payer: NotRequired[Annotated[bool, Field(alias="is_vat_payer")]]
    legal_name: NotRequired[Annotated[Optional[str], Field(alias="legal_name")]]
    logo_path: NotRequired[Annotated[Optional[str], Field(alias="logo_path")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    postal_code: NotRequired[Annotated[Optional[str], Field(alias="postal_code")]]
    prices_include_tax: NotRequired[Annotated[bool, Field(alias="prices_include_tax")]]
    register_note: NotRequired[Annotated[Optional[str], Field(alias="register_note")]]
    registration_number: NotRequired[Annotated[Optional[str], Field(alias="registration_number")]]
    reminder_after_days: NotRequired[Annotated[List[int], Field(alias="reminder_after_days")]]
    reminder_fee_amount: NotRequired[Annotated[int, Field(alias="reminder_fee_amount")]]
    street: NotRequired[Annotated[Optional[str], Field(alias="street")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    vat_number: NotRequired[Annotated[Optional[str], Field(alias="vat_number")]]
    website: NotRequired[Annotated[Optional[str], Field(alias="website")]]

class PublicBillingSettingsUpdate(TypedDict):
    city: NotRequired[Annotated[Optional[str], Field(alias="city")]]
    country: NotRequired[Annotated[Optional[str], Field(alias="country")]]
    default_tax_category: NotRequired[Annotated[PublicTaxCategory, Field(alias="default_tax_category")]]
    default_tax_rate: NotRequired[Annotated[float, Field(alias="default_tax_rate")]]
    due_days: NotRequired[Annotated[int, Field(alias="due_days")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    footer: NotRequired[Annotated[Optional[str], Field(alias="footer")]]
    is_vat_payer: NotRequired[Annotated[bool, Field(alias="is_vat_payer")]]
    legal_name: NotRequired[Annotated[Optional[str], Field(alias="legal_name")]]
    logo_path: NotRequired[Annotated[Optional[str], Field(alias="logo_path")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    phone: NotRequired[Annotated[Optional[str], Field(alias="phone")]]
    postal_code: NotRequired[Annotated[Optional[str], Field(alias="postal_code")]]
    prices_include_tax: NotRequired[Annotated[bool, Field(alias="prices_include_tax")]]
    register_note: NotRequired[Annotated[Optional[str], Field(alias="register_note")]]
    registration_number: NotRequired[Annotated[Optional[str], Field(alias="registration_number")]]
    reminder_after_days: NotRequired[Annotated[List[int], Field(alias="reminder_after_days")]]
    reminder_fee_amount: NotRequired[Annotated[int, Field(alias="reminder_fee_amount")]]
    street: NotRequired[Annotated[Optional[str], Field(alias="street")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    vat_number: NotRequired[Annotated[Optional[str], Field(alias="vat_number")]]
    website: NotRequired[Annotated[Optional[str], Field(alias="website")]]

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

class PublicBulkOperationItems(BaseModel):
    code: Optional[str] = Field(alias="code")
    detail: Optional[str] = Field(alias="detail")
    finished_at: Optional[datetime.datetime] = Field(alias="finished_at")
    managers_only: bool = Field(alias="managers_only")
    number: int = Field(alias="number")
    operation_id: uuid.UUID = Field(alias="operation_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    payload: JsonValue = Field(alias="payload")
    result: Optional[JsonValue] = Field(alias="result")
    status: PublicBulkItemStatus = Field(alias="status")
    subject_id: Optional[uuid.UUID] = Field(alias="subject_id")

class PublicBulkOperationItemsInsert(TypedDict):
    code: NotRequired[Annotated[Optional[str], Field(alias="code")]]
    detail: NotRequired[Annotated[Optional[str], Field(alias="detail")]]
    finished_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="finished_at")]]
    managers_only: NotRequired[Annotated[bool, Field(alias="managers_only")]]
    number: Annotated[int, Field(alias="number")]
    operation_id: Annotated[uuid.UUID, Field(alias="operation_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    payload: NotRequired[Annotated[JsonValue, Field(alias="payload")]]
    result: NotRequired[Annotated[Optional[JsonValue], Field(alias="result")]]
    status: NotRequired[Annotated[PublicBulkItemStatus, Field(alias="status")]]
    subject_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="subject_id")]]

class PublicBulkOperationItemsUpdate(TypedDict):
    code: NotRequired[Annotated[Optional[str], Field(alias="code")]]
    detail: NotRequired[Annotated[Optional[str], Field(alias="detail")]]
    finished_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="finished_at")]]
    managers_only: NotRequired[Annotated[bool, Field(alias="managers_only")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    operation_id: NotRequired[Annotated[uuid.UUID, Field(alias="operation_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    payload: NotRequired[Annotated[JsonValue, Field(alias="payload")]]
    result: NotRequired[Annotated[Optional[JsonValue], Field(alias="result")]]
    status: NotRequired[Annotated[PublicBulkItemStatus, Field(alias="status")]]
    subject_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="subject_id")]]

class PublicBulkOperations(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    done_count: int = Field(alias="done_count")
    failed_count: int = Field(alias="failed_count")
    finished_at: Optional[datetime.datetime] = Field(alias="finished_at")
    id: uuid.UUID = Field(alias="id")
    kind: str = Field(alias="kind")
    managers_only: bool = Field(alias="managers_only")
    organization_id: uuid.UUID = Field(alias="organization_id")
    parameters: JsonValue = Field(alias="parameters")
    skipped_count: int = Field(alias="skipped_count")
    status: PublicBulkOperationStatus = Field(alias="status")
    total_count: int = Field(alias="total_count")

class PublicBulkOperationsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    done_count: NotRequired[Annotated[int, Field(alias="done_count")]]
    failed_count: NotRequired[Annotated[int, Field(alias="failed_count")]]
    finished_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="finished_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: Annotated[str, Field(alias="kind")]
    managers_only: NotRequired[Annotated[bool, Field(alias="managers_only")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    parameters: NotRequired[Annotated[JsonValue, Field(alias="parameters")]]
    skipped_count: NotRequired[Annotated[int, Field(alias="skipped_count")]]
    status: NotRequired[Annotated[PublicBulkOperationStatus, Field(alias="status")]]
    total_count: NotRequired[Annotated[int, Field(alias="total_count")]]

class PublicBulkOperationsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    done_count: NotRequired[Annotated[int, Field(alias="done_count")]]
    failed_count: NotRequired[Annotated[int, Field(alias="failed_count")]]
    finished_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="finished_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    managers_only: NotRequired[Annotated[bool, Field(alias="managers_only")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    parameters: NotRequired[Annotated[JsonValue, Field(alias="parameters")]]
    skipped_count: NotRequired[Annotated[int, Field(alias="skipped_count")]]
    status: NotRequired[Annotated[PublicBulkOperationStatus, Field(alias="status")]]
    total_count: NotRequired[Annotated[int, Field(alias="total_count")]]

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

class PublicClientPayers(BaseModel):
    client_id: uuid.UUID = Field(alias="client_id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    payer_id: uuid.UUID = Field(alias="payer_id")

class PublicClientPayersInsert(TypedDict):
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    payer_id: Annotated[uuid.UUID, Field(alias="payer_id")]

class PublicClientPayersUpdate(TypedDict):
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    payer_id: NotRequired[Annotated[uuid.UUID, Field(alias="payer_id")]]

class PublicClientReports(BaseModel):
    appointment_id: Optional[uuid.UUID] = Field(alias="appointment_id")
    archived_at: Optional[datetime.datetime] = Field(alias="archived_at")
    client_id: uuid.UUID = Field(alias="client_id")
    content_type: str = Field(alias="content_type")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    file_name: str = Field(alias="file_name")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    previous_id: Optional[uuid.UUID] = Field(alias="previous_id")
    refusal: Optional[str] = Field(alias="refusal")
    sha256: Optional[str] = Field(alias="sha256")
    size_bytes: int = Field(alias="size_bytes")
    status: PublicClientReportStatus = Field(alias="status")
    storage_path: str = Field(alias="storage_path")
    stored_at: Optional[datetime.datetime] = Field(alias="stored_at")
    title: str = Field(alias="title")
    updated_at: datetime.datetime = Field(alias="updated_at")
    version: int = Field(alias="version")
    visible_to_client: bool = Field(alias="visible_to_client")

class PublicClientReportsInsert(TypedDict):
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    content_type: Annotated[str, Field(alias="content_type")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    file_name: Annotated[str, Field(alias="file_name")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    previous_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="previous_id")]]
    refusal: NotRequired[Annotated[Optional[str], Field(alias="refusal")]]
    sha256: NotRequired[Annotated[Optional[str], Field(alias="sha256")]]
    size_bytes: Annotated[int, Field(alias="size_bytes")]
    status: NotRequired[Annotated[PublicClientReportStatus, Field(alias="status")]]
    storage_path: NotRequired[Annotated[str, Field(alias="storage_path")]]
    stored_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="stored_at")]]
    title: Annotated[str, Field(alias="title")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    visible_to_client: NotRequired[Annotated[bool, Field(alias="visible_to_client")]]

class PublicClientReportsUpdate(TypedDict):
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    content_type: NotRequired[Annotated[str, Field(alias="content_type")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    file_name: NotRequired[Annotated[str, Field(alias="file_name")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    previous_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="previous_id")]]
    refusal: NotRequired[Annotated[Optional[str], Field(alias="refusal")]]
    sha256: NotRequired[Annotated[Optional[str], Field(alias="sha256")]]
    size_bytes: NotRequired[Annotated[int, Field(alias="size_bytes")]]
    status: NotRequired[Annotated[PublicClientReportStatus, Field(alias="status")]]
    storage_path: NotRequired[Annotated[str, Field(alias="storage_path")]]
    stored_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="stored_at")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    visible_to_client: NotRequired[Annotated[bool, Field(alias="visible_to_client")]]

class PublicClientTags(BaseModel):
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    organization_id: uuid.UUID = Field(alias="organization_id")
    tag_id: uuid.UUID = Field(alias="tag_id")

class PublicClientTagsInsert(TypedDict):
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    tag_id: Annotated[uuid.UUID, Field(alias="tag_id")]

class PublicClientTagsUpdate(TypedDict):
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    tag_id: NotRequired[Annotated[uuid.UUID, Field(alias="tag_id")]]

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
    lot_amounts: List[int] = Field(alias="lot_amounts")
    lot_expiries: List[datetime.datetime] = Field(alias="lot_expiries")
    lot_ids: List[uuid.UUID] = Field(alias="lot_ids")
    number: int = Field(alias="number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    overdraft_amount: int = Field(alias="overdraft_amount")
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
    lot_amounts: NotRequired[Annotated[List[int], Field(alias="lot_amounts")]]
    lot_expiries: NotRequired[Annotated[List[datetime.datetime], Field(alias="lot_expiries")]]
    lot_ids: NotRequired[Annotated[List[uuid.UUID], Field(alias="lot_ids")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    overdraft_amount: NotRequired[Annotated[int, Field(alias="overdraft_amount")]]
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
    lot_amounts: NotRequired[Annotated[List[int], Field(alias="lot_amounts")]]
    lot_expiries: NotRequired[Annotated[List[datetime.datetime], Field(alias="lot_expiries")]]
    lot_ids: NotRequired[Annotated[List[uuid.UUID], Field(alias="lot_ids")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    overdraft_amount: NotRequired[Annotated[int, Field(alias="overdraft_amount")]]
    reason: NotRequired[Annotated[Optional[str], Field(alias="reason")]]

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

class PublicInvoiceCredits(BaseModel):
    credit_entry_id: uuid.UUID = Field(alias="credit_entry_id")
    invoice_line_id: uuid.UUID = Field(alias="invoice_line_id")
    organization_id: uuid.UUID = Field(alias="organization_id")

class PublicInvoiceCreditsInsert(TypedDict):
    credit_entry_id: Annotated[uuid.UUID, Field(alias="credit_entry_id")]
    invoice_line_id: Annotated[uuid.UUID, Field(alias="invoice_line_id")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]

class PublicInvoiceCreditsUpdate(TypedDict):
    credit_entry_id: NotRequired[Annotated[uuid.UUID, Field(alias="credit_entry_id")]]
    invoice_line_id: NotRequired[Annotated[uuid.UUID, Field(alias="invoice_line_id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]

class PublicInvoiceLines(BaseModel):
    appointment_id: Optional[uuid.UUID] = Field(alias="appointment_id")
    corrects_line_id: Optional[uuid.UUID] = Field(alias="corrects_line_id")
    credit_amount: Optional[int] = Field(alias="credit_amount")
    description: str = Field(alias="description")
    discount_percent: float = Field(alias="discount_percent")
    gross_amount: int = Field(alias="gross_amount")
    id: uuid.UUID = Field(alias="id")
    invoice_id: uuid.UUID = Field(alias="invoice_id")
    net_amount: int = Field(alias="net_amount")
    organization_id: uuid.UUID = Field(alias="organization_id")
    performed_on: Optional[datetime.date] = Field(alias="performed_on")
    position: int = Field(alias="position")
    quantity: float = Field(alias="quantity")
    tax_amount: int = Field(alias="tax_amount")
    tax_category: PublicTaxCategory = Field(alias="tax_category")
    tax_rate: float = Field(alias="tax_rate")
    unit: Optional[str] = Field(alias="unit")
    unit_price_amount: int = Field(alias="unit_price_amount")

class PublicInvoiceLinesInsert(TypedDict):
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    corrects_line_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="corrects_line_id")]]
    credit_amount: NotRequired[Annotated[Optional[int], Field(alias="credit_amount")]]
    description: Annotated[str, Field(alias="description")]
    discount_percent: NotRequired[Annotated[float, Field(alias="discount_percent")]]
    gross_amount: NotRequired[Annotated[int, Field(alias="gross_amount")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: Annotated[uuid.UUID, Field(alias="invoice_id")]
    net_amount: NotRequired[Annotated[int, Field(alias="net_amount")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    performed_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="performed_on")]]
    position: Annotated[int, Field(alias="position")]
    quantity: NotRequired[Annotated[float, Field(alias="quantity")]]
    tax_amount: NotRequired[Annotated[int, Field(alias="tax_amount")]]
    tax_category: NotRequired[Annotated[PublicTaxCategory, Field(alias="tax_category")]]
    tax_rate: NotRequired[Annotated[float, Field(alias="tax_rate")]]
    unit: NotRequired[Annotated[Optional[str], Field(alias="unit")]]
    unit_price_amount: Annotated[int, Field(alias="unit_price_amount")]

class PublicInvoiceLinesUpdate(TypedDict):
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    corrects_line_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="corrects_line_id")]]
    credit_amount: NotRequired[Annotated[Optional[int], Field(alias="credit_amount")]]
    description: NotRequired[Annotated[str, Field(alias="description")]]
    discount_percent: NotRequired[Annotated[float, Field(alias="discount_percent")]]
    gross_amount: NotRequired[Annotated[int, Field(alias="gross_amount")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: NotRequired[Annotated[uuid.UUID, Field(alias="invoice_id")]]
    net_amount: NotRequired[Annotated[int, Field(alias="net_amount")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    performed_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="performed_on")]]
    position: NotRequired[Annotated[int, Field(alias="position")]]
    quantity: NotRequired[Annotated[float, Field(alias="quantity")]]
    tax_amount: NotRequired[Annotated[int, Field(alias="tax_amount")]]
    tax_category: NotRequired[Annotated[PublicTaxCategory, Field(alias="tax_category")]]
    tax_rate: NotRequired[Annotated[float, Field(alias="tax_rate")]]
    unit: NotRequired[Annotated[Optional[str], Field(alias="unit")]]
    unit_price_amount: NotRequired[Annotated[int, Field(alias="unit_price_amount")]]

class PublicInvoiceReminders(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    fee_amount: int = Field(alias="fee_amount")
    id: uuid.UUID = Field(alias="id")
    invoice_id: uuid.UUID = Field(alias="invoice_id")
    level: int = Field(alias="level")
    organization_id: uuid.UUID = Field(alias="organization_id")

class PublicInvoiceRemindersInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    fee_amount: NotRequired[Annotated[int, Field(alias="fee_amount")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: Annotated[uuid.UUID, Field(alias="invoice_id")]
    level: Annotated[int, Field(alias="level")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]

class PublicInvoiceRemindersUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    fee_amount: NotRequired[Annotated[int, Field(alias="fee_amount")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: NotRequired[Annotated[uuid.UUID, Field(alias="invoice_id")]]
    level: NotRequired[Annotated[int, Field(alias="level")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]

class PublicInvoiceSeries(BaseModel):
    code: str = Field(alias="code")
    digit: int = Field(alias="digit")
    kind: PublicInvoiceKind = Field(alias="kind")
    organization_id: uuid.UUID = Field(alias="organization_id")
    prefix: str = Field(alias="prefix")

class PublicInvoiceSeriesInsert(TypedDict):
    code: Annotated[str, Field(alias="code")]
    digit: Annotated[int, Field(alias="digit")]
    kind: NotRequired[Annotated[PublicInvoiceKind, Field(alias="kind")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    prefix: NotRequired[Annotated[str, Field(alias="prefix")]]

class PublicInvoiceSeriesUpdate(TypedDict):
    code: NotRequired[Annotated[str, Field(alias="code")]]
    digit: NotRequired[Annotated[int, Field(alias="digit")]]
    kind: NotRequired[Annotated[PublicInvoiceKind, Field(alias="kind")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    prefix: NotRequired[Annotated[str, Field(alias="prefix")]]

class PublicInvoices(BaseModel):
    bank_account: Optional[JsonValue] = Field(alias="bank_account")
    billing_report_id: Optional[uuid.UUID] = Field(alias="billing_report_id")
    client_id: Optional[uuid.UUID] = Field(alias="client_id")
    corrects_invoice_id: Optional[uuid.UUID] = Field(alias="corrects_invoice_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    currency: str = Field(alias="currency")
    due_on: Optional[datetime.date] = Field(alias="due_on")
    id: uuid.UUID = Field(alias="id")
    issued_at: Optional[datetime.datetime] = Field(alias="issued_at")
    issued_on: Optional[datetime.date] = Field(alias="issued_on")
    kind: PublicInvoiceKind = Field(alias="kind")
    locale: str = Field(alias="locale")
    net_amount: int = Field(alias="net_amount")
    note: Optional[str] = Field(alias="note")
    number: Optional[str] = Field(alias="number")
    open_amount: int = Field(alias="open_amount")
    organization_id: uuid.UUID = Field(alias="organization_id")
    paid_amount: int = Field(alias="paid_amount")
    payer: Optional[JsonValue] = Field(alias="payer")
    payer_id: Optional[uuid.UUID] = Field(alias="payer_id")
    prices_include_tax: bool = Field(alias="prices_include_tax")
    sent_at: Optional[datetime.datetime] = Field(alias="sent_at")
    sequence: Optional[int] = Field(alias="sequence")
    series: str = Field(alias="series")
    status: PublicInvoiceStatus = Field(alias="status")
    supplied_on: Optional[datetime.date] = Field(alias="supplied_on")
    supplier: Optional[JsonValue] = Field(alias="supplier")
    tax_amount: int = Field(alias="tax_amount")
    total_amount: int = Field(alias="total_amount")
    updated_at: datetime.datetime = Field(alias="updated_at")
    variable_symbol: Optional[str] = Field(alias="variable_symbol")
    void_reason: Optional[str] = Field(alias="void_reason")
    voided_at: Optional[datetime.datetime] = Field(alias="voided_at")
    voided_by: Optional[uuid.UUID] = Field(alias="voided_by")
    year: Optional[int] = Field(alias="year")

class PublicInvoicesInsert(TypedDict):
    bank_account: NotRequired[Annotated[Optional[JsonValue], Field(alias="bank_account")]]
    billing_report_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="billing_report_id")]]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    corrects_invoice_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="corrects_invoice_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: Annotated[str, Field(alias="currency")]
    due_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="due_on")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    issued_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="issued_at")]]
    issued_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="issued_on")]]
    kind: NotRequired[Annotated[PublicInvoiceKind, Field(alias="kind")]]
    locale: Annotated[str, Field(alias="locale")]
    net_amount: NotRequired[Annotated[int, Field(alias="net_amount")]]
    note: NotRequired[Annotated[Optional[str], Field(alias="note")]]
    number: NotRequired[Annotated[Optional[str], Field(alias="number")]]
    open_amount: NotRequired[Annotated[int, Field(alias="open_amount")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    paid_amount: NotRequired[Annotated[int, Field(alias="paid_amount")]]
    payer: NotRequired[Annotated[Optional[JsonValue], Field(alias="payer")]]
    payer_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="payer_id")]]
    prices_include_tax: Annotated[bool, Field(alias="prices_include_tax")]
    sent_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="sent_at")]]
    sequence: NotRequired[Annotated[Optional[int], Field(alias="sequence")]]
    series: NotRequired[Annotated[str, Field(alias="series")]]
    status: NotRequired[Annotated[PublicInvoiceStatus, Field(alias="status")]]
    supplied_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="supplied_on")]]
    supplier: NotRequired[Annotated[Optional[JsonValue], Field(alias="supplier")]]
    tax_amount: NotRequired[Annotated[int, Field(alias="tax_amount")]]
    total_amount: NotRequired[Annotated[int, Field(alias="total_amount")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    variable_symbol: NotRequired[Annotated[Optional[str], Field(alias="variable_symbol")]]
    void_reason: NotRequired[Annotated[Optional[str], Field(alias="void_reason")]]
    voided_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="voided_at")]]
    voided_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="voided_by")]]
    year: NotRequired[Annotated[Optional[int], Field(alias="year")]]

class PublicInvoicesUpdate(TypedDict):
    bank_account: NotRequired[Annotated[Optional[JsonValue], Field(alias="bank_account")]]
    billing_report_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="billing_report_id")]]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    corrects_invoice_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="corrects_invoice_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    due_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="due_on")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    issued_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="issued_at")]]
    issued_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="issued_on")]]
    kind: NotRequired[Annotated[PublicInvoiceKind, Field(alias="kind")]]
    locale: NotRequired[Annotated[str, Field(alias="locale")]]
    net_amount: NotRequired[Annotated[int, Field(alias="net_amount")]]
    note: NotRequired[Annotated[Optional[str], Field(alias="note")]]
    number: NotRequired[Annotated[Optional[str], Field(alias="number")]]
    open_amount: NotRequired[Annotated[int, Field(alias="open_amount")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    paid_amount: NotRequired[Annotated[int, Field(alias="paid_amount")]]
    payer: NotRequired[Annotated[Optional[JsonValue], Field(alias="payer")]]
    payer_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="payer_id")]]
    prices_include_tax: NotRequired[Annotated[bool, Field(alias="prices_include_tax")]]
    sent_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="sent_at")]]
    sequence: NotRequired[Annotated[Optional[int], Field(alias="sequence")]]
    series: NotRequired[Annotated[str, Field(alias="series")]]
    status: NotRequired[Annotated[PublicInvoiceStatus, Field(alias="status")]]
    supplied_on: NotRequired[Annotated[Optional[datetime.date], Field(alias="supplied_on")]]
    supplier: NotRequired[Annotated[Optional[JsonValue], Field(alias="supplier")]]
    tax_amount: NotRequired[Annotated[int, Field(alias="tax_amount")]]
    total_amount: NotRequired[Annotated[int, Field(alias="total_amount")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    variable_symbol: NotRequired[Annotated[Optional[str], Field(alias="variable_symbol")]]
    void_reason: NotRequired[Annotated[Optional[str], Field(alias="void_reason")]]
    voided_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="voided_at")]]
    voided_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="voided_by")]]
    year: NotRequired[Annotated[Optional[int], Field(alias="year")]]

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

class PublicMessageTemplates(BaseModel):
    body: str = Field(alias="body")
    channel: PublicMessageChannel = Field(alias="channel")
    created_at: datetime.datetime = Field(alias="created_at")
    html: Optional[str] = Field(alias="html")
    id: uuid.UUID = Field(alias="id")
    kind: str = Field(alias="kind")
    locale: str = Field(alias="locale")
    organization_id: uuid.UUID = Field(alias="organization_id")
    subject: str = Field(alias="subject")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicMessageTemplatesInsert(TypedDict):
    body: Annotated[str, Field(alias="body")]
    channel: Annotated[PublicMessageChannel, Field(alias="channel")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    html: NotRequired[Annotated[Optional[str], Field(alias="html")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: Annotated[str, Field(alias="kind")]
    locale: Annotated[str, Field(alias="locale")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    subject: NotRequired[Annotated[str, Field(alias="subject")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicMessageTemplatesUpdate(TypedDict):
    body: NotRequired[Annotated[str, Field(alias="body")]]
    channel: NotRequired[Annotated[PublicMessageChannel, Field(alias="channel")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    html: NotRequired[Annotated[Optional[str], Field(alias="html")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    locale: NotRequired[Annotated[str, Field(alias="locale")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    subject: NotRequired[Annotated[str, Field(alias="subject")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicMessages(BaseModel):
    address: Optional[str] = Field(alias="address")
    attachments: JsonValue = Field(alias="attachments")
    attempts: int = Field(alias="attempts")
    channel: PublicMessageChannel = Field(alias="channel")
    client_id: Optional[uuid.UUID] = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    data: JsonValue = Field(alias="data")
    delivered_at: Optional[datetime.datetime] = Field(alias="delivered_at")
    due_at: datetime.datetime = Field(alias="due_at")
    error: Optional[str] = Field(alias="error")
    expires_at: Optional[datetime.datetime] = Field(alias="expires_at")
    id: uuid.UUID = Field(alias="id")
    key: str = Field(alias="key")
    kind: str = Field(alias="kind")
    lease: Optional[uuid.UUID] = Field(alias="lease")
    leased_by: Optional[str] = Field(alias="leased_by")
    leased_until: Optional[datetime.datetime] = Field(alias="leased_until")
    locale: Optional[str] = Field(alias="locale")
    organization_id: uuid.UUID = Field(alias="organization_id")
    priority: int = Field(alias="priority")
    provider: Optional[str] = Field(alias="provider")
    provider_id: Optional[str] = Field(alias="provider_id")
    requeued_at: Optional[datetime.datetime] = Field(alias="requeued_at")
    send_after: datetime.datetime = Field(alias="send_after")
    sent_at: Optional[datetime.datetime] = Field(alias="sent_at")
    status: PublicMessageStatus = Field(alias="status")
    subject_id: Optional[uuid.UUID] = Field(alias="subject_id")
    user_id: Optional[uuid.UUID] = Field(alias="user_id")
    vouched_organization_id: Optional[uuid.UUID] = Field(alias="vouched_organization_id")

class PublicMessagesInsert(TypedDict):
    address: NotRequired[Annotated[Optional[str], Field(alias="address")]]
    attachments: NotRequired[Annotated[JsonValue, Field(alias="attachments")]]
    attempts: NotRequired[Annotated[int, Field(alias="attempts")]]
    channel: Annotated[PublicMessageChannel, Field(alias="channel")]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    data: NotRequired[Annotated[JsonValue, Field(alias="data")]]
    delivered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="delivered_at")]]
    due_at: NotRequired[Annotated[datetime.datetime, Field(alias="due_at")]]
    error: NotRequired[Annotated[Optional[str], Field(alias="error")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    key: Annotated[str, Field(alias="key")]
    kind: Annotated[str, Field(alias="kind")]
    lease: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="lease")]]
    leased_by: NotRequired[Annotated[Optional[str], Field(alias="leased_by")]]
    leased_until: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="leased_until")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    priority: NotRequired[Annotated[int, Field(alias="priority")]]
    provider: NotRequired[Annotated[Optional[str], Field(alias="provider")]]
    provider_id: NotRequired[Annotated[Optional[str], Field(alias="provider_id")]]
    requeued_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="requeued_at")]]
    send_after: NotRequired[Annotated[datetime.datetime, Field(alias="send_after")]]
    sent_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="sent_at")]]
    status: NotRequired[Annotated[PublicMessageStatus, Field(alias="status")]]
    subject_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="subject_id")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]
    vouched_organization_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="vouched_organization_id")]]

class PublicMessagesUpdate(TypedDict):
    address: NotRequired[Annotated[Optional[str], Field(alias="address")]]
    attachments: NotRequired[Annotated[JsonValue, Field(alias="attachments")]]
    attempts: NotRequired[Annotated[int, Field(alias="attempts")]]
    channel: NotRequired[Annotated[PublicMessageChannel, Field(alias="channel")]]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    data: NotRequired[Annotated[JsonValue, Field(alias="data")]]
    delivered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="delivered_at")]]
    due_at: NotRequired[Annotated[datetime.datetime, Field(alias="due_at")]]
    error: NotRequired[Annotated[Optional[str], Field(alias="error")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    key: NotRequired[Annotated[str, Field(alias="key")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    lease: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="lease")]]
    leased_by: NotRequired[Annotated[Optional[str], Field(alias="leased_by")]]
    leased_until: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="leased_until")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    priority: NotRequired[Annotated[int, Field(alias="priority")]]
    provider: NotRequired[Annotated[Optional[str], Field(alias="provider")]]
    provider_id: NotRequired[Annotated[Optional[str], Field(alias="provider_id")]]
    requeued_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="requeued_at")]]
    send_after: NotRequired[Annotated[datetime.datetime, Field(alias="send_after")]]
    sent_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="sent_at")]]
    status: NotRequired[Annotated[PublicMessageStatus, Field(alias="status")]]
    subject_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="subject_id")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]
    vouched_organization_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="vouched_organization_id")]]

class PublicNotificationPreferences(BaseModel):
    channel: PublicMessageChannel = Field(alias="channel")
    client_id: Optional[uuid.UUID] = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    is_enabled: bool = Field(alias="is_enabled")
    kind: Optional[str] = Field(alias="kind")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: Optional[uuid.UUID] = Field(alias="user_id")

class PublicNotificationPreferencesInsert(TypedDict):
    channel: Annotated[PublicMessageChannel, Field(alias="channel")]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_enabled: Annotated[bool, Field(alias="is_enabled")]
    kind: NotRequired[Annotated[Optional[str], Field(alias="kind")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicNotificationPreferencesUpdate(TypedDict):
    channel: NotRequired[Annotated[PublicMessageChannel, Field(alias="channel")]]
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_enabled: NotRequired[Annotated[bool, Field(alias="is_enabled")]]
    kind: NotRequired[Annotated[Optional[str], Field(alias="kind")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicNotifications(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    data: JsonValue = Field(alias="data")
    id: uuid.UUID = Field(alias="id")
    kind: str = Field(alias="kind")
    organization_id: uuid.UUID = Field(alias="organization_id")
    read_at: Optional[datetime.datetime] = Field(alias="read_at")
    subject_id: Optional[uuid.UUID] = Field(alias="subject_id")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicNotificationsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    data: NotRequired[Annotated[JsonValue, Field(alias="data")]]
    id: Annotated[uuid.UUID, Field(alias="id")]
    kind: Annotated[str, Field(alias="kind")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    read_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="read_at")]]
    subject_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="subject_id")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class PublicNotificationsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    data: NotRequired[Annotated[JsonValue, Field(alias="data")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    read_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="read_at")]]
    subject_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="subject_id")]]
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
    report_quota_bytes: int = Field(alias="report_quota_bytes")
    self_registration: bool = Field(alias="self_registration")
    slot_step_minutes: int = Field(alias="slot_step_minutes")
    updated_at: datetime.datetime = Field(alias="updated_at")
    updated_by: Optional[uuid.UUID] = Field(alias="updated_by")
    version: int = Field(alias="version")
    video_early_join_minutes: int = Field(alias="video_early_join_minutes")
    video_late_leave_minutes: int = Field(alias="video_late_leave_minutes")
    waitlist_automatic_offers: bool = Field(alias="waitlist_automatic_offers")
    waitlist_offer_minutes: int = Field(alias="waitlist_offer_minutes")

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
    report_quota_bytes: NotRequired[Annotated[int, Field(alias="report_quota_bytes")]]
    self_registration: NotRequired[Annotated[bool, Field(alias="self_registration")]]
    slot_step_minutes: NotRequired[Annotated[int, Field(alias="slot_step_minutes")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    updated_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="updated_by")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    video_early_join_minutes: NotRequired[Annotated[int, Field(alias="video_early_join_minutes")]]
    video_late_leave_minutes: NotRequired[Annotated[int, Field(alias="video_late_leave_minutes")]]
    waitlist_automatic_offers: NotRequired[Annotated[bool, Field(alias="waitlist_automatic_offers")]]
    waitlist_offer_minutes: NotRequired[Annotated[int, Field(alias="waitlist_offer_minutes")]]

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
    report_quota_bytes: NotRequired[Annotated[int, Field(alias="report_quota_bytes")]]
    self_registration: NotRequired[Annotated[bool, Field(alias="self_registration")]]
    slot_step_minutes: NotRequired[Annotated[int, Field(alias="slot_step_minutes")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    updated_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="updated_by")]]
    version: NotRequired[Annotated[int, Field(alias="version")]]
    video_early_join_minutes: NotRequired[Annotated[int, Field(alias="video_early_join_minutes")]]
    video_late_leave_minutes: NotRequired[Annotated[int, Field(alias="video_late_leave_minutes")]]
    waitlist_automatic_offers: NotRequired[Annotated[bool, Field(alias="waitlist_automatic_offers")]]
    waitlist_offer_minutes: NotRequired[Annotated[int, Field(alias="waitlist_offer_minutes")]]

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

class PublicPayers(BaseModel):
    city: Optional[str] = Field(alias="city")
    country: Optional[str] = Field(alias="country")
    created_at: datetime.datetime = Field(alias="created_at")
    email: Optional[str] = Field(alias="email")
    id: uuid.UUID = Field(alias="id")
    locale: Optional[str] = Field(alias="locale")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    postal_code: Optional[str] = Field(alias="postal_code")
    registration_number: Optional[str] = Field(alias="registration_number")
    street: Optional[str] = Field(alias="street")
    updated_at: datetime.datetime = Field(alias="updated_at")
    vat_number: Optional[str] = Field(alias="vat_number")

class PublicPayersInsert(TypedDict):
    city: NotRequired[Annotated[Optional[str], Field(alias="city")]]
    country: NotRequired[Annotated[Optional[str], Field(alias="country")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    postal_code: NotRequired[Annotated[Optional[str], Field(alias="postal_code")]]
    registration_number: NotRequired[Annotated[Optional[str], Field(alias="registration_number")]]
    street: NotRequired[Annotated[Optional[str], Field(alias="street")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    vat_number: NotRequired[Annotated[Optional[str], Field(alias="vat_number")]]

class PublicPayersUpdate(TypedDict):
    city: NotRequired[Annotated[Optional[str], Field(alias="city")]]
    country: NotRequired[Annotated[Optional[str], Field(alias="country")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    email: NotRequired[Annotated[Optional[str], Field(alias="email")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    locale: NotRequired[Annotated[Optional[str], Field(alias="locale")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    postal_code: NotRequired[Annotated[Optional[str], Field(alias="postal_code")]]
    registration_number: NotRequired[Annotated[Optional[str], Field(alias="registration_number")]]
    street: NotRequired[Annotated[Optional[str], Field(alias="street")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    vat_number: NotRequired[Annotated[Optional[str], Field(alias="vat_number")]]

class PublicPayments(BaseModel):
    amount: int = Field(alias="amount")
    bank_transaction_id: Optional[uuid.UUID] = Field(alias="bank_transaction_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    credit_entry_id: Optional[uuid.UUID] = Field(alias="credit_entry_id")
    currency: str = Field(alias="currency")
    id: uuid.UUID = Field(alias="id")
    invoice_id: Optional[uuid.UUID] = Field(alias="invoice_id")
    method: PublicPaymentMethod = Field(alias="method")
    note: Optional[str] = Field(alias="note")
    organization_id: uuid.UUID = Field(alias="organization_id")
    paid_on: datetime.date = Field(alias="paid_on")
    reverses_payment_id: Optional[uuid.UUID] = Field(alias="reverses_payment_id")

class PublicPaymentsInsert(TypedDict):
    amount: Annotated[int, Field(alias="amount")]
    bank_transaction_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="bank_transaction_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    credit_entry_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="credit_entry_id")]]
    currency: Annotated[str, Field(alias="currency")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="invoice_id")]]
    method: Annotated[PublicPaymentMethod, Field(alias="method")]
    note: NotRequired[Annotated[Optional[str], Field(alias="note")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    paid_on: Annotated[datetime.date, Field(alias="paid_on")]
    reverses_payment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="reverses_payment_id")]]

class PublicPaymentsUpdate(TypedDict):
    amount: NotRequired[Annotated[int, Field(alias="amount")]]
    bank_transaction_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="bank_transaction_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    credit_entry_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="credit_entry_id")]]
    currency: NotRequired[Annotated[str, Field(alias="currency")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    invoice_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="invoice_id")]]
    method: NotRequired[Annotated[PublicPaymentMethod, Field(alias="method")]]
    note: NotRequired[Annotated[Optional[str], Field(alias="note")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    paid_on: NotRequired[Annotated[datetime.date, Field(alias="paid_on")]]
    reverses_payment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="reverses_payment_id")]]

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

class PublicQuietHours(BaseModel):
    client_id: Optional[uuid.UUID] = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    end_time: datetime.time = Field(alias="end_time")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    start_time: datetime.time = Field(alias="start_time")
    timezone: Optional[str] = Field(alias="timezone")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: Optional[uuid.UUID] = Field(alias="user_id")

class PublicQuietHoursInsert(TypedDict):
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    end_time: Annotated[datetime.time, Field(alias="end_time")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    start_time: Annotated[datetime.time, Field(alias="start_time")]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicQuietHoursUpdate(TypedDict):
    client_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    end_time: NotRequired[Annotated[datetime.time, Field(alias="end_time")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    start_time: NotRequired[Annotated[datetime.time, Field(alias="start_time")]]
    timezone: NotRequired[Annotated[Optional[str], Field(alias="timezone")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="user_id")]]

class PublicReminderRules(BaseModel):
    channel: PublicMessageChannel = Field(alias="channel")
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    is_active: bool = Field(alias="is_active")
    kind: str = Field(alias="kind")
    minutes_before: int = Field(alias="minutes_before")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicReminderRulesInsert(TypedDict):
    channel: Annotated[PublicMessageChannel, Field(alias="channel")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    minutes_before: Annotated[int, Field(alias="minutes_before")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicReminderRulesUpdate(TypedDict):
    channel: NotRequired[Annotated[PublicMessageChannel, Field(alias="channel")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_active: NotRequired[Annotated[bool, Field(alias="is_active")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    minutes_before: NotRequired[Annotated[int, Field(alias="minutes_before")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicReportViews(BaseModel):
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    report_id: uuid.UUID = Field(alias="report_id")
    role: str = Field(alias="role")
    viewed_at: datetime.datetime = Field(alias="viewed_at")
    viewed_by: uuid.UUID = Field(alias="viewed_by")

class PublicReportViewsInsert(TypedDict):
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    report_id: Annotated[uuid.UUID, Field(alias="report_id")]
    role: Annotated[str, Field(alias="role")]
    viewed_at: NotRequired[Annotated[datetime.datetime, Field(alias="viewed_at")]]
    viewed_by: NotRequired[Annotated[uuid.UUID, Field(alias="viewed_by")]]

class PublicReportViewsUpdate(TypedDict):
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    report_id: NotRequired[Annotated[uuid.UUID, Field(alias="report_id")]]
    role: NotRequired[Annotated[str, Field(alias="role")]]
    viewed_at: NotRequired[Annotated[datetime.datetime, Field(alias="viewed_at")]]
    viewed_by: NotRequired[Annotated[uuid.UUID, Field(alias="viewed_by")]]

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

class PublicServiceTaxes(BaseModel):
    organization_id: uuid.UUID = Field(alias="organization_id")
    service_id: uuid.UUID = Field(alias="service_id")
    tax_category: PublicTaxCategory = Field(alias="tax_category")
    tax_rate: float = Field(alias="tax_rate")

class PublicServiceTaxesInsert(TypedDict):
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    service_id: Annotated[uuid.UUID, Field(alias="service_id")]
    tax_category: Annotated[PublicTaxCategory, Field(alias="tax_category")]
    tax_rate: Annotated[float, Field(alias="tax_rate")]

class PublicServiceTaxesUpdate(TypedDict):
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    service_id: NotRequired[Annotated[uuid.UUID, Field(alias="service_id")]]
    tax_category: NotRequired[Annotated[PublicTaxCategory, Field(alias="tax_category")]]
    tax_rate: NotRequired[Annotated[float, Field(alias="tax_rate")]]

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

class PublicSuppressedAddresses(BaseModel):
    address: str = Field(alias="address")
    channel: PublicMessageChannel = Field(alias="channel")
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    reason: str = Field(alias="reason")

class PublicSuppressedAddressesInsert(TypedDict):
    address: Annotated[str, Field(alias="address")]
    channel: Annotated[PublicMessageChannel, Field(alias="channel")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    reason: Annotated[str, Field(alias="reason")]

class PublicSuppressedAddressesUpdate(TypedDict):
    address: NotRequired[Annotated[str, Field(alias="address")]]
    channel: NotRequired[Annotated[PublicMessageChannel, Field(alias="channel")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    reason: NotRequired[Annotated[str, Field(alias="reason")]]

class PublicTags(BaseModel):
    colour: str = Field(alias="colour")
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    name: str = Field(alias="name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicTagsInsert(TypedDict):
    colour: NotRequired[Annotated[str, Field(alias="colour")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    name: Annotated[str, Field(alias="name")]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicTagsUpdate(TypedDict):
    colour: NotRequired[Annotated[str, Field(alias="colour")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
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

class PublicWaitlistEntries(BaseModel):
    appointment_id: Optional[uuid.UUID] = Field(alias="appointment_id")
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    ended_at: Optional[datetime.datetime] = Field(alias="ended_at")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    preferences: JsonValue = Field(alias="preferences")
    priority: int = Field(alias="priority")
    service_id: uuid.UUID = Field(alias="service_id")
    status: PublicWaitlistStatus = Field(alias="status")
    updated_at: datetime.datetime = Field(alias="updated_at")

class PublicWaitlistEntriesInsert(TypedDict):
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    ended_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="ended_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    preferences: NotRequired[Annotated[JsonValue, Field(alias="preferences")]]
    priority: NotRequired[Annotated[int, Field(alias="priority")]]
    service_id: Annotated[uuid.UUID, Field(alias="service_id")]
    status: NotRequired[Annotated[PublicWaitlistStatus, Field(alias="status")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicWaitlistEntriesUpdate(TypedDict):
    appointment_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="appointment_id")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    ended_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="ended_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    preferences: NotRequired[Annotated[JsonValue, Field(alias="preferences")]]
    priority: NotRequired[Annotated[int, Field(alias="priority")]]
    service_id: NotRequired[Annotated[uuid.UUID, Field(alias="service_id")]]
    status: NotRequired[Annotated[PublicWaitlistStatus, Field(alias="status")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]

class PublicWaitlistOffers(BaseModel):
    answered_at: Optional[datetime.datetime] = Field(alias="answered_at")
    appointment_id: uuid.UUID = Field(alias="appointment_id")
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    ends_at: datetime.datetime = Field(alias="ends_at")
    expires_at: datetime.datetime = Field(alias="expires_at")
    id: uuid.UUID = Field(alias="id")
    is_automatic: bool = Field(alias="is_automatic")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    starts_at: datetime.datetime = Field(alias="starts_at")
    status: PublicOfferStatus = Field(alias="status")
    token_hash: Optional[bytes] = Field(alias="token_hash")
    waitlist_entry_id: uuid.UUID = Field(alias="waitlist_entry_id")

class PublicWaitlistOffersInsert(TypedDict):
    answered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="answered_at")]]
    appointment_id: Annotated[uuid.UUID, Field(alias="appointment_id")]
    client_id: Annotated[uuid.UUID, Field(alias="client_id")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    ends_at: Annotated[datetime.datetime, Field(alias="ends_at")]
    expires_at: Annotated[datetime.datetime, Field(alias="expires_at")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_automatic: NotRequired[Annotated[bool, Field(alias="is_automatic")]]
    organization_id: Annotated[uuid.UUID, Field(alias="organization_id")]
    practitioner_id: Annotated[uuid.UUID, Field(alias="practitioner_id")]
    starts_at: Annotated[datetime.datetime, Field(alias="starts_at")]
    status: NotRequired[Annotated[PublicOfferStatus, Field(alias="status")]]
    token_hash: NotRequired[Annotated[Optional[bytes], Field(alias="token_hash")]]
    waitlist_entry_id: Annotated[uuid.UUID, Field(alias="waitlist_entry_id")]

class PublicWaitlistOffersUpdate(TypedDict):
    answered_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="answered_at")]]
    appointment_id: NotRequired[Annotated[uuid.UUID, Field(alias="appointment_id")]]
    client_id: NotRequired[Annotated[uuid.UUID, Field(alias="client_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    created_by: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="created_by")]]
    ends_at: NotRequired[Annotated[datetime.datetime, Field(alias="ends_at")]]
    expires_at: NotRequired[Annotated[datetime.datetime, Field(alias="expires_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_automatic: NotRequired[Annotated[bool, Field(alias="is_automatic")]]
    organization_id: NotRequired[Annotated[uuid.UUID, Field(alias="organization_id")]]
    practitioner_id: NotRequired[Annotated[uuid.UUID, Field(alias="practitioner_id")]]
    starts_at: NotRequired[Annotated[datetime.datetime, Field(alias="starts_at")]]
    status: NotRequired[Annotated[PublicOfferStatus, Field(alias="status")]]
    token_hash: NotRequired[Annotated[Optional[bytes], Field(alias="token_hash")]]
    waitlist_entry_id: NotRequired[Annotated[uuid.UUID, Field(alias="waitlist_entry_id")]]

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

class PublicCashMovements(BaseModel):
    amount: int = Field(alias="amount")
    bank_transaction_id: Optional[uuid.UUID] = Field(alias="bank_transaction_id")
    created_at: datetime.datetime = Field(alias="created_at")
    currency: str = Field(alias="currency")
    invoice_number: Optional[str] = Field(alias="invoice_number")
    method: PublicPaymentMethod = Field(alias="method")
    name: Optional[str] = Field(alias="name")
    note: Optional[str] = Field(alias="note")
    organization_id: uuid.UUID = Field(alias="organization_id")
    paid_on: datetime.date = Field(alias="paid_on")
    payment_id: uuid.UUID = Field(alias="payment_id")
    reverses_payment_id: Optional[uuid.UUID] = Field(alias="reverses_payment_id")

class PublicCreditAccounts(BaseModel):
    balance_amount: int = Field(alias="balance_amount")
    client_id: uuid.UUID = Field(alias="client_id")
    currency: str = Field(alias="currency")
    last_number: int = Field(alias="last_number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    overdraft_amount: int = Field(alias="overdraft_amount")

class PublicCreditBalances(BaseModel):
    available_amount: Optional[int] = Field(alias="available_amount")
    balance_amount: int = Field(alias="balance_amount")
    client_id: uuid.UUID = Field(alias="client_id")
    currency: str = Field(alias="currency")
    organization_id: uuid.UUID = Field(alias="organization_id")

class PublicCreditLots(BaseModel):
    client_id: uuid.UUID = Field(alias="client_id")
    created_at: datetime.datetime = Field(alias="created_at")
    currency: str = Field(alias="currency")
    entry_id: uuid.UUID = Field(alias="entry_id")
    expires_at: Optional[datetime.datetime] = Field(alias="expires_at")
    number: int = Field(alias="number")
    organization_id: uuid.UUID = Field(alias="organization_id")
    remaining_amount: Optional[int] = Field(alias="remaining_amount")

class PublicInvoiceTaxes(BaseModel):
    gross_amount: Optional[int] = Field(alias="gross_amount")
    invoice_id: uuid.UUID = Field(alias="invoice_id")
    net_amount: Optional[int] = Field(alias="net_amount")
    organization_id: uuid.UUID = Field(alias="organization_id")
    tax_amount: Optional[int] = Field(alias="tax_amount")
    tax_category: PublicTaxCategory = Field(alias="tax_category")
    tax_rate: float = Field(alias="tax_rate")

class PublicLatestClientReports(BaseModel):
    appointment_id: Optional[uuid.UUID] = Field(alias="appointment_id")
    client_id: uuid.UUID = Field(alias="client_id")
    content_type: str = Field(alias="content_type")
    created_at: datetime.datetime = Field(alias="created_at")
    created_by: Optional[uuid.UUID] = Field(alias="created_by")
    file_name: str = Field(alias="file_name")
    id: uuid.UUID = Field(alias="id")
    organization_id: uuid.UUID = Field(alias="organization_id")
    previous_id: Optional[uuid.UUID] = Field(alias="previous_id")
    sha256: Optional[str] = Field(alias="sha256")
    size_bytes: int = Field(alias="size_bytes")
    storage_path: str = Field(alias="storage_path")
    stored_at: Optional[datetime.datetime] = Field(alias="stored_at")
    title: str = Field(alias="title")
    version: int = Field(alias="version")
    visible_to_client: bool = Field(alias="visible_to_client")

class PublicOrganizationMonths(BaseModel):
    cancelled_count: Optional[int] = Field(alias="cancelled_count")
    client_count: Optional[int] = Field(alias="client_count")
    completed_amount: Optional[int] = Field(alias="completed_amount")
    completed_count: Optional[int] = Field(alias="completed_count")
    currency: str = Field(alias="currency")
    month: Optional[datetime.date] = Field(alias="month")
    no_show_count: Optional[int] = Field(alias="no_show_count")
    open_count: Optional[int] = Field(alias="open_count")
    organization_id: uuid.UUID = Field(alias="organization_id")
    unpaid_amount: Optional[int] = Field(alias="unpaid_amount")

class PublicPractitionerMonths(BaseModel):
    cancelled_count: Optional[int] = Field(alias="cancelled_count")
    client_count: Optional[int] = Field(alias="client_count")
    completed_amount: Optional[int] = Field(alias="completed_amount")
    completed_count: Optional[int] = Field(alias="completed_count")
    currency: str = Field(alias="currency")
    month: Optional[datetime.date] = Field(alias="month")
    no_show_count: Optional[int] = Field(alias="no_show_count")
    open_count: Optional[int] = Field(alias="open_count")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_id: uuid.UUID = Field(alias="practitioner_id")
    practitioner_name: str = Field(alias="practitioner_name")

class PublicTodayAppointments(BaseModel):
    appointment_id: uuid.UUID = Field(alias="appointment_id")
    client_name: Optional[str] = Field(alias="client_name")
    client_phone: Optional[str] = Field(alias="client_phone")
    currency: str = Field(alias="currency")
    ends_at: datetime.datetime = Field(alias="ends_at")
    local_start_time: Optional[datetime.time] = Field(alias="local_start_time")
    location_name: str = Field(alias="location_name")
    organization_id: uuid.UUID = Field(alias="organization_id")
    payment_status: PublicPaymentStatus = Field(alias="payment_status")
    practitioner_name: str = Field(alias="practitioner_name")
    price_amount: int = Field(alias="price_amount")
    room_name: Optional[str] = Field(alias="room_name")
    service_name: str = Field(alias="service_name")
    starts_at: datetime.datetime = Field(alias="starts_at")
    status: PublicAppointmentStatus = Field(alias="status")

class PublicUnpaidAppointments(BaseModel):
    appointment_id: uuid.UUID = Field(alias="appointment_id")
    client_id: uuid.UUID = Field(alias="client_id")
    client_name: Optional[str] = Field(alias="client_name")
    currency: str = Field(alias="currency")
    days_since: Optional[int] = Field(alias="days_since")
    organization_id: uuid.UUID = Field(alias="organization_id")
    practitioner_name: str = Field(alias="practitioner_name")
    price_amount: int = Field(alias="price_amount")
    service_name: str = Field(alias="service_name")
    starts_at: datetime.datetime = Field(alias="starts_at")
    status: PublicAppointmentStatus = Field(alias="status")



class PublicClientSearchResult(BaseModel):
    id: Optional[uuid.UUID] = Field(alias="id")
    given_name: Optional[str] = Field(alias="given_name")
    family_name: Optional[str] = Field(alias="family_name")
    email: Optional[str] = Field(alias="email")
    phone: Optional[str] = Field(alias="phone")
    birth_date: Optional[datetime.date] = Field(alias="birth_date")
    score: Optional[int] = Field(alias="score")
    cursor: Optional[str] = Field(alias="cursor")
