
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "appointment_blocks": {
                  Row: {
                    "client_id": string,"created_at": string,"created_by": string | null,"id": string,"interval_weeks": number,"occurrences": number,"organization_id": string,"practitioner_id": string,"service_id": string,"starts_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id": string,"created_at"?: string,"created_by"?: string | null,"id"?: string,"interval_weeks": number,"occurrences": number,"organization_id": string,"practitioner_id": string,"service_id": string,"starts_at": string
                  }
                  Update: {
                    "client_id"?: string,"created_at"?: string,"created_by"?: string | null,"id"?: string,"interval_weeks"?: number,"occurrences"?: number,"organization_id"?: string,"practitioner_id"?: string,"service_id"?: string,"starts_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "appointment_blocks_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointment_blocks_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointment_blocks_organization_id_service_id_fkey"
      columns: ["organization_id","service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"appointment_confirmations": {
                  Row: {
                    "appointment_id": string,"confirmed_at": string,"organization_id": string,"starts_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "appointment_id": string,"confirmed_at"?: string,"organization_id": string,"starts_at": string
                  }
                  Update: {
                    "appointment_id"?: string,"confirmed_at"?: string,"organization_id"?: string,"starts_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "appointment_confirmations_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointment_confirmations_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "today_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "appointment_confirmations_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "unpaid_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    }
                  ]
                },"appointments": {
                  Row: {
                    "block_id": string | null,"blocked_during": unknown,"cancellation_reason": string | null,"cancelled_at": string | null,"cancelled_by": string | null,"client_id": string,"created_at": string,"created_by": string | null,"currency": string,"during": unknown,"ends_at": string,"held_until": string | null,"id": string,"invoice_id": string | null,"location_id": string,"mode": Database["public"]['Enums']["service_mode"],"note": string | null,"organization_id": string,"overlap_allowed_by": string | null,"overlap_reason": string | null,"payment_status": Database["public"]['Enums']["payment_status"],"practitioner_id": string,"price_amount": number,"revision": number,"room_id": string | null,"service_id": string,"session_id": string,"starts_at": string,"status": Database["public"]['Enums']["appointment_status"],"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "block_id"?: string | null,"blocked_during": unknown,"cancellation_reason"?: string | null,"cancelled_at"?: string | null,"cancelled_by"?: string | null,"client_id": string,"created_at"?: string,"created_by"?: string | null,"currency": string,"during": unknown,"ends_at"?: never,"held_until"?: string | null,"id"?: string,"invoice_id"?: string | null,"location_id": string,"mode": Database["public"]['Enums']["service_mode"],"note"?: string | null,"organization_id": string,"overlap_allowed_by"?: string | null,"overlap_reason"?: string | null,"payment_status"?: Database["public"]['Enums']["payment_status"],"practitioner_id": string,"price_amount": number,"revision"?: number,"room_id"?: string | null,"service_id": string,"session_id": string,"starts_at"?: never,"status"?: Database["public"]['Enums']["appointment_status"],"updated_at"?: string
                  }
                  Update: {
                    "block_id"?: string | null,"blocked_during"?: unknown,"cancellation_reason"?: string | null,"cancelled_at"?: string | null,"cancelled_by"?: string | null,"client_id"?: string,"created_at"?: string,"created_by"?: string | null,"currency"?: string,"during"?: unknown,"ends_at"?: never,"held_until"?: string | null,"id"?: string,"invoice_id"?: string | null,"location_id"?: string,"mode"?: Database["public"]['Enums']["service_mode"],"note"?: string | null,"organization_id"?: string,"overlap_allowed_by"?: string | null,"overlap_reason"?: string | null,"payment_status"?: Database["public"]['Enums']["payment_status"],"practitioner_id"?: string,"price_amount"?: number,"revision"?: number,"room_id"?: string | null,"service_id"?: string,"session_id"?: string,"starts_at"?: never,"status"?: Database["public"]['Enums']["appointment_status"],"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "appointments_organization_id_block_id_client_id_service_id_fkey"
      columns: ["organization_id","block_id","client_id","service_id"]
isOneToOne: false
      referencedRelation: "appointment_blocks"
      referencedColumns: ["organization_id","id","client_id","service_id"]
    },{
      foreignKeyName: "appointments_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointments_organization_id_invoice_id_fkey"
      columns: ["organization_id","invoice_id"]
isOneToOne: false
      referencedRelation: "invoices"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointments_organization_id_location_id_fkey"
      columns: ["organization_id","location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointments_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointments_organization_id_room_id_fkey"
      columns: ["organization_id","room_id"]
isOneToOne: false
      referencedRelation: "rooms"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointments_organization_id_service_id_fkey"
      columns: ["organization_id","service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"audit_checkpoints": {
                  Row: {
                    "created_at": string,"hash": string,"number": number,"organization_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"hash": string,"number": number,"organization_id": string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"hash"?: string,"number"?: number,"organization_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"audit_entries": {
                  Row: {
                    "action": Database["public"]['Enums']["audit_action"],"changes": Json | null,"changes_hash": string,"client_id": string | null,"hash": string | null,"id": number,"number": number | null,"occurred_at": string,"organization_id": string,"record_id": string,"request_id": string | null,"role": string,"table_name": string,"user_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "action": Database["public"]['Enums']["audit_action"],"changes"?: Json | null,"changes_hash": string,"client_id"?: string | null,"hash"?: string | null,"id"?: never,"number"?: number | null,"occurred_at"?: string,"organization_id": string,"record_id": string,"request_id"?: string | null,"role": string,"table_name": string,"user_id"?: string | null
                  }
                  Update: {
                    "action"?: Database["public"]['Enums']["audit_action"],"changes"?: Json | null,"changes_hash"?: string,"client_id"?: string | null,"hash"?: string | null,"id"?: never,"number"?: number | null,"occurred_at"?: string,"organization_id"?: string,"record_id"?: string,"request_id"?: string | null,"role"?: string,"table_name"?: string,"user_id"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"bank_accounts": {
                  Row: {
                    "account_number": string | null,"bic": string | null,"created_at": string,"currency": string,"iban": string | null,"id": string,"is_active": boolean,"is_default": boolean,"name": string,"organization_id": string,"provider": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "account_number"?: string | null,"bic"?: string | null,"created_at"?: string,"currency": string,"iban"?: string | null,"id"?: string,"is_active"?: boolean,"is_default"?: boolean,"name": string,"organization_id": string,"provider"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "account_number"?: string | null,"bic"?: string | null,"created_at"?: string,"currency"?: string,"iban"?: string | null,"id"?: string,"is_active"?: boolean,"is_default"?: boolean,"name"?: string,"organization_id"?: string,"provider"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "bank_accounts_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"bank_transactions": {
                  Row: {
                    "amount": number,"bank_account_id": string,"bank_reference": string | null,"booked_on": string,"constant_symbol": string | null,"counterparty": string | null,"counterparty_account": string | null,"created_at": string,"created_by": string | null,"currency": string,"dedupe_key": string,"id": string,"ignore_reason": string | null,"ignored_at": string | null,"ignored_by": string | null,"is_reversal": boolean,"matched_amount": number,"message": string | null,"organization_id": string,"reference": string | null,"source": string,"specific_symbol": string | null,"status": Database["public"]['Enums']["bank_transaction_status"],"suggestions": NonNullable<Json>,"updated_at": string,"valued_on": string | null,"variable_symbol": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"bank_account_id": string,"bank_reference"?: string | null,"booked_on": string,"constant_symbol"?: string | null,"counterparty"?: string | null,"counterparty_account"?: string | null,"created_at"?: string,"created_by"?: string | null,"currency": string,"dedupe_key": string,"id"?: string,"ignore_reason"?: string | null,"ignored_at"?: string | null,"ignored_by"?: string | null,"is_reversal"?: boolean,"matched_amount"?: number,"message"?: string | null,"organization_id": string,"reference"?: string | null,"source": string,"specific_symbol"?: string | null,"status"?: Database["public"]['Enums']["bank_transaction_status"],"suggestions"?: NonNullable<Json>,"updated_at"?: string,"valued_on"?: string | null,"variable_symbol"?: string | null
                  }
                  Update: {
                    "amount"?: number,"bank_account_id"?: string,"bank_reference"?: string | null,"booked_on"?: string,"constant_symbol"?: string | null,"counterparty"?: string | null,"counterparty_account"?: string | null,"created_at"?: string,"created_by"?: string | null,"currency"?: string,"dedupe_key"?: string,"id"?: string,"ignore_reason"?: string | null,"ignored_at"?: string | null,"ignored_by"?: string | null,"is_reversal"?: boolean,"matched_amount"?: number,"message"?: string | null,"organization_id"?: string,"reference"?: string | null,"source"?: string,"specific_symbol"?: string | null,"status"?: Database["public"]['Enums']["bank_transaction_status"],"suggestions"?: NonNullable<Json>,"updated_at"?: string,"valued_on"?: string | null,"variable_symbol"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "bank_transactions_organization_id_bank_account_id_fkey"
      columns: ["organization_id","bank_account_id"]
isOneToOne: false
      referencedRelation: "bank_accounts"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"billing_report_lines": {
                  Row: {
                    "appointment_id": string,"client_id": string,"client_name": string,"currency": string,"ends_at": string,"line_number": number,"organization_id": string,"payment_status": Database["public"]['Enums']["payment_status"],"practitioner_id": string,"practitioner_name": string,"price_amount": number,"report_id": string,"service_id": string,"service_name": string,"starts_at": string,"status": Database["public"]['Enums']["appointment_status"]
                  }
                  ComputedFields: never
                  Insert: {
                    "appointment_id": string,"client_id": string,"client_name": string,"currency": string,"ends_at": string,"line_number": number,"organization_id": string,"payment_status": Database["public"]['Enums']["payment_status"],"practitioner_id": string,"practitioner_name": string,"price_amount": number,"report_id": string,"service_id": string,"service_name": string,"starts_at": string,"status": Database["public"]['Enums']["appointment_status"]
                  }
                  Update: {
                    "appointment_id"?: string,"client_id"?: string,"client_name"?: string,"currency"?: string,"ends_at"?: string,"line_number"?: number,"organization_id"?: string,"payment_status"?: Database["public"]['Enums']["payment_status"],"practitioner_id"?: string,"practitioner_name"?: string,"price_amount"?: number,"report_id"?: string,"service_id"?: string,"service_name"?: string,"starts_at"?: string,"status"?: Database["public"]['Enums']["appointment_status"]
                  }
                  Relationships: [
                    {
      foreignKeyName: "billing_report_lines_organization_id_report_id_fkey"
      columns: ["organization_id","report_id"]
isOneToOne: false
      referencedRelation: "billing_reports"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"billing_reports": {
                  Row: {
                    "created_at": string,"created_by": string | null,"id": string,"line_count": number,"organization_id": string,"period_end": string,"period_start": string,"timezone": string,"totals": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"id"?: string,"line_count": number,"organization_id": string,"period_end": string,"period_start": string,"timezone": string,"totals": NonNullable<Json>
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"id"?: string,"line_count"?: number,"organization_id"?: string,"period_end"?: string,"period_start"?: string,"timezone"?: string,"totals"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "billing_reports_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"billing_settings": {
                  Row: {
                    "city": string | null,"country": string | null,"default_tax_category": Database["public"]['Enums']["tax_category"],"default_tax_rate": number,"due_days": number,"email": string | null,"footer": string | null,"is_vat_payer": boolean,"legal_name": string | null,"logo_path": string | null,"organization_id": string,"phone": string | null,"postal_code": string | null,"prices_include_tax": boolean,"register_note": string | null,"registration_number": string | null,"reminder_after_days": (number)[],"reminder_fee_amount": number,"street": string | null,"updated_at": string,"vat_number": string | null,"website": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "city"?: string | null,"country"?: string | null,"default_tax_category"?: Database["public"]['Enums']["tax_category"],"default_tax_rate"?: number,"due_days"?: number,"email"?: string | null,"footer"?: string | null,"is_vat_payer"?: boolean,"legal_name"?: string | null,"logo_path"?: string | null,"organization_id": string,"phone"?: string | null,"postal_code"?: string | null,"prices_include_tax"?: boolean,"register_note"?: string | null,"registration_number"?: string | null,"reminder_after_days"?: (number)[],"reminder_fee_amount"?: number,"street"?: string | null,"updated_at"?: string,"vat_number"?: string | null,"website"?: string | null
                  }
                  Update: {
                    "city"?: string | null,"country"?: string | null,"default_tax_category"?: Database["public"]['Enums']["tax_category"],"default_tax_rate"?: number,"due_days"?: number,"email"?: string | null,"footer"?: string | null,"is_vat_payer"?: boolean,"legal_name"?: string | null,"logo_path"?: string | null,"organization_id"?: string,"phone"?: string | null,"postal_code"?: string | null,"prices_include_tax"?: boolean,"register_note"?: string | null,"registration_number"?: string | null,"reminder_after_days"?: (number)[],"reminder_fee_amount"?: number,"street"?: string | null,"updated_at"?: string,"vat_number"?: string | null,"website"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "billing_settings_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: true
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"booking_activations": {
                  Row: {
                    "day": string,"is_open": boolean,"organization_id": string,"practitioner_id": string,"set_at": string,"set_by": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"is_open": boolean,"organization_id": string,"practitioner_id": string,"set_at"?: string,"set_by"?: string | null
                  }
                  Update: {
                    "day"?: string,"is_open"?: boolean,"organization_id"?: string,"practitioner_id"?: string,"set_at"?: string,"set_by"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "booking_activations_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"bulk_operation_items": {
                  Row: {
                    "code": string | null,"detail": string | null,"finished_at": string | null,"managers_only": boolean,"number": number,"operation_id": string,"organization_id": string,"payload": NonNullable<Json>,"result": Json | null,"status": Database["public"]['Enums']["bulk_item_status"],"subject_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "code"?: string | null,"detail"?: string | null,"finished_at"?: string | null,"managers_only"?: boolean,"number": number,"operation_id": string,"organization_id": string,"payload"?: NonNullable<Json>,"result"?: Json | null,"status"?: Database["public"]['Enums']["bulk_item_status"],"subject_id"?: string | null
                  }
                  Update: {
                    "code"?: string | null,"detail"?: string | null,"finished_at"?: string | null,"managers_only"?: boolean,"number"?: number,"operation_id"?: string,"organization_id"?: string,"payload"?: NonNullable<Json>,"result"?: Json | null,"status"?: Database["public"]['Enums']["bulk_item_status"],"subject_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "bulk_operation_items_organization_id_operation_id_fkey"
      columns: ["organization_id","operation_id"]
isOneToOne: false
      referencedRelation: "bulk_operations"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"bulk_operations": {
                  Row: {
                    "created_at": string,"created_by": string | null,"done_count": number,"failed_count": number,"finished_at": string | null,"id": string,"kind": string,"managers_only": boolean,"organization_id": string,"parameters": NonNullable<Json>,"skipped_count": number,"status": Database["public"]['Enums']["bulk_operation_status"],"total_count": number
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"done_count"?: number,"failed_count"?: number,"finished_at"?: string | null,"id"?: string,"kind": string,"managers_only"?: boolean,"organization_id": string,"parameters"?: NonNullable<Json>,"skipped_count"?: number,"status"?: Database["public"]['Enums']["bulk_operation_status"],"total_count"?: number
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"done_count"?: number,"failed_count"?: number,"finished_at"?: string | null,"id"?: string,"kind"?: string,"managers_only"?: boolean,"organization_id"?: string,"parameters"?: NonNullable<Json>,"skipped_count"?: number,"status"?: Database["public"]['Enums']["bulk_operation_status"],"total_count"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "bulk_operations_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"client_notes": {
                  Row: {
                    "body": string,"client_id": string,"created_at": string,"created_by": string | null,"id": string,"organization_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "body": string,"client_id": string,"created_at"?: string,"created_by"?: string | null,"id"?: string,"organization_id": string,"updated_at"?: string
                  }
                  Update: {
                    "body"?: string,"client_id"?: string,"created_at"?: string,"created_by"?: string | null,"id"?: string,"organization_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "client_notes_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"client_payers": {
                  Row: {
                    "client_id": string,"organization_id": string,"payer_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id": string,"organization_id": string,"payer_id": string
                  }
                  Update: {
                    "client_id"?: string,"organization_id"?: string,"payer_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "client_payers_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "client_payers_organization_id_payer_id_fkey"
      columns: ["organization_id","payer_id"]
isOneToOne: false
      referencedRelation: "payers"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"client_reports": {
                  Row: {
                    "appointment_id": string | null,"archived_at": string | null,"client_id": string,"content_type": string,"created_at": string,"created_by": string | null,"file_name": string,"id": string,"organization_id": string,"previous_id": string | null,"refusal": string | null,"sha256": string | null,"size_bytes": number,"status": Database["public"]['Enums']["client_report_status"],"storage_path": string,"stored_at": string | null,"title": string,"updated_at": string,"version": number,"visible_to_client": boolean
                  }
                  ComputedFields: never
                  Insert: {
                    "appointment_id"?: string | null,"archived_at"?: string | null,"client_id": string,"content_type": string,"created_at"?: string,"created_by"?: string | null,"file_name": string,"id"?: string,"organization_id": string,"previous_id"?: string | null,"refusal"?: string | null,"sha256"?: string | null,"size_bytes": number,"status"?: Database["public"]['Enums']["client_report_status"],"storage_path"?: never,"stored_at"?: string | null,"title": string,"updated_at"?: string,"version"?: number,"visible_to_client"?: boolean
                  }
                  Update: {
                    "appointment_id"?: string | null,"archived_at"?: string | null,"client_id"?: string,"content_type"?: string,"created_at"?: string,"created_by"?: string | null,"file_name"?: string,"id"?: string,"organization_id"?: string,"previous_id"?: string | null,"refusal"?: string | null,"sha256"?: string | null,"size_bytes"?: number,"status"?: Database["public"]['Enums']["client_report_status"],"storage_path"?: never,"stored_at"?: string | null,"title"?: string,"updated_at"?: string,"version"?: number,"visible_to_client"?: boolean
                  }
                  Relationships: [
                    {
      foreignKeyName: "client_reports_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "client_reports_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "today_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "client_reports_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "unpaid_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "client_reports_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "client_reports_organization_id_client_id_previous_id_fkey"
      columns: ["organization_id","client_id","previous_id"]
isOneToOne: false
      referencedRelation: "client_reports"
      referencedColumns: ["organization_id","client_id","id"]
    },{
      foreignKeyName: "client_reports_organization_id_client_id_previous_id_fkey"
      columns: ["organization_id","client_id","previous_id"]
isOneToOne: false
      referencedRelation: "latest_client_reports"
      referencedColumns: ["organization_id","client_id","id"]
    }
                  ]
                },"client_tags": {
                  Row: {
                    "client_id": string,"created_at": string,"created_by": string | null,"organization_id": string,"tag_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id": string,"created_at"?: string,"created_by"?: string | null,"organization_id": string,"tag_id": string
                  }
                  Update: {
                    "client_id"?: string,"created_at"?: string,"created_by"?: string | null,"organization_id"?: string,"tag_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "client_tags_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "client_tags_organization_id_tag_id_fkey"
      columns: ["organization_id","tag_id"]
isOneToOne: false
      referencedRelation: "tags"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"clients": {
                  Row: {
                    "archived_at": string | null,"birth_date": string | null,"created_at": string,"email": string | null,"family_name": string,"given_name": string,"id": string,"locale": string | null,"organization_id": string,"phone": string | null,"search_text": string,"timezone": string | null,"updated_at": string,"user_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"birth_date"?: string | null,"created_at"?: string,"email"?: string | null,"family_name": string,"given_name": string,"id"?: string,"locale"?: string | null,"organization_id": string,"phone"?: string | null,"search_text"?: never,"timezone"?: string | null,"updated_at"?: string,"user_id"?: string | null
                  }
                  Update: {
                    "archived_at"?: string | null,"birth_date"?: string | null,"created_at"?: string,"email"?: string | null,"family_name"?: string,"given_name"?: string,"id"?: string,"locale"?: string | null,"organization_id"?: string,"phone"?: string | null,"search_text"?: never,"timezone"?: string | null,"updated_at"?: string,"user_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "clients_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"credit_entries": {
                  Row: {
                    "amount": number,"appointment_id": string | null,"balance_after_amount": number,"client_id": string,"created_at": string,"created_by": string | null,"currency": string,"expires_at": string | null,"id": string,"kind": Database["public"]['Enums']["credit_entry_kind"],"lot_amounts": (number)[],"lot_expiries": (string)[],"lot_ids": (string)[],"number": number,"organization_id": string,"overdraft_amount": number,"reason": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"appointment_id"?: string | null,"balance_after_amount"?: number,"client_id": string,"created_at"?: string,"created_by"?: string | null,"currency": string,"expires_at"?: string | null,"id"?: string,"kind": Database["public"]['Enums']["credit_entry_kind"],"lot_amounts"?: (number)[],"lot_expiries"?: (string)[],"lot_ids"?: (string)[],"number"?: number,"organization_id": string,"overdraft_amount"?: number,"reason"?: string | null
                  }
                  Update: {
                    "amount"?: number,"appointment_id"?: string | null,"balance_after_amount"?: number,"client_id"?: string,"created_at"?: string,"created_by"?: string | null,"currency"?: string,"expires_at"?: string | null,"id"?: string,"kind"?: Database["public"]['Enums']["credit_entry_kind"],"lot_amounts"?: (number)[],"lot_expiries"?: (string)[],"lot_ids"?: (string)[],"number"?: number,"organization_id"?: string,"overdraft_amount"?: number,"reason"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "credit_entries_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "credit_entries_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "today_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "credit_entries_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "unpaid_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "credit_entries_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"extra_hours": {
                  Row: {
                    "created_at": string,"during": unknown,"id": string,"location_id": string,"organization_id": string,"practitioner_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"during": unknown,"id"?: string,"location_id": string,"organization_id": string,"practitioner_id": string
                  }
                  Update: {
                    "created_at"?: string,"during"?: unknown,"id"?: string,"location_id"?: string,"organization_id"?: string,"practitioner_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "extra_hours_organization_id_location_id_fkey"
      columns: ["organization_id","location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "extra_hours_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"invitations": {
                  Row: {
                    "accepted_at": string | null,"accepted_by": string | null,"client_id": string | null,"created_at": string,"created_by": string,"display_name": string | null,"email": string,"expires_at": string,"id": string,"organization_id": string,"revoked_at": string | null,"role": Database["public"]['Enums']["member_role"] | null,"token_hash": string
                  }
                  ComputedFields: never
                  Insert: {
                    "accepted_at"?: string | null,"accepted_by"?: string | null,"client_id"?: string | null,"created_at"?: string,"created_by": string,"display_name"?: string | null,"email": string,"expires_at": string,"id"?: string,"organization_id": string,"revoked_at"?: string | null,"role"?: Database["public"]['Enums']["member_role"] | null,"token_hash": string
                  }
                  Update: {
                    "accepted_at"?: string | null,"accepted_by"?: string | null,"client_id"?: string | null,"created_at"?: string,"created_by"?: string,"display_name"?: string | null,"email"?: string,"expires_at"?: string,"id"?: string,"organization_id"?: string,"revoked_at"?: string | null,"role"?: Database["public"]['Enums']["member_role"] | null,"token_hash"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "invitations_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invitations_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"invoice_credits": {
                  Row: {
                    "credit_entry_id": string,"invoice_line_id": string,"organization_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "credit_entry_id": string,"invoice_line_id": string,"organization_id": string
                  }
                  Update: {
                    "credit_entry_id"?: string,"invoice_line_id"?: string,"organization_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "invoice_credits_organization_id_credit_entry_id_fkey"
      columns: ["organization_id","credit_entry_id"]
isOneToOne: false
      referencedRelation: "credit_entries"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invoice_credits_organization_id_credit_entry_id_fkey"
      columns: ["organization_id","credit_entry_id"]
isOneToOne: false
      referencedRelation: "credit_lots"
      referencedColumns: ["organization_id","entry_id"]
    },{
      foreignKeyName: "invoice_credits_organization_id_invoice_line_id_fkey"
      columns: ["organization_id","invoice_line_id"]
isOneToOne: false
      referencedRelation: "invoice_lines"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"invoice_lines": {
                  Row: {
                    "appointment_id": string | null,"corrects_line_id": string | null,"credit_amount": number | null,"description": string,"discount_percent": number,"gross_amount": number,"id": string,"invoice_id": string,"net_amount": number,"organization_id": string,"performed_on": string | null,"position": number,"quantity": number,"tax_amount": number,"tax_category": Database["public"]['Enums']["tax_category"],"tax_rate": number,"unit": string | null,"unit_price_amount": number
                  }
                  ComputedFields: never
                  Insert: {
                    "appointment_id"?: string | null,"corrects_line_id"?: string | null,"credit_amount"?: number | null,"description": string,"discount_percent"?: number,"gross_amount"?: number,"id"?: string,"invoice_id": string,"net_amount"?: number,"organization_id": string,"performed_on"?: string | null,"position": number,"quantity"?: number,"tax_amount"?: number,"tax_category"?: Database["public"]['Enums']["tax_category"],"tax_rate"?: number,"unit"?: string | null,"unit_price_amount": number
                  }
                  Update: {
                    "appointment_id"?: string | null,"corrects_line_id"?: string | null,"credit_amount"?: number | null,"description"?: string,"discount_percent"?: number,"gross_amount"?: number,"id"?: string,"invoice_id"?: string,"net_amount"?: number,"organization_id"?: string,"performed_on"?: string | null,"position"?: number,"quantity"?: number,"tax_amount"?: number,"tax_category"?: Database["public"]['Enums']["tax_category"],"tax_rate"?: number,"unit"?: string | null,"unit_price_amount"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "invoice_lines_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invoice_lines_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "today_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "invoice_lines_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "unpaid_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "invoice_lines_organization_id_corrects_line_id_fkey"
      columns: ["organization_id","corrects_line_id"]
isOneToOne: false
      referencedRelation: "invoice_lines"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invoice_lines_organization_id_invoice_id_fkey"
      columns: ["organization_id","invoice_id"]
isOneToOne: false
      referencedRelation: "invoices"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"invoice_reminders": {
                  Row: {
                    "created_at": string,"created_by": string | null,"fee_amount": number,"id": string,"invoice_id": string,"level": number,"organization_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"fee_amount"?: number,"id"?: string,"invoice_id": string,"level": number,"organization_id": string
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"fee_amount"?: number,"id"?: string,"invoice_id"?: string,"level"?: number,"organization_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "invoice_reminders_organization_id_invoice_id_fkey"
      columns: ["organization_id","invoice_id"]
isOneToOne: false
      referencedRelation: "invoices"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"invoice_series": {
                  Row: {
                    "code": string,"digit": number,"kind": Database["public"]['Enums']["invoice_kind"],"organization_id": string,"prefix": string
                  }
                  ComputedFields: never
                  Insert: {
                    "code": string,"digit": number,"kind"?: Database["public"]['Enums']["invoice_kind"],"organization_id": string,"prefix"?: string
                  }
                  Update: {
                    "code"?: string,"digit"?: number,"kind"?: Database["public"]['Enums']["invoice_kind"],"organization_id"?: string,"prefix"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "invoice_series_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"invoices": {
                  Row: {
                    "bank_account": Json | null,"billing_report_id": string | null,"client_id": string | null,"corrects_invoice_id": string | null,"created_at": string,"created_by": string | null,"currency": string,"due_on": string | null,"id": string,"issued_at": string | null,"issued_on": string | null,"kind": Database["public"]['Enums']["invoice_kind"],"locale": string,"net_amount": number,"note": string | null,"number": string | null,"open_amount": number,"organization_id": string,"paid_amount": number,"payer": Json | null,"payer_id": string | null,"prices_include_tax": boolean,"sent_at": string | null,"sequence": number | null,"series": string,"status": Database["public"]['Enums']["invoice_status"],"supplied_on": string | null,"supplier": Json | null,"tax_amount": number,"total_amount": number,"updated_at": string,"variable_symbol": string | null,"void_reason": string | null,"voided_at": string | null,"voided_by": string | null,"year": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "bank_account"?: Json | null,"billing_report_id"?: string | null,"client_id"?: string | null,"corrects_invoice_id"?: string | null,"created_at"?: string,"created_by"?: string | null,"currency": string,"due_on"?: string | null,"id"?: string,"issued_at"?: string | null,"issued_on"?: string | null,"kind"?: Database["public"]['Enums']["invoice_kind"],"locale": string,"net_amount"?: number,"note"?: string | null,"number"?: string | null,"open_amount"?: never,"organization_id": string,"paid_amount"?: number,"payer"?: Json | null,"payer_id"?: string | null,"prices_include_tax": boolean,"sent_at"?: string | null,"sequence"?: number | null,"series"?: string,"status"?: Database["public"]['Enums']["invoice_status"],"supplied_on"?: string | null,"supplier"?: Json | null,"tax_amount"?: number,"total_amount"?: number,"updated_at"?: string,"variable_symbol"?: string | null,"void_reason"?: string | null,"voided_at"?: string | null,"voided_by"?: string | null,"year"?: number | null
                  }
                  Update: {
                    "bank_account"?: Json | null,"billing_report_id"?: string | null,"client_id"?: string | null,"corrects_invoice_id"?: string | null,"created_at"?: string,"created_by"?: string | null,"currency"?: string,"due_on"?: string | null,"id"?: string,"issued_at"?: string | null,"issued_on"?: string | null,"kind"?: Database["public"]['Enums']["invoice_kind"],"locale"?: string,"net_amount"?: number,"note"?: string | null,"number"?: string | null,"open_amount"?: never,"organization_id"?: string,"paid_amount"?: number,"payer"?: Json | null,"payer_id"?: string | null,"prices_include_tax"?: boolean,"sent_at"?: string | null,"sequence"?: number | null,"series"?: string,"status"?: Database["public"]['Enums']["invoice_status"],"supplied_on"?: string | null,"supplier"?: Json | null,"tax_amount"?: number,"total_amount"?: number,"updated_at"?: string,"variable_symbol"?: string | null,"void_reason"?: string | null,"voided_at"?: string | null,"voided_by"?: string | null,"year"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "invoices_organization_id_billing_report_id_fkey"
      columns: ["organization_id","billing_report_id"]
isOneToOne: false
      referencedRelation: "billing_reports"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invoices_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invoices_organization_id_corrects_invoice_id_fkey"
      columns: ["organization_id","corrects_invoice_id"]
isOneToOne: false
      referencedRelation: "invoices"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invoices_organization_id_payer_id_fkey"
      columns: ["organization_id","payer_id"]
isOneToOne: false
      referencedRelation: "payers"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "invoices_organization_id_series_fkey"
      columns: ["organization_id","series"]
isOneToOne: false
      referencedRelation: "invoice_series"
      referencedColumns: ["organization_id","code"]
    }
                  ]
                },"locations": {
                  Row: {
                    "address": string | null,"created_at": string,"id": string,"is_active": boolean,"name": string,"organization_id": string,"phone": string | null,"timezone": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"created_at"?: string,"id"?: string,"is_active"?: boolean,"name": string,"organization_id": string,"phone"?: string | null,"timezone": string,"updated_at"?: string
                  }
                  Update: {
                    "address"?: string | null,"created_at"?: string,"id"?: string,"is_active"?: boolean,"name"?: string,"organization_id"?: string,"phone"?: string | null,"timezone"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "locations_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"members": {
                  Row: {
                    "created_at": string,"display_name": string,"id": string,"organization_id": string,"role": Database["public"]['Enums']["member_role"],"updated_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"display_name": string,"id"?: string,"organization_id": string,"role": Database["public"]['Enums']["member_role"],"updated_at"?: string,"user_id": string
                  }
                  Update: {
                    "created_at"?: string,"display_name"?: string,"id"?: string,"organization_id"?: string,"role"?: Database["public"]['Enums']["member_role"],"updated_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "members_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"message_templates": {
                  Row: {
                    "body": string,"channel": Database["public"]['Enums']["message_channel"],"created_at": string,"html": string | null,"id": string,"kind": string,"locale": string,"organization_id": string,"subject": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "body": string,"channel": Database["public"]['Enums']["message_channel"],"created_at"?: string,"html"?: string | null,"id"?: string,"kind": string,"locale": string,"organization_id": string,"subject"?: string,"updated_at"?: string
                  }
                  Update: {
                    "body"?: string,"channel"?: Database["public"]['Enums']["message_channel"],"created_at"?: string,"html"?: string | null,"id"?: string,"kind"?: string,"locale"?: string,"organization_id"?: string,"subject"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "message_templates_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"messages": {
                  Row: {
                    "address": string | null,"attachments": NonNullable<Json>,"attempts": number,"channel": Database["public"]['Enums']["message_channel"],"client_id": string | null,"created_at": string,"data": NonNullable<Json>,"delivered_at": string | null,"due_at": string,"error": string | null,"expires_at": string | null,"id": string,"key": string,"kind": string,"lease": string | null,"leased_by": string | null,"leased_until": string | null,"locale": string | null,"organization_id": string,"priority": number,"provider": string | null,"provider_id": string | null,"requeued_at": string | null,"send_after": string,"sent_at": string | null,"status": Database["public"]['Enums']["message_status"],"subject_id": string | null,"user_id": string | null,"vouched_organization_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"attachments"?: NonNullable<Json>,"attempts"?: number,"channel": Database["public"]['Enums']["message_channel"],"client_id"?: string | null,"created_at"?: string,"data"?: NonNullable<Json>,"delivered_at"?: string | null,"due_at"?: never,"error"?: string | null,"expires_at"?: string | null,"id"?: string,"key": string,"kind": string,"lease"?: string | null,"leased_by"?: string | null,"leased_until"?: string | null,"locale"?: string | null,"organization_id": string,"priority"?: number,"provider"?: string | null,"provider_id"?: string | null,"requeued_at"?: string | null,"send_after"?: string,"sent_at"?: string | null,"status"?: Database["public"]['Enums']["message_status"],"subject_id"?: string | null,"user_id"?: string | null,"vouched_organization_id"?: never
                  }
                  Update: {
                    "address"?: string | null,"attachments"?: NonNullable<Json>,"attempts"?: number,"channel"?: Database["public"]['Enums']["message_channel"],"client_id"?: string | null,"created_at"?: string,"data"?: NonNullable<Json>,"delivered_at"?: string | null,"due_at"?: never,"error"?: string | null,"expires_at"?: string | null,"id"?: string,"key"?: string,"kind"?: string,"lease"?: string | null,"leased_by"?: string | null,"leased_until"?: string | null,"locale"?: string | null,"organization_id"?: string,"priority"?: number,"provider"?: string | null,"provider_id"?: string | null,"requeued_at"?: string | null,"send_after"?: string,"sent_at"?: string | null,"status"?: Database["public"]['Enums']["message_status"],"subject_id"?: string | null,"user_id"?: string | null,"vouched_organization_id"?: never
                  }
                  Relationships: [
                    {
      foreignKeyName: "messages_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "messages_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "members"
      referencedColumns: ["organization_id","user_id"]
    },{
      foreignKeyName: "messages_vouched_organization_id_fkey"
      columns: ["vouched_organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"notification_preferences": {
                  Row: {
                    "channel": Database["public"]['Enums']["message_channel"],"client_id": string | null,"created_at": string,"id": string,"is_enabled": boolean,"kind": string | null,"organization_id": string,"updated_at": string,"user_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "channel": Database["public"]['Enums']["message_channel"],"client_id"?: string | null,"created_at"?: string,"id"?: string,"is_enabled": boolean,"kind"?: string | null,"organization_id": string,"updated_at"?: string,"user_id"?: string | null
                  }
                  Update: {
                    "channel"?: Database["public"]['Enums']["message_channel"],"client_id"?: string | null,"created_at"?: string,"id"?: string,"is_enabled"?: boolean,"kind"?: string | null,"organization_id"?: string,"updated_at"?: string,"user_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "notification_preferences_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "notification_preferences_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "members"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"notifications": {
                  Row: {
                    "created_at": string,"data": NonNullable<Json>,"id": string,"kind": string,"organization_id": string,"read_at": string | null,"subject_id": string | null,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"data"?: NonNullable<Json>,"id": string,"kind": string,"organization_id": string,"read_at"?: string | null,"subject_id"?: string | null,"user_id": string
                  }
                  Update: {
                    "created_at"?: string,"data"?: NonNullable<Json>,"id"?: string,"kind"?: string,"organization_id"?: string,"read_at"?: string | null,"subject_id"?: string | null,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "notifications_organization_id_id_fkey"
      columns: ["organization_id","id"]
isOneToOne: false
      referencedRelation: "messages"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"organization_settings": {
                  Row: {
                    "activation_required": boolean,"auto_confirm": boolean,"booking_horizon_days": number,"cancellation_window_minutes": number,"credit_overdraft_amount": number,"default_locale": string,"late_cancellation": Database["public"]['Enums']["late_cancellation_policy"],"minimum_notice_minutes": number,"organization_id": string,"report_quota_bytes": number,"self_registration": boolean,"slot_step_minutes": number,"updated_at": string,"updated_by": string | null,"version": number,"video_early_join_minutes": number,"video_late_leave_minutes": number,"waitlist_automatic_offers": boolean,"waitlist_offer_minutes": number
                  }
                  ComputedFields: never
                  Insert: {
                    "activation_required"?: boolean,"auto_confirm"?: boolean,"booking_horizon_days"?: number,"cancellation_window_minutes"?: number,"credit_overdraft_amount"?: number,"default_locale"?: string,"late_cancellation"?: Database["public"]['Enums']["late_cancellation_policy"],"minimum_notice_minutes"?: number,"organization_id": string,"report_quota_bytes"?: number,"self_registration"?: boolean,"slot_step_minutes"?: number,"updated_at"?: string,"updated_by"?: string | null,"version"?: number,"video_early_join_minutes"?: number,"video_late_leave_minutes"?: number,"waitlist_automatic_offers"?: boolean,"waitlist_offer_minutes"?: number
                  }
                  Update: {
                    "activation_required"?: boolean,"auto_confirm"?: boolean,"booking_horizon_days"?: number,"cancellation_window_minutes"?: number,"credit_overdraft_amount"?: number,"default_locale"?: string,"late_cancellation"?: Database["public"]['Enums']["late_cancellation_policy"],"minimum_notice_minutes"?: number,"organization_id"?: string,"report_quota_bytes"?: number,"self_registration"?: boolean,"slot_step_minutes"?: number,"updated_at"?: string,"updated_by"?: string | null,"version"?: number,"video_early_join_minutes"?: number,"video_late_leave_minutes"?: number,"waitlist_automatic_offers"?: boolean,"waitlist_offer_minutes"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "organization_settings_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: true
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"organizations": {
                  Row: {
                    "contact_email": string | null,"created_at": string,"currency": string,"id": string,"locale": string,"name": string,"slug": string,"timezone": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "contact_email"?: string | null,"created_at"?: string,"currency": string,"id"?: string,"locale"?: string,"name": string,"slug": string,"timezone": string,"updated_at"?: string
                  }
                  Update: {
                    "contact_email"?: string | null,"created_at"?: string,"currency"?: string,"id"?: string,"locale"?: string,"name"?: string,"slug"?: string,"timezone"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"payers": {
                  Row: {
                    "city": string | null,"country": string | null,"created_at": string,"email": string | null,"id": string,"locale": string | null,"name": string,"organization_id": string,"postal_code": string | null,"registration_number": string | null,"street": string | null,"updated_at": string,"vat_number": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "city"?: string | null,"country"?: string | null,"created_at"?: string,"email"?: string | null,"id"?: string,"locale"?: string | null,"name": string,"organization_id": string,"postal_code"?: string | null,"registration_number"?: string | null,"street"?: string | null,"updated_at"?: string,"vat_number"?: string | null
                  }
                  Update: {
                    "city"?: string | null,"country"?: string | null,"created_at"?: string,"email"?: string | null,"id"?: string,"locale"?: string | null,"name"?: string,"organization_id"?: string,"postal_code"?: string | null,"registration_number"?: string | null,"street"?: string | null,"updated_at"?: string,"vat_number"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "payers_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"payments": {
                  Row: {
                    "amount": number,"bank_transaction_id": string | null,"created_at": string,"created_by": string | null,"credit_entry_id": string | null,"currency": string,"id": string,"invoice_id": string | null,"method": Database["public"]['Enums']["payment_method"],"note": string | null,"organization_id": string,"paid_on": string,"reverses_payment_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"bank_transaction_id"?: string | null,"created_at"?: string,"created_by"?: string | null,"credit_entry_id"?: string | null,"currency": string,"id"?: string,"invoice_id"?: string | null,"method": Database["public"]['Enums']["payment_method"],"note"?: string | null,"organization_id": string,"paid_on": string,"reverses_payment_id"?: string | null
                  }
                  Update: {
                    "amount"?: number,"bank_transaction_id"?: string | null,"created_at"?: string,"created_by"?: string | null,"credit_entry_id"?: string | null,"currency"?: string,"id"?: string,"invoice_id"?: string | null,"method"?: Database["public"]['Enums']["payment_method"],"note"?: string | null,"organization_id"?: string,"paid_on"?: string,"reverses_payment_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "payments_organization_id_bank_transaction_id_fkey"
      columns: ["organization_id","bank_transaction_id"]
isOneToOne: false
      referencedRelation: "bank_transactions"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "payments_organization_id_credit_entry_id_fkey"
      columns: ["organization_id","credit_entry_id"]
isOneToOne: false
      referencedRelation: "credit_entries"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "payments_organization_id_credit_entry_id_fkey"
      columns: ["organization_id","credit_entry_id"]
isOneToOne: false
      referencedRelation: "credit_lots"
      referencedColumns: ["organization_id","entry_id"]
    },{
      foreignKeyName: "payments_organization_id_invoice_id_fkey"
      columns: ["organization_id","invoice_id"]
isOneToOne: false
      referencedRelation: "invoices"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "payments_organization_id_reverses_payment_id_fkey"
      columns: ["organization_id","reverses_payment_id"]
isOneToOne: false
      referencedRelation: "cash_movements"
      referencedColumns: ["organization_id","payment_id"]
    },{
      foreignKeyName: "payments_organization_id_reverses_payment_id_fkey"
      columns: ["organization_id","reverses_payment_id"]
isOneToOne: false
      referencedRelation: "payments"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"practitioners": {
                  Row: {
                    "biography": string | null,"colour": string,"created_at": string,"display_name": string,"id": string,"is_active": boolean,"organization_id": string,"title": string | null,"updated_at": string,"user_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "biography"?: string | null,"colour"?: string,"created_at"?: string,"display_name": string,"id"?: string,"is_active"?: boolean,"organization_id": string,"title"?: string | null,"updated_at"?: string,"user_id"?: string | null
                  }
                  Update: {
                    "biography"?: string | null,"colour"?: string,"created_at"?: string,"display_name"?: string,"id"?: string,"is_active"?: boolean,"organization_id"?: string,"title"?: string | null,"updated_at"?: string,"user_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "practitioners_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "practitioners_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: true
      referencedRelation: "members"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"profiles": {
                  Row: {
                    "created_at": string,"display_name": string | null,"locale": string | null,"phone": string | null,"timezone": string | null,"updated_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"display_name"?: string | null,"locale"?: string | null,"phone"?: string | null,"timezone"?: string | null,"updated_at"?: string,"user_id"?: string
                  }
                  Update: {
                    "created_at"?: string,"display_name"?: string | null,"locale"?: string | null,"phone"?: string | null,"timezone"?: string | null,"updated_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"quiet_hours": {
                  Row: {
                    "client_id": string | null,"created_at": string,"end_time": string,"id": string,"organization_id": string,"start_time": string,"timezone": string | null,"updated_at": string,"user_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id"?: string | null,"created_at"?: string,"end_time": string,"id"?: string,"organization_id": string,"start_time": string,"timezone"?: string | null,"updated_at"?: string,"user_id"?: string | null
                  }
                  Update: {
                    "client_id"?: string | null,"created_at"?: string,"end_time"?: string,"id"?: string,"organization_id"?: string,"start_time"?: string,"timezone"?: string | null,"updated_at"?: string,"user_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "quiet_hours_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "quiet_hours_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "members"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"reminder_rules": {
                  Row: {
                    "channel": Database["public"]['Enums']["message_channel"],"created_at": string,"id": string,"is_active": boolean,"kind": string,"minutes_before": number,"organization_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "channel": Database["public"]['Enums']["message_channel"],"created_at"?: string,"id"?: string,"is_active"?: boolean,"kind"?: string,"minutes_before": number,"organization_id": string,"updated_at"?: string
                  }
                  Update: {
                    "channel"?: Database["public"]['Enums']["message_channel"],"created_at"?: string,"id"?: string,"is_active"?: boolean,"kind"?: string,"minutes_before"?: number,"organization_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "reminder_rules_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"report_views": {
                  Row: {
                    "id": string,"organization_id": string,"report_id": string,"role": string,"viewed_at": string,"viewed_by": string
                  }
                  ComputedFields: never
                  Insert: {
                    "id"?: string,"organization_id": string,"report_id": string,"role": string,"viewed_at"?: string,"viewed_by"?: string
                  }
                  Update: {
                    "id"?: string,"organization_id"?: string,"report_id"?: string,"role"?: string,"viewed_at"?: string,"viewed_by"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "report_views_organization_id_report_id_fkey"
      columns: ["organization_id","report_id"]
isOneToOne: false
      referencedRelation: "client_reports"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "report_views_organization_id_report_id_fkey"
      columns: ["organization_id","report_id"]
isOneToOne: false
      referencedRelation: "latest_client_reports"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"rooms": {
                  Row: {
                    "created_at": string,"id": string,"is_active": boolean,"kind": Database["public"]['Enums']["room_kind"],"location_id": string,"name": string,"organization_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"id"?: string,"is_active"?: boolean,"kind"?: Database["public"]['Enums']["room_kind"],"location_id": string,"name": string,"organization_id": string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"id"?: string,"is_active"?: boolean,"kind"?: Database["public"]['Enums']["room_kind"],"location_id"?: string,"name"?: string,"organization_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "rooms_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "rooms_organization_id_location_id_fkey"
      columns: ["organization_id","location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"service_practitioners": {
                  Row: {
                    "created_at": string,"organization_id": string,"practitioner_id": string,"service_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"organization_id": string,"practitioner_id": string,"service_id": string
                  }
                  Update: {
                    "created_at"?: string,"organization_id"?: string,"practitioner_id"?: string,"service_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "service_practitioners_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "service_practitioners_organization_id_service_id_fkey"
      columns: ["organization_id","service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"service_rooms": {
                  Row: {
                    "created_at": string,"organization_id": string,"room_id": string,"service_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"organization_id": string,"room_id": string,"service_id": string
                  }
                  Update: {
                    "created_at"?: string,"organization_id"?: string,"room_id"?: string,"service_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "service_rooms_organization_id_room_id_fkey"
      columns: ["organization_id","room_id"]
isOneToOne: false
      referencedRelation: "rooms"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "service_rooms_organization_id_service_id_fkey"
      columns: ["organization_id","service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"service_taxes": {
                  Row: {
                    "organization_id": string,"service_id": string,"tax_category": Database["public"]['Enums']["tax_category"],"tax_rate": number
                  }
                  ComputedFields: never
                  Insert: {
                    "organization_id": string,"service_id": string,"tax_category": Database["public"]['Enums']["tax_category"],"tax_rate": number
                  }
                  Update: {
                    "organization_id"?: string,"service_id"?: string,"tax_category"?: Database["public"]['Enums']["tax_category"],"tax_rate"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "service_taxes_organization_id_service_id_fkey"
      columns: ["organization_id","service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"services": {
                  Row: {
                    "buffer_after_minutes": number,"buffer_before_minutes": number,"colour": string,"created_at": string,"currency": string,"description": string | null,"duration_minutes": number,"id": string,"is_active": boolean,"is_public": boolean,"mode": Database["public"]['Enums']["service_mode"],"name": string,"organization_id": string,"price_amount": number,"seats": number,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "buffer_after_minutes"?: number,"buffer_before_minutes"?: number,"colour"?: string,"created_at"?: string,"currency": string,"description"?: string | null,"duration_minutes": number,"id"?: string,"is_active"?: boolean,"is_public"?: boolean,"mode"?: Database["public"]['Enums']["service_mode"],"name": string,"organization_id": string,"price_amount"?: number,"seats"?: number,"updated_at"?: string
                  }
                  Update: {
                    "buffer_after_minutes"?: number,"buffer_before_minutes"?: number,"colour"?: string,"created_at"?: string,"currency"?: string,"description"?: string | null,"duration_minutes"?: number,"id"?: string,"is_active"?: boolean,"is_public"?: boolean,"mode"?: Database["public"]['Enums']["service_mode"],"name"?: string,"organization_id"?: string,"price_amount"?: number,"seats"?: number,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "services_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"suppressed_addresses": {
                  Row: {
                    "address": string,"channel": Database["public"]['Enums']["message_channel"],"created_at": string,"id": string,"organization_id": string,"reason": string
                  }
                  ComputedFields: never
                  Insert: {
                    "address": string,"channel": Database["public"]['Enums']["message_channel"],"created_at"?: string,"id"?: string,"organization_id": string,"reason": string
                  }
                  Update: {
                    "address"?: string,"channel"?: Database["public"]['Enums']["message_channel"],"created_at"?: string,"id"?: string,"organization_id"?: string,"reason"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "suppressed_addresses_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"tags": {
                  Row: {
                    "colour": string,"created_at": string,"id": string,"name": string,"organization_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "colour"?: string,"created_at"?: string,"id"?: string,"name": string,"organization_id": string,"updated_at"?: string
                  }
                  Update: {
                    "colour"?: string,"created_at"?: string,"id"?: string,"name"?: string,"organization_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "tags_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    }
                  ]
                },"time_off": {
                  Row: {
                    "created_at": string,"during": unknown,"id": string,"location_id": string | null,"organization_id": string,"practitioner_id": string | null,"reason": string | null,"room_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"during": unknown,"id"?: string,"location_id"?: string | null,"organization_id": string,"practitioner_id"?: string | null,"reason"?: string | null,"room_id"?: string | null
                  }
                  Update: {
                    "created_at"?: string,"during"?: unknown,"id"?: string,"location_id"?: string | null,"organization_id"?: string,"practitioner_id"?: string | null,"reason"?: string | null,"room_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "time_off_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "time_off_organization_id_location_id_fkey"
      columns: ["organization_id","location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "time_off_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "time_off_organization_id_room_id_fkey"
      columns: ["organization_id","room_id"]
isOneToOne: false
      referencedRelation: "rooms"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"waitlist_entries": {
                  Row: {
                    "appointment_id": string | null,"client_id": string,"created_at": string,"created_by": string | null,"ended_at": string | null,"id": string,"organization_id": string,"preferences": NonNullable<Json>,"priority": number,"service_id": string,"status": Database["public"]['Enums']["waitlist_status"],"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "appointment_id"?: string | null,"client_id": string,"created_at"?: string,"created_by"?: string | null,"ended_at"?: string | null,"id"?: string,"organization_id": string,"preferences"?: NonNullable<Json>,"priority"?: number,"service_id": string,"status"?: Database["public"]['Enums']["waitlist_status"],"updated_at"?: string
                  }
                  Update: {
                    "appointment_id"?: string | null,"client_id"?: string,"created_at"?: string,"created_by"?: string | null,"ended_at"?: string | null,"id"?: string,"organization_id"?: string,"preferences"?: NonNullable<Json>,"priority"?: number,"service_id"?: string,"status"?: Database["public"]['Enums']["waitlist_status"],"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "waitlist_entries_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "waitlist_entries_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "today_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "waitlist_entries_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "unpaid_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "waitlist_entries_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "waitlist_entries_organization_id_service_id_fkey"
      columns: ["organization_id","service_id"]
isOneToOne: false
      referencedRelation: "services"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"waitlist_offers": {
                  Row: {
                    "answered_at": string | null,"appointment_id": string,"client_id": string,"created_at": string,"created_by": string | null,"ends_at": string,"expires_at": string,"id": string,"is_automatic": boolean,"organization_id": string,"practitioner_id": string,"starts_at": string,"status": Database["public"]['Enums']["offer_status"],"token_hash": string | null,"waitlist_entry_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "answered_at"?: string | null,"appointment_id": string,"client_id": string,"created_at"?: string,"created_by"?: string | null,"ends_at": string,"expires_at": string,"id"?: string,"is_automatic"?: boolean,"organization_id": string,"practitioner_id": string,"starts_at": string,"status"?: Database["public"]['Enums']["offer_status"],"token_hash"?: string | null,"waitlist_entry_id": string
                  }
                  Update: {
                    "answered_at"?: string | null,"appointment_id"?: string,"client_id"?: string,"created_at"?: string,"created_by"?: string | null,"ends_at"?: string,"expires_at"?: string,"id"?: string,"is_automatic"?: boolean,"organization_id"?: string,"practitioner_id"?: string,"starts_at"?: string,"status"?: Database["public"]['Enums']["offer_status"],"token_hash"?: string | null,"waitlist_entry_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "waitlist_offers_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "waitlist_offers_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "today_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "waitlist_offers_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "unpaid_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "waitlist_offers_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "waitlist_offers_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "waitlist_offers_organization_id_waitlist_entry_id_fkey"
      columns: ["organization_id","waitlist_entry_id"]
isOneToOne: false
      referencedRelation: "waitlist_entries"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"working_hours": {
                  Row: {
                    "created_at": string,"end_time": string,"id": string,"location_id": string,"organization_id": string,"practitioner_id": string,"start_time": string,"updated_at": string,"valid_from": string,"valid_to": string | null,"weekday": number
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"end_time": string,"id"?: string,"location_id": string,"organization_id": string,"practitioner_id": string,"start_time": string,"updated_at"?: string,"valid_from"?: string,"valid_to"?: string | null,"weekday": number
                  }
                  Update: {
                    "created_at"?: string,"end_time"?: string,"id"?: string,"location_id"?: string,"organization_id"?: string,"practitioner_id"?: string,"start_time"?: string,"updated_at"?: string,"valid_from"?: string,"valid_to"?: string | null,"weekday"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "working_hours_organization_id_location_id_fkey"
      columns: ["organization_id","location_id"]
isOneToOne: false
      referencedRelation: "locations"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "working_hours_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                }
          }
          Views: {
            "billing_report_summaries": {
                  Row: {
                    "client_id": string,"client_name": string,"completed_invoiced_amount": number | null,"completed_invoiced_count": number | null,"completed_paid_amount": number | null,"completed_paid_count": number | null,"completed_unpaid_amount": number | null,"completed_unpaid_count": number | null,"currency": string,"no_show_amount": number | null,"no_show_count": number | null,"organization_id": string,"practitioner_id": string,"practitioner_name": string,"report_id": string,"service_id": string,"service_name": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "billing_report_lines_organization_id_report_id_fkey"
      columns: ["organization_id","report_id"]
isOneToOne: false
      referencedRelation: "billing_reports"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"cash_movements": {
                  Row: {
                    "amount": number,"bank_transaction_id": string | null,"created_at": string,"currency": string,"invoice_number": string | null,"method": Database["public"]['Enums']["payment_method"],"name": string | null,"note": string | null,"organization_id": string,"paid_on": string,"payment_id": string,"reverses_payment_id": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "payments_organization_id_bank_transaction_id_fkey"
      columns: ["organization_id","bank_transaction_id"]
isOneToOne: false
      referencedRelation: "bank_transactions"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "payments_organization_id_reverses_payment_id_fkey"
      columns: ["organization_id","reverses_payment_id"]
isOneToOne: false
      referencedRelation: "cash_movements"
      referencedColumns: ["organization_id","payment_id"]
    },{
      foreignKeyName: "payments_organization_id_reverses_payment_id_fkey"
      columns: ["organization_id","reverses_payment_id"]
isOneToOne: false
      referencedRelation: "payments"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"credit_accounts": {
                  Row: {
                    "balance_amount": number,"client_id": string,"currency": string,"last_number": number,"organization_id": string,"overdraft_amount": number
                  }
                  ComputedFields: never
                  Insert: {
                           "balance_amount"?: number | null,"client_id"?: string | null,"currency"?: string | null,"last_number"?: number | null,"organization_id"?: string | null,"overdraft_amount"?: number | null
                         }
                        Update: {
                           "balance_amount"?: number | null,"client_id"?: string | null,"currency"?: string | null,"last_number"?: number | null,"organization_id"?: string | null,"overdraft_amount"?: number | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "credit_entries_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"credit_balances": {
                  Row: {
                    "available_amount": number | null,"balance_amount": number,"client_id": string,"currency": string,"organization_id": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "credit_entries_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"credit_lots": {
                  Row: {
                    "client_id": string,"created_at": string,"currency": string,"entry_id": string,"expires_at": string | null,"number": number,"organization_id": string,"remaining_amount": number | null
                  }
                  ComputedFields: never
                  Insert: {
                           "client_id"?: string | null,"created_at"?: string | null,"currency"?: string | null,"entry_id"?: string | null,"expires_at"?: string | null,"number"?: number | null,"organization_id"?: string | null,"remaining_amount"?: number | null
                         }
                        Update: {
                           "client_id"?: string | null,"created_at"?: string | null,"currency"?: string | null,"entry_id"?: string | null,"expires_at"?: string | null,"number"?: number | null,"organization_id"?: string | null,"remaining_amount"?: number | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "credit_entries_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"invoice_taxes": {
                  Row: {
                    "gross_amount": number | null,"invoice_id": string,"net_amount": number | null,"organization_id": string,"tax_amount": number | null,"tax_category": Database["public"]['Enums']["tax_category"],"tax_rate": number
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "invoice_lines_organization_id_invoice_id_fkey"
      columns: ["organization_id","invoice_id"]
isOneToOne: false
      referencedRelation: "invoices"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"latest_client_reports": {
                  Row: {
                    "appointment_id": string | null,"client_id": string,"content_type": string,"created_at": string,"created_by": string | null,"file_name": string,"id": string,"organization_id": string,"previous_id": string | null,"sha256": string | null,"size_bytes": number,"storage_path": string,"stored_at": string | null,"title": string,"version": number,"visible_to_client": boolean
                  }
                  ComputedFields: never
                  Insert: {
                           "appointment_id"?: string | null,"client_id"?: string | null,"content_type"?: string | null,"created_at"?: string | null,"created_by"?: string | null,"file_name"?: string | null,"id"?: string | null,"organization_id"?: string | null,"previous_id"?: string | null,"sha256"?: string | null,"size_bytes"?: number | null,"storage_path"?: string | null,"stored_at"?: string | null,"title"?: string | null,"version"?: number | null,"visible_to_client"?: boolean | null
                         }
                        Update: {
                           "appointment_id"?: string | null,"client_id"?: string | null,"content_type"?: string | null,"created_at"?: string | null,"created_by"?: string | null,"file_name"?: string | null,"id"?: string | null,"organization_id"?: string | null,"previous_id"?: string | null,"sha256"?: string | null,"size_bytes"?: number | null,"storage_path"?: string | null,"stored_at"?: string | null,"title"?: string | null,"version"?: number | null,"visible_to_client"?: boolean | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "client_reports_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "client_reports_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "today_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "client_reports_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "unpaid_appointments"
      referencedColumns: ["organization_id","appointment_id"]
    },{
      foreignKeyName: "client_reports_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "client_reports_organization_id_client_id_previous_id_fkey"
      columns: ["organization_id","client_id","previous_id"]
isOneToOne: false
      referencedRelation: "client_reports"
      referencedColumns: ["organization_id","client_id","id"]
    },{
      foreignKeyName: "client_reports_organization_id_client_id_previous_id_fkey"
      columns: ["organization_id","client_id","previous_id"]
isOneToOne: false
      referencedRelation: "latest_client_reports"
      referencedColumns: ["organization_id","client_id","id"]
    }
                  ]
                },"organization_months": {
                  Row: {
                    "cancelled_count": number | null,"client_count": number | null,"completed_amount": number | null,"completed_count": number | null,"currency": string,"month": string | null,"no_show_count": number | null,"open_count": number | null,"organization_id": string,"unpaid_amount": number | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"practitioner_months": {
                  Row: {
                    "cancelled_count": number | null,"client_count": number | null,"completed_amount": number | null,"completed_count": number | null,"currency": string,"month": string | null,"no_show_count": number | null,"open_count": number | null,"organization_id": string,"practitioner_id": string,"practitioner_name": string
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "appointments_organization_id_practitioner_id_fkey"
      columns: ["organization_id","practitioner_id"]
isOneToOne: false
      referencedRelation: "practitioners"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"today_appointments": {
                  Row: {
                    "appointment_id": string,"client_name": string | null,"client_phone": string | null,"currency": string,"ends_at": string,"local_start_time": string | null,"location_name": string,"organization_id": string,"payment_status": Database["public"]['Enums']["payment_status"],"practitioner_name": string,"price_amount": number,"room_name": string | null,"service_name": string,"starts_at": string,"status": Database["public"]['Enums']["appointment_status"]
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"unpaid_appointments": {
                  Row: {
                    "appointment_id": string,"client_id": string,"client_name": string | null,"currency": string,"days_since": number | null,"organization_id": string,"practitioner_name": string,"price_amount": number,"service_name": string,"starts_at": string,"status": Database["public"]['Enums']["appointment_status"]
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "appointments_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                }
          }
          Functions: {
            "accept_invitation":
{ Args: { "token": string }; Returns: Json
                           },
"accept_offer":
{ Args: { "idempotency_key"?: string,"token"?: string,"waitlist_offer_id"?: string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"adjust_credits":
{ Args: { "amount": number,"client_id": string,"currency"?: string,"expires_at"?: string,"idempotency_key"?: string,"reason": string }; Returns: {
              "amount": number,
"appointment_id": string | null,
"balance_after_amount": number,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"expires_at": string | null,
"id": string,
"kind": Database["public"]['Enums']["credit_entry_kind"],
"lot_amounts": (number)[],
"lot_expiries": (string)[],
"lot_ids": (string)[],
"number": number,
"organization_id": string,
"overdraft_amount": number,
"reason": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "credit_entries"
        isOneToOne: true
        isSetofReturn: false
      } },
"announce_bookings":
{ Args: { "batch_size"?: number }; Returns: number
                           },
"appointment_calendar":
{ Args: { "appointment_id": string }; Returns: Json
                           },
"archive_client":
{ Args: { "client_id": string,"is_archived"?: boolean }; Returns: {
              "archived_at": string | null,
"birth_date": string | null,
"created_at": string,
"email": string | null,
"family_name": string,
"given_name": string,
"id": string,
"locale": string | null,
"organization_id": string,
"phone": string | null,
"search_text": string,
"timezone": string | null,
"updated_at": string,
"user_id": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "clients"
        isOneToOne: true
        isSetofReturn: false
      } },
"archive_client_report":
{ Args: { "is_archived"?: boolean,"report_id": string }; Returns: {
              "appointment_id": string | null,
"archived_at": string | null,
"client_id": string,
"content_type": string,
"created_at": string,
"created_by": string | null,
"file_name": string,
"id": string,
"organization_id": string,
"previous_id": string | null,
"refusal": string | null,
"sha256": string | null,
"size_bytes": number,
"status": Database["public"]['Enums']["client_report_status"],
"storage_path": string,
"stored_at": string | null,
"title": string,
"updated_at": string,
"version": number,
"visible_to_client": boolean
            }
                          SetofOptions: {
        from: "*"
        to: "client_reports"
        isOneToOne: true
        isSetofReturn: false
      } },
"bank_account_token":
{ Args: { "bank_account_id": string }; Returns: string
                           },
"book_appointment":
{ Args: { "allow_overlap"?: boolean,"client_id"?: string,"idempotency_key"?: string,"location_id"?: string,"note"?: string,"overlap_reason"?: string,"practitioner_id"?: string,"room_id"?: string,"service_id": string,"starts_at": string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"book_block":
{ Args: { "client_id": string,"idempotency_key"?: string,"interval_weeks"?: number,"note"?: string,"occurrences": number,"practitioner_id": string,"room_id"?: string,"service_id": string,"skip_conflicts"?: boolean,"starts_at": string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: false
        isSetofReturn: true
      } },
"booking_rules":
{ Args: { "organization_id"?: string }; Returns: Json
                           },
"cancel_appointment":
{ Args: { "appointment_id": string,"idempotency_key"?: string,"reason"?: string,"refund"?: boolean }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"cancel_block":
{ Args: { "appointment_id": string,"idempotency_key"?: string,"reason"?: string,"refund"?: boolean,"scope": string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: false
        isSetofReturn: true
      } },
"cancel_bulk_operation":
{ Args: { "operation_id": string }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"cancel_day":
{ Args: { "close_day"?: boolean,"day": string,"idempotency_key"?: string,"practitioner_id": string,"reason"?: string,"refund"?: boolean }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"cancellation_stats":
{ Args: { "from_date": string,"location_id"?: string,"organization_id"?: string,"practitioner_id"?: string,"to_date": string }; Returns: Json
                           },
"claim_bank_sync":
{ Args: { "bank_account_id": string }; Returns: Json
                           },
"claim_messages":
{ Args: { "batch_size"?: number,"lease_seconds"?: number,"worker": string }; Returns: Json
                           },
"client_import_progress":
{ Args: { "after"?: number,"operation_id": string,"page_size"?: number }; Returns: Json
                           },
"client_tag_stats":
{ Args: { "organization_id"?: string }; Returns: Json
                           },
"complete_appointment":
{ Args: { "appointment_id": string,"idempotency_key"?: string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"confirm_appointment":
{ Args: { "appointment_id": string,"idempotency_key"?: string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_billing_report":
{ Args: { "idempotency_key"?: string,"organization_id"?: string,"period_end": string,"period_start": string }; Returns: {
              "created_at": string,
"created_by": string | null,
"id": string,
"line_count": number,
"organization_id": string,
"period_end": string,
"period_start": string,
"timezone": string,
"totals": NonNullable<Json>
            }
                          SetofOptions: {
        from: "*"
        to: "billing_reports"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_credit_note":
{ Args: { "idempotency_key"?: string,"invoice_id": string,"line_ids"?: (string)[],"reason": string }; Returns: {
              "bank_account": Json | null,
"billing_report_id": string | null,
"client_id": string | null,
"corrects_invoice_id": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"due_on": string | null,
"id": string,
"issued_at": string | null,
"issued_on": string | null,
"kind": Database["public"]['Enums']["invoice_kind"],
"locale": string,
"net_amount": number,
"note": string | null,
"number": string | null,
"open_amount": number,
"organization_id": string,
"paid_amount": number,
"payer": Json | null,
"payer_id": string | null,
"prices_include_tax": boolean,
"sent_at": string | null,
"sequence": number | null,
"series": string,
"status": Database["public"]['Enums']["invoice_status"],
"supplied_on": string | null,
"supplier": Json | null,
"tax_amount": number,
"total_amount": number,
"updated_at": string,
"variable_symbol": string | null,
"void_reason": string | null,
"voided_at": string | null,
"voided_by": string | null,
"year": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "invoices"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_invitation":
{ Args: { "client_id"?: string,"display_name"?: string,"email": string,"expires_in_hours"?: number,"organization_id"?: string,"role"?: Database["public"]['Enums']["member_role"] }; Returns: Json
                           },
"create_invoice":
{ Args: { "appointment_ids"?: (string)[],"client_id": string,"currency"?: string,"due_on"?: string,"idempotency_key"?: string,"lines"?: Json,"note"?: string,"payer_id"?: string,"period_end"?: string,"period_start"?: string,"series"?: string }; Returns: {
              "bank_account": Json | null,
"billing_report_id": string | null,
"client_id": string | null,
"corrects_invoice_id": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"due_on": string | null,
"id": string,
"issued_at": string | null,
"issued_on": string | null,
"kind": Database["public"]['Enums']["invoice_kind"],
"locale": string,
"net_amount": number,
"note": string | null,
"number": string | null,
"open_amount": number,
"organization_id": string,
"paid_amount": number,
"payer": Json | null,
"payer_id": string | null,
"prices_include_tax": boolean,
"sent_at": string | null,
"sequence": number | null,
"series": string,
"status": Database["public"]['Enums']["invoice_status"],
"supplied_on": string | null,
"supplier": Json | null,
"tax_amount": number,
"total_amount": number,
"updated_at": string,
"variable_symbol": string | null,
"void_reason": string | null,
"voided_at": string | null,
"voided_by": string | null,
"year": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "invoices"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_invoices_from_report":
{ Args: { "billing_report_id": string,"idempotency_key"?: string }; Returns: {
              "bank_account": Json | null,
"billing_report_id": string | null,
"client_id": string | null,
"corrects_invoice_id": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"due_on": string | null,
"id": string,
"issued_at": string | null,
"issued_on": string | null,
"kind": Database["public"]['Enums']["invoice_kind"],
"locale": string,
"net_amount": number,
"note": string | null,
"number": string | null,
"open_amount": number,
"organization_id": string,
"paid_amount": number,
"payer": Json | null,
"payer_id": string | null,
"prices_include_tax": boolean,
"sent_at": string | null,
"sequence": number | null,
"series": string,
"status": Database["public"]['Enums']["invoice_status"],
"supplied_on": string | null,
"supplier": Json | null,
"tax_amount": number,
"total_amount": number,
"updated_at": string,
"variable_symbol": string | null,
"void_reason": string | null,
"voided_at": string | null,
"voided_by": string | null,
"year": number | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "invoices"
        isOneToOne: false
        isSetofReturn: true
      } },
"create_organization":
{ Args: { "currency": string,"locale"?: string,"name": string,"owner_name"?: string,"owner_user_id": string,"slug": string,"timezone": string }; Returns: {
              "contact_email": string | null,
"created_at": string,
"currency": string,
"id": string,
"locale": string,
"name": string,
"slug": string,
"timezone": string,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "organizations"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_payer":
{ Args: { "city"?: string,"country"?: string,"email"?: string,"idempotency_key"?: string,"locale"?: string,"name": string,"organization_id"?: string,"postal_code"?: string,"registration_number"?: string,"street"?: string,"vat_number"?: string }; Returns: {
              "city": string | null,
"country": string | null,
"created_at": string,
"email": string | null,
"id": string,
"locale": string | null,
"name": string,
"organization_id": string,
"postal_code": string | null,
"registration_number": string | null,
"street": string | null,
"updated_at": string,
"vat_number": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "payers"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_top_up_invoice":
{ Args: { "amount": number,"client_id": string,"currency"?: string,"due_on"?: string,"idempotency_key"?: string }; Returns: {
              "bank_account": Json | null,
"billing_report_id": string | null,
"client_id": string | null,
"corrects_invoice_id": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"due_on": string | null,
"id": string,
"issued_at": string | null,
"issued_on": string | null,
"kind": Database["public"]['Enums']["invoice_kind"],
"locale": string,
"net_amount": number,
"note": string | null,
"number": string | null,
"open_amount": number,
"organization_id": string,
"paid_amount": number,
"payer": Json | null,
"payer_id": string | null,
"prices_include_tax": boolean,
"sent_at": string | null,
"sequence": number | null,
"series": string,
"status": Database["public"]['Enums']["invoice_status"],
"supplied_on": string | null,
"supplier": Json | null,
"tax_amount": number,
"total_amount": number,
"updated_at": string,
"variable_symbol": string | null,
"void_reason": string | null,
"voided_at": string | null,
"voided_by": string | null,
"year": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "invoices"
        isOneToOne: true
        isSetofReturn: false
      } },
"credit_bank_transaction":
{ Args: { "amount"?: number,"bank_transaction_id": string,"client_id": string,"idempotency_key"?: string }; Returns: {
              "amount": number,
"bank_account_id": string,
"bank_reference": string | null,
"booked_on": string,
"constant_symbol": string | null,
"counterparty": string | null,
"counterparty_account": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"dedupe_key": string,
"id": string,
"ignore_reason": string | null,
"ignored_at": string | null,
"ignored_by": string | null,
"is_reversal": boolean,
"matched_amount": number,
"message": string | null,
"organization_id": string,
"reference": string | null,
"source": string,
"specific_symbol": string | null,
"status": Database["public"]['Enums']["bank_transaction_status"],
"suggestions": NonNullable<Json>,
"updated_at": string,
"valued_on": string | null,
"variable_symbol": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "bank_transactions"
        isOneToOne: true
        isSetofReturn: false
      } },
"credit_statement":
{ Args: { "before"?: number,"client_id": string,"currency"?: string,"page_size"?: number }; Returns: {
              "amount": number,
"appointment_id": string | null,
"balance_after_amount": number,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"expires_at": string | null,
"id": string,
"kind": Database["public"]['Enums']["credit_entry_kind"],
"lot_amounts": (number)[],
"lot_expiries": (string)[],
"lot_ids": (string)[],
"number": number,
"organization_id": string,
"overdraft_amount": number,
"reason": string | null
            }[]
                          SetofOptions: {
        from: "*"
        to: "credit_entries"
        isOneToOne: false
        isSetofReturn: true
      } },
"current_identity":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"debtors_report":
{ Args: { "as_of"?: string,"organization_id"?: string }; Returns: Json
                           },
"decline_offer":
{ Args: { "idempotency_key"?: string,"token"?: string,"waitlist_offer_id"?: string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"drop_push_device":
{ Args: { "registration": string }; Returns: boolean
                           },
"erase_client":
{ Args: { "client_id": string,"reason": string }; Returns: {
              "archived_at": string | null,
"birth_date": string | null,
"created_at": string,
"email": string | null,
"family_name": string,
"given_name": string,
"id": string,
"locale": string | null,
"organization_id": string,
"phone": string | null,
"search_text": string,
"timezone": string | null,
"updated_at": string,
"user_id": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "clients"
        isOneToOne: true
        isSetofReturn: false
      } },
"find_bank_account":
{ Args: { "account"?: string,"currency"?: string,"organization_id"?: string }; Returns: {
              "account_number": string | null,
"bic": string | null,
"created_at": string,
"currency": string,
"iban": string | null,
"id": string,
"is_active": boolean,
"is_default": boolean,
"name": string,
"organization_id": string,
"provider": string | null,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "bank_accounts"
        isOneToOne: true
        isSetofReturn: false
      } },
"find_bookable_days":
{ Args: { "from_date": string,"location_id"?: string,"practitioner_id"?: string,"service_id": string,"to_date": string }; Returns: Json
                           },
"find_slots":
{ Args: { "from_date": string,"location_id"?: string,"practitioner_id"?: string,"service_id": string,"to_date": string }; Returns: Json
                           },
"finish_bank_sync":
{ Args: { "bank_account_id": string,"synced_until": string }; Returns: undefined
                           },
"ignore_bank_transaction":
{ Args: { "bank_transaction_id": string,"idempotency_key"?: string,"is_ignored"?: boolean,"reason"?: string }; Returns: {
              "amount": number,
"bank_account_id": string,
"bank_reference": string | null,
"booked_on": string,
"constant_symbol": string | null,
"counterparty": string | null,
"counterparty_account": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"dedupe_key": string,
"id": string,
"ignore_reason": string | null,
"ignored_at": string | null,
"ignored_by": string | null,
"is_reversal": boolean,
"matched_amount": number,
"message": string | null,
"organization_id": string,
"reference": string | null,
"source": string,
"specific_symbol": string | null,
"status": Database["public"]['Enums']["bank_transaction_status"],
"suggestions": NonNullable<Json>,
"updated_at": string,
"valued_on": string | null,
"variable_symbol": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "bank_transactions"
        isOneToOne: true
        isSetofReturn: false
      } },
"import_bank_transactions":
{ Args: { "bank_account_id": string,"idempotency_key"?: string,"source": string,"transactions": Json }; Returns: Json
                           },
"import_clients":
{ Args: { "operation_id": string,"rows": Json }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"invoice_document":
{ Args: { "invoice_id": string }; Returns: Json
                           },
"issue_invoice":
{ Args: { "idempotency_key"?: string,"invoice_id": string,"issued_on"?: string }; Returns: {
              "bank_account": Json | null,
"billing_report_id": string | null,
"client_id": string | null,
"corrects_invoice_id": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"due_on": string | null,
"id": string,
"issued_at": string | null,
"issued_on": string | null,
"kind": Database["public"]['Enums']["invoice_kind"],
"locale": string,
"net_amount": number,
"note": string | null,
"number": string | null,
"open_amount": number,
"organization_id": string,
"paid_amount": number,
"payer": Json | null,
"payer_id": string | null,
"prices_include_tax": boolean,
"sent_at": string | null,
"sequence": number | null,
"series": string,
"status": Database["public"]['Enums']["invoice_status"],
"supplied_on": string | null,
"supplier": Json | null,
"tax_amount": number,
"total_amount": number,
"updated_at": string,
"variable_symbol": string | null,
"void_reason": string | null,
"voided_at": string | null,
"voided_by": string | null,
"year": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "invoices"
        isOneToOne: true
        isSetofReturn: false
      } },
"join_waitlist":
{ Args: { "client_id"?: string,"idempotency_key"?: string,"preferences"?: Json,"priority"?: number,"service_id": string }; Returns: {
              "appointment_id": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"ended_at": string | null,
"id": string,
"organization_id": string,
"preferences": NonNullable<Json>,
"priority": number,
"service_id": string,
"status": Database["public"]['Enums']["waitlist_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "waitlist_entries"
        isOneToOne: true
        isSetofReturn: false
      } },
"lease_requests":
{ Args: { "class": string,"wanted"?: number }; Returns: Json
                           },
"leave_waitlist":
{ Args: { "idempotency_key"?: string,"waitlist_entry_id": string }; Returns: {
              "appointment_id": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"ended_at": string | null,
"id": string,
"organization_id": string,
"preferences": NonNullable<Json>,
"priority": number,
"service_id": string,
"status": Database["public"]['Enums']["waitlist_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "waitlist_entries"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_due_reminders":
{ Args: { "organization_id"?: string }; Returns: Json
                           },
"look_up_link":
{ Args: { "token": string }; Returns: Json
                           },
"mark_all_notifications_read":
{ Args: { "organization_id"?: string }; Returns: number
                           },
"mark_invoiced":
{ Args: { "appointment_ids": (string)[],"idempotency_key"?: string }; Returns: number
                           },
"mark_no_show":
{ Args: { "appointment_id": string,"idempotency_key"?: string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"mark_notification_read":
{ Args: { "notification_id": string }; Returns: {
              "created_at": string,
"data": NonNullable<Json>,
"id": string,
"kind": string,
"organization_id": string,
"read_at": string | null,
"subject_id": string | null,
"user_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "notifications"
        isOneToOne: true
        isSetofReturn: false
      } },
"match_bank_transaction":
{ Args: { "amount"?: number,"bank_transaction_id": string,"idempotency_key"?: string,"invoice_id"?: string }; Returns: {
              "amount": number,
"bank_account_id": string,
"bank_reference": string | null,
"booked_on": string,
"constant_symbol": string | null,
"counterparty": string | null,
"counterparty_account": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"dedupe_key": string,
"id": string,
"ignore_reason": string | null,
"ignored_at": string | null,
"ignored_by": string | null,
"is_reversal": boolean,
"matched_amount": number,
"message": string | null,
"organization_id": string,
"reference": string | null,
"source": string,
"specific_symbol": string | null,
"status": Database["public"]['Enums']["bank_transaction_status"],
"suggestions": NonNullable<Json>,
"updated_at": string,
"valued_on": string | null,
"variable_symbol": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "bank_transactions"
        isOneToOne: true
        isSetofReturn: false
      } },
"match_bank_transactions":
{ Args: { "after_id"?: string,"batch_size"?: number,"organization_id"?: string }; Returns: Json
                           },
"monthly_overview":
{ Args: { "from_date": string,"location_id"?: string,"organization_id"?: string,"practitioner_id"?: string,"to_date": string }; Returns: Json
                           },
"move_day":
{ Args: { "close_day"?: boolean,"from_day": string,"idempotency_key"?: string,"latest_day"?: string,"practitioner_id": string,"reason"?: string,"to_day": string,"to_practitioner_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"occupancy_stats":
{ Args: { "from_date": string,"location_id"?: string,"organization_id"?: string,"practitioner_id"?: string,"to_date": string }; Returns: Json
                           },
"offer_slot":
{ Args: { "expires_in"?: string,"idempotency_key"?: string,"practitioner_id": string,"starts_at": string,"waitlist_entry_id": string }; Returns: Json
                           },
"open_video_room":
{ Args: { "appointment_id": string }; Returns: Json
                           },
"orphaned_report_files":
{ Args: { "page_size"?: number }; Returns: Json
                           },
"pay_appointment":
{ Args: { "appointment_id": string,"idempotency_key"?: string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"prepare_client_report":
{ Args: { "appointment_id"?: string,"client_id": string,"content_type": string,"file_name": string,"idempotency_key"?: string,"previous_id"?: string,"size_bytes": number,"title": string,"visible_to_client"?: boolean }; Returns: {
              "appointment_id": string | null,
"archived_at": string | null,
"client_id": string,
"content_type": string,
"created_at": string,
"created_by": string | null,
"file_name": string,
"id": string,
"organization_id": string,
"previous_id": string | null,
"refusal": string | null,
"sha256": string | null,
"size_bytes": number,
"status": Database["public"]['Enums']["client_report_status"],
"storage_path": string,
"stored_at": string | null,
"title": string,
"updated_at": string,
"version": number,
"visible_to_client": boolean
            }
                          SetofOptions: {
        from: "*"
        to: "client_reports"
        isOneToOne: true
        isSetofReturn: false
      } },
"prepare_messages":
{ Args: { "lease": string,"message_ids": (string)[] }; Returns: Json
                           },
"preview_client_import":
{ Args: { "on_duplicate"?: string,"organization_id"?: string,"rows": Json }; Returns: Json
                           },
"record_delivery_event":
{ Args: { "address"?: string,"detail"?: string,"event_id": string,"message_id"?: string,"provider": string,"provider_id"?: string,"state": string }; Returns: string
                           },
"record_payment":
{ Args: { "amount": number,"idempotency_key"?: string,"invoice_id": string,"method"?: string,"note"?: string,"paid_on"?: string }; Returns: Json
                           },
"record_worker_run":
{ Args: { "counts"?: Json,"started_at": string,"worker": string }; Returns: string
                           },
"register_client":
{ Args: { "family_name": string,"given_name": string,"organization_slug": string,"phone"?: string }; Returns: {
              "archived_at": string | null,
"birth_date": string | null,
"created_at": string,
"email": string | null,
"family_name": string,
"given_name": string,
"id": string,
"locale": string | null,
"organization_id": string,
"phone": string | null,
"search_text": string,
"timezone": string | null,
"updated_at": string,
"user_id": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "clients"
        isOneToOne: true
        isSetofReturn: false
      } },
"register_message_links":
{ Args: { "lease": string,"links": Json }; Returns: number
                           },
"register_push_device":
{ Args: { "platform": string,"registration": string }; Returns: string
                           },
"remove_member":
{ Args: { "member_id": string }; Returns: undefined
                           },
"requeue_message":
{ Args: { "message_id": string }; Returns: {
              "address": string | null,
"attachments": NonNullable<Json>,
"attempts": number,
"channel": Database["public"]['Enums']["message_channel"],
"client_id": string | null,
"created_at": string,
"data": NonNullable<Json>,
"delivered_at": string | null,
"due_at": string,
"error": string | null,
"expires_at": string | null,
"id": string,
"key": string,
"kind": string,
"lease": string | null,
"leased_by": string | null,
"leased_until": string | null,
"locale": string | null,
"organization_id": string,
"priority": number,
"provider": string | null,
"provider_id": string | null,
"requeued_at": string | null,
"send_after": string,
"sent_at": string | null,
"status": Database["public"]['Enums']["message_status"],
"subject_id": string | null,
"user_id": string | null,
"vouched_organization_id": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "messages"
        isOneToOne: true
        isSetofReturn: false
      } },
"reschedule_appointment":
{ Args: { "allow_overlap"?: boolean,"appointment_id": string,"idempotency_key"?: string,"overlap_reason"?: string,"practitioner_id"?: string,"room_id"?: string,"starts_at": string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"reschedule_block":
{ Args: { "appointment_id": string,"idempotency_key"?: string,"practitioner_id"?: string,"room_id"?: string,"scope": string,"starts_at": string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }[]
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: false
        isSetofReturn: true
      } },
"revenue_report":
{ Args: { "from_date": string,"organization_id"?: string,"to_date": string }; Returns: Json
                           },
"reverse_payment":
{ Args: { "idempotency_key"?: string,"payment_id": string,"reason": string }; Returns: Json
                           },
"revoke_invitation":
{ Args: { "invitation_id": string }; Returns: undefined
                           },
"run_bulk_operation":
{ Args: { "max_items"?: number,"operation_id": string }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"search_clients":
{ Args: { "after"?: string,"organization_id"?: string,"page_size"?: number,"query": string }; Returns: Database["public"]['CompositeTypes']["client_search_result"][]
                          SetofOptions: {
        from: "*"
        to: "client_search_result"
        isOneToOne: false
        isSetofReturn: true
      } },
"send_bulk_invoice":
{ Args: { "number": number,"operation_id": string }; Returns: {
              "code": string | null,
"detail": string | null,
"finished_at": string | null,
"managers_only": boolean,
"number": number,
"operation_id": string,
"organization_id": string,
"payload": NonNullable<Json>,
"result": Json | null,
"status": Database["public"]['Enums']["bulk_item_status"],
"subject_id": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operation_items"
        isOneToOne: true
        isSetofReturn: false
      } },
"send_invoice":
{ Args: { "idempotency_key"?: string,"invoice_id": string,"resend"?: boolean }; Returns: Json
                           },
"send_message_to_clients":
{ Args: { "all_clients"?: boolean,"body": string,"channel": string,"client_ids"?: (string)[],"day"?: string,"idempotency_key"?: string,"organization_id"?: string,"practitioner_id"?: string,"subject"?: string,"tag_id"?: string }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"send_overdue_reminders":
{ Args: { "idempotency_key"?: string,"organization_id"?: string }; Returns: Json
                           },
"set_bank_account_token":
{ Args: { "bank_account_id": string,"token": string }; Returns: undefined
                           },
"set_booking_activation":
{ Args: { "from_date": string,"is_open": boolean,"practitioner_id": string,"to_date": string }; Returns: number
                           },
"set_member_role":
{ Args: { "member_id": string,"role": Database["public"]['Enums']["member_role"] }; Returns: {
              "created_at": string,
"display_name": string,
"id": string,
"organization_id": string,
"role": Database["public"]['Enums']["member_role"],
"updated_at": string,
"user_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "members"
        isOneToOne: true
        isSetofReturn: false
      } },
"set_notification_preference":
{ Args: { "channel": string,"is_enabled": boolean,"kind"?: string,"organization_id"?: string }; Returns: {
              "channel": Database["public"]['Enums']["message_channel"],
"client_id": string | null,
"created_at": string,
"id": string,
"is_enabled": boolean,
"kind": string | null,
"organization_id": string,
"updated_at": string,
"user_id": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "notification_preferences"
        isOneToOne: true
        isSetofReturn: false
      } },
"set_quiet_hours":
{ Args: { "end_time": string,"organization_id"?: string,"start_time": string,"timezone"?: string }; Returns: {
              "client_id": string | null,
"created_at": string,
"end_time": string,
"id": string,
"organization_id": string,
"start_time": string,
"timezone": string | null,
"updated_at": string,
"user_id": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "quiet_hours"
        isOneToOne: true
        isSetofReturn: false
      } },
"set_report_visibility":
{ Args: { "report_id": string,"visible_to_client": boolean }; Returns: {
              "appointment_id": string | null,
"archived_at": string | null,
"client_id": string,
"content_type": string,
"created_at": string,
"created_by": string | null,
"file_name": string,
"id": string,
"organization_id": string,
"previous_id": string | null,
"refusal": string | null,
"sha256": string | null,
"size_bytes": number,
"status": Database["public"]['Enums']["client_report_status"],
"storage_path": string,
"stored_at": string | null,
"title": string,
"updated_at": string,
"version": number,
"visible_to_client": boolean
            }
                          SetofOptions: {
        from: "*"
        to: "client_reports"
        isOneToOne: true
        isSetofReturn: false
      } },
"settle_client_report":
{ Args: { "content_type": string,"digest": string,"report_id": string,"size_bytes": number }; Returns: {
              "appointment_id": string | null,
"archived_at": string | null,
"client_id": string,
"content_type": string,
"created_at": string,
"created_by": string | null,
"file_name": string,
"id": string,
"organization_id": string,
"previous_id": string | null,
"refusal": string | null,
"sha256": string | null,
"size_bytes": number,
"status": Database["public"]['Enums']["client_report_status"],
"storage_path": string,
"stored_at": string | null,
"title": string,
"updated_at": string,
"version": number,
"visible_to_client": boolean
            }
                          SetofOptions: {
        from: "*"
        to: "client_reports"
        isOneToOne: true
        isSetofReturn: false
      } },
"settle_message":
{ Args: { "error"?: string,"lease": string,"message_id": string,"outcome": string,"provider"?: string,"provider_id"?: string,"retry_after_seconds"?: number,"send_after"?: string }; Returns: string
                           },
"start_appointment":
{ Args: { "appointment_id": string,"idempotency_key"?: string }; Returns: {
              "block_id": string | null,
"blocked_during": unknown,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"currency": string,
"during": unknown,
"ends_at": string,
"held_until": string | null,
"id": string,
"invoice_id": string | null,
"location_id": string,
"mode": Database["public"]['Enums']["service_mode"],
"note": string | null,
"organization_id": string,
"overlap_allowed_by": string | null,
"overlap_reason": string | null,
"payment_status": Database["public"]['Enums']["payment_status"],
"practitioner_id": string,
"price_amount": number,
"revision": number,
"room_id": string | null,
"service_id": string,
"session_id": string,
"starts_at": string,
"status": Database["public"]['Enums']["appointment_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "appointments"
        isOneToOne: true
        isSetofReturn: false
      } },
"start_client_import":
{ Args: { "file_hash": string,"idempotency_key"?: string,"on_duplicate"?: string,"organization_id"?: string,"row_count": number }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"start_sending_invoices":
{ Args: { "idempotency_key"?: string,"invoice_ids": (string)[],"organization_id"?: string,"resend"?: boolean }; Returns: {
              "created_at": string,
"created_by": string | null,
"done_count": number,
"failed_count": number,
"finished_at": string | null,
"id": string,
"kind": string,
"managers_only": boolean,
"organization_id": string,
"parameters": NonNullable<Json>,
"skipped_count": number,
"status": Database["public"]['Enums']["bulk_operation_status"],
"total_count": number
            }
                          SetofOptions: {
        from: "*"
        to: "bulk_operations"
        isOneToOne: true
        isSetofReturn: false
      } },
"suggest_waitlist":
{ Args: { "location_id"?: string,"practitioner_id"?: string,"service_id": string,"slot_end": string,"slot_start": string }; Returns: Json
                           },
"tax_report":
{ Args: { "from_date": string,"organization_id"?: string,"to_date": string }; Returns: Json
                           },
"unmatch_bank_transaction":
{ Args: { "bank_transaction_id": string,"idempotency_key"?: string,"reason": string }; Returns: {
              "amount": number,
"bank_account_id": string,
"bank_reference": string | null,
"booked_on": string,
"constant_symbol": string | null,
"counterparty": string | null,
"counterparty_account": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"dedupe_key": string,
"id": string,
"ignore_reason": string | null,
"ignored_at": string | null,
"ignored_by": string | null,
"is_reversal": boolean,
"matched_amount": number,
"message": string | null,
"organization_id": string,
"reference": string | null,
"source": string,
"specific_symbol": string | null,
"status": Database["public"]['Enums']["bank_transaction_status"],
"suggestions": NonNullable<Json>,
"updated_at": string,
"valued_on": string | null,
"variable_symbol": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "bank_transactions"
        isOneToOne: true
        isSetofReturn: false
      } },
"unregister_push_device":
{ Args: { "registration": string }; Returns: boolean
                           },
"unsubscribe":
{ Args: { "confirm"?: boolean,"message_id": string }; Returns: Json
                           },
"update_invoice":
{ Args: { "due_on"?: string,"idempotency_key"?: string,"invoice_id": string,"lines"?: Json,"locale"?: string,"note"?: string,"payer_id"?: string,"prices_include_tax"?: boolean,"supplied_on"?: string }; Returns: {
              "bank_account": Json | null,
"billing_report_id": string | null,
"client_id": string | null,
"corrects_invoice_id": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"due_on": string | null,
"id": string,
"issued_at": string | null,
"issued_on": string | null,
"kind": Database["public"]['Enums']["invoice_kind"],
"locale": string,
"net_amount": number,
"note": string | null,
"number": string | null,
"open_amount": number,
"organization_id": string,
"paid_amount": number,
"payer": Json | null,
"payer_id": string | null,
"prices_include_tax": boolean,
"sent_at": string | null,
"sequence": number | null,
"series": string,
"status": Database["public"]['Enums']["invoice_status"],
"supplied_on": string | null,
"supplier": Json | null,
"tax_amount": number,
"total_amount": number,
"updated_at": string,
"variable_symbol": string | null,
"void_reason": string | null,
"voided_at": string | null,
"voided_by": string | null,
"year": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "invoices"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_waitlist_entry":
{ Args: { "idempotency_key"?: string,"preferences"?: Json,"priority"?: number,"waitlist_entry_id": string }; Returns: {
              "appointment_id": string | null,
"client_id": string,
"created_at": string,
"created_by": string | null,
"ended_at": string | null,
"id": string,
"organization_id": string,
"preferences": NonNullable<Json>,
"priority": number,
"service_id": string,
"status": Database["public"]['Enums']["waitlist_status"],
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "waitlist_entries"
        isOneToOne: true
        isSetofReturn: false
      } },
"use_link":
{ Args: { "token": string }; Returns: Json
                           },
"verify_organization":
{ Args: { "organization_id"?: string }; Returns: Json
                           },
"view_client_report":
{ Args: { "report_id": string }; Returns: {
              "appointment_id": string | null,
"archived_at": string | null,
"client_id": string,
"content_type": string,
"created_at": string,
"created_by": string | null,
"file_name": string,
"id": string,
"organization_id": string,
"previous_id": string | null,
"refusal": string | null,
"sha256": string | null,
"size_bytes": number,
"status": Database["public"]['Enums']["client_report_status"],
"storage_path": string,
"stored_at": string | null,
"title": string,
"updated_at": string,
"version": number,
"visible_to_client": boolean
            }
                          SetofOptions: {
        from: "*"
        to: "client_reports"
        isOneToOne: true
        isSetofReturn: false
      } },
"void_invoice":
{ Args: { "idempotency_key"?: string,"invoice_id": string,"reason": string }; Returns: {
              "bank_account": Json | null,
"billing_report_id": string | null,
"client_id": string | null,
"corrects_invoice_id": string | null,
"created_at": string,
"created_by": string | null,
"currency": string,
"due_on": string | null,
"id": string,
"issued_at": string | null,
"issued_on": string | null,
"kind": Database["public"]['Enums']["invoice_kind"],
"locale": string,
"net_amount": number,
"note": string | null,
"number": string | null,
"open_amount": number,
"organization_id": string,
"paid_amount": number,
"payer": Json | null,
"payer_id": string | null,
"prices_include_tax": boolean,
"sent_at": string | null,
"sequence": number | null,
"series": string,
"status": Database["public"]['Enums']["invoice_status"],
"supplied_on": string | null,
"supplier": Json | null,
"tax_amount": number,
"total_amount": number,
"updated_at": string,
"variable_symbol": string | null,
"void_reason": string | null,
"voided_at": string | null,
"voided_by": string | null,
"year": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "invoices"
        isOneToOne: true
        isSetofReturn: false
      } }
          }
          Enums: {
            "appointment_status": "pending"|"confirmed"|"in_progress"|"completed"|"cancelled"|"no_show","audit_action": "insert"|"update"|"delete","bank_transaction_status": "unmatched"|"suggested"|"matched"|"ignored","bulk_item_status": "pending"|"done"|"failed"|"skipped","bulk_operation_status": "running"|"completed"|"cancelled","client_report_status": "pending"|"stored"|"refused"|"archived","credit_entry_kind": "top_up"|"adjustment"|"spend"|"refund"|"expiry","invoice_kind": "invoice"|"credit_note","invoice_status": "draft"|"issued"|"sent"|"paid"|"overdue"|"void","late_cancellation_policy": "refuse"|"keep_payment"|"refund","member_role": "owner"|"admin"|"receptionist"|"practitioner","message_channel": "email"|"sms"|"push"|"in_app","message_status": "pending"|"sending"|"sent"|"delivered"|"failed"|"cancelled","offer_status": "open"|"accepted"|"declined"|"expired"|"withdrawn","payment_method": "bank_transfer"|"cash"|"card"|"credits"|"offset"|"other","payment_status": "unpaid"|"paid"|"refunded"|"invoiced","room_kind": "room"|"equipment","service_mode": "in_person"|"video","tax_category": "standard"|"reduced"|"exempt"|"reverse_charge"|"out_of_scope","waitlist_status": "waiting"|"offered"|"booked"|"withdrawn"|"expired"
          }
          CompositeTypes: {
            "client_search_result": {
                        "id": string | null,"given_name": string | null,"family_name": string | null,"email": string | null,"phone": string | null,"birth_date": string | null,"score": number | null,"cursor": string | null
                      }
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            "appointment_status": ["pending", "confirmed", "in_progress", "completed", "cancelled", "no_show"],"audit_action": ["insert", "update", "delete"],"bank_transaction_status": ["unmatched", "suggested", "matched", "ignored"],"bulk_item_status": ["pending", "done", "failed", "skipped"],"bulk_operation_status": ["running", "completed", "cancelled"],"client_report_status": ["pending", "stored", "refused", "archived"],"credit_entry_kind": ["top_up", "adjustment", "spend", "refund", "expiry"],"invoice_kind": ["invoice", "credit_note"],"invoice_status": ["draft", "issued", "sent", "paid", "overdue", "void"],"late_cancellation_policy": ["refuse", "keep_payment", "refund"],"member_role": ["owner", "admin", "receptionist", "practitioner"],"message_channel": ["email", "sms", "push", "in_app"],"message_status": ["pending", "sending", "sent", "delivered", "failed", "cancelled"],"offer_status": ["open", "accepted", "declined", "expired", "withdrawn"],"payment_method": ["bank_transfer", "cash", "card", "credits", "offset", "other"],"payment_status": ["unpaid", "paid", "refunded", "invoiced"],"room_kind": ["room", "equipment"],"service_mode": ["in_person", "video"],"tax_category": ["standard", "reduced", "exempt", "reverse_charge", "out_of_scope"],"waitlist_status": ["waiting", "offered", "booked", "withdrawn", "expired"]
          }
        }
} as const
