
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
                },"appointments": {
                  Row: {
                    "block_id": string | null,"blocked_during": unknown,"cancellation_reason": string | null,"cancelled_at": string | null,"cancelled_by": string | null,"client_id": string,"created_at": string,"created_by": string | null,"currency": string,"during": unknown,"ends_at": string,"id": string,"location_id": string,"mode": Database["public"]['Enums']["service_mode"],"note": string | null,"organization_id": string,"overlap_allowed_by": string | null,"overlap_reason": string | null,"payment_status": Database["public"]['Enums']["payment_status"],"practitioner_id": string,"price_amount": number,"revision": number,"room_id": string | null,"service_id": string,"session_id": string,"starts_at": string,"status": Database["public"]['Enums']["appointment_status"],"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "block_id"?: string | null,"blocked_during": unknown,"cancellation_reason"?: string | null,"cancelled_at"?: string | null,"cancelled_by"?: string | null,"client_id": string,"created_at"?: string,"created_by"?: string | null,"currency": string,"during": unknown,"ends_at"?: never,"id"?: string,"location_id": string,"mode": Database["public"]['Enums']["service_mode"],"note"?: string | null,"organization_id": string,"overlap_allowed_by"?: string | null,"overlap_reason"?: string | null,"payment_status"?: Database["public"]['Enums']["payment_status"],"practitioner_id": string,"price_amount": number,"revision"?: number,"room_id"?: string | null,"service_id": string,"session_id": string,"starts_at"?: never,"status"?: Database["public"]['Enums']["appointment_status"],"updated_at"?: string
                  }
                  Update: {
                    "block_id"?: string | null,"blocked_during"?: unknown,"cancellation_reason"?: string | null,"cancelled_at"?: string | null,"cancelled_by"?: string | null,"client_id"?: string,"created_at"?: string,"created_by"?: string | null,"currency"?: string,"during"?: unknown,"ends_at"?: never,"id"?: string,"location_id"?: string,"mode"?: Database["public"]['Enums']["service_mode"],"note"?: string | null,"organization_id"?: string,"overlap_allowed_by"?: string | null,"overlap_reason"?: string | null,"payment_status"?: Database["public"]['Enums']["payment_status"],"practitioner_id"?: string,"price_amount"?: number,"revision"?: number,"room_id"?: string | null,"service_id"?: string,"session_id"?: string,"starts_at"?: never,"status"?: Database["public"]['Enums']["appointment_status"],"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "appointments_organization_id_block_id_fkey"
      columns: ["organization_id","block_id"]
isOneToOne: false
      referencedRelation: "appointment_blocks"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "appointments_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
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
                },"credit_accounts": {
                  Row: {
                    "balance_amount": number,"client_id": string,"currency": string,"last_number": number,"organization_id": string,"overdraft_amount": number
                  }
                  ComputedFields: never
                  Insert: {
                    "balance_amount"?: number,"client_id": string,"currency": string,"last_number"?: number,"organization_id": string,"overdraft_amount"?: number
                  }
                  Update: {
                    "balance_amount"?: number,"client_id"?: string,"currency"?: string,"last_number"?: number,"organization_id"?: string,"overdraft_amount"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "credit_accounts_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"credit_allocations": {
                  Row: {
                    "amount": number,"entry_id": string,"lot_id": string,"organization_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"entry_id": string,"lot_id": string,"organization_id": string
                  }
                  Update: {
                    "amount"?: number,"entry_id"?: string,"lot_id"?: string,"organization_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "credit_allocations_organization_id_entry_id_fkey"
      columns: ["organization_id","entry_id"]
isOneToOne: false
      referencedRelation: "credit_entries"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "credit_allocations_organization_id_lot_id_fkey"
      columns: ["organization_id","lot_id"]
isOneToOne: false
      referencedRelation: "credit_lots"
      referencedColumns: ["organization_id","entry_id"]
    }
                  ]
                },"credit_entries": {
                  Row: {
                    "amount": number,"appointment_id": string | null,"balance_after_amount": number,"client_id": string,"created_at": string,"created_by": string | null,"currency": string,"expires_at": string | null,"id": string,"kind": Database["public"]['Enums']["credit_entry_kind"],"number": number,"organization_id": string,"reason": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"appointment_id"?: string | null,"balance_after_amount"?: number,"client_id": string,"created_at"?: string,"created_by"?: string | null,"currency": string,"expires_at"?: string | null,"id"?: string,"kind": Database["public"]['Enums']["credit_entry_kind"],"number"?: number,"organization_id": string,"reason"?: string | null
                  }
                  Update: {
                    "amount"?: number,"appointment_id"?: string | null,"balance_after_amount"?: number,"client_id"?: string,"created_at"?: string,"created_by"?: string | null,"currency"?: string,"expires_at"?: string | null,"id"?: string,"kind"?: Database["public"]['Enums']["credit_entry_kind"],"number"?: number,"organization_id"?: string,"reason"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "credit_entries_organization_id_appointment_id_fkey"
      columns: ["organization_id","appointment_id"]
isOneToOne: false
      referencedRelation: "appointments"
      referencedColumns: ["organization_id","id"]
    },{
      foreignKeyName: "credit_entries_organization_id_client_id_fkey"
      columns: ["organization_id","client_id"]
isOneToOne: false
      referencedRelation: "clients"
      referencedColumns: ["organization_id","id"]
    }
                  ]
                },"credit_lots": {
                  Row: {
                    "client_id": string,"created_at": string,"currency": string,"entry_id": string,"expires_at": string | null,"number": number,"organization_id": string,"remaining_amount": number
                  }
                  ComputedFields: never
                  Insert: {
                    "client_id": string,"created_at": string,"currency": string,"entry_id": string,"expires_at"?: string | null,"number": number,"organization_id": string,"remaining_amount": number
                  }
                  Update: {
                    "client_id"?: string,"created_at"?: string,"currency"?: string,"entry_id"?: string,"expires_at"?: string | null,"number"?: number,"organization_id"?: string,"remaining_amount"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "credit_lots_organization_id_entry_id_fkey"
      columns: ["organization_id","entry_id"]
isOneToOne: false
      referencedRelation: "credit_entries"
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
                },"organization_settings": {
                  Row: {
                    "activation_required": boolean,"auto_confirm": boolean,"booking_horizon_days": number,"cancellation_window_minutes": number,"credit_overdraft_amount": number,"default_locale": string,"late_cancellation": Database["public"]['Enums']["late_cancellation_policy"],"minimum_notice_minutes": number,"organization_id": string,"self_registration": boolean,"slot_step_minutes": number,"updated_at": string,"updated_by": string | null,"version": number,"video_early_join_minutes": number,"video_late_leave_minutes": number
                  }
                  ComputedFields: never
                  Insert: {
                    "activation_required"?: boolean,"auto_confirm"?: boolean,"booking_horizon_days"?: number,"cancellation_window_minutes"?: number,"credit_overdraft_amount"?: number,"default_locale"?: string,"late_cancellation"?: Database["public"]['Enums']["late_cancellation_policy"],"minimum_notice_minutes"?: number,"organization_id": string,"self_registration"?: boolean,"slot_step_minutes"?: number,"updated_at"?: string,"updated_by"?: string | null,"version"?: number,"video_early_join_minutes"?: number,"video_late_leave_minutes"?: number
                  }
                  Update: {
                    "activation_required"?: boolean,"auto_confirm"?: boolean,"booking_horizon_days"?: number,"cancellation_window_minutes"?: number,"credit_overdraft_amount"?: number,"default_locale"?: string,"late_cancellation"?: Database["public"]['Enums']["late_cancellation_policy"],"minimum_notice_minutes"?: number,"organization_id"?: string,"self_registration"?: boolean,"slot_step_minutes"?: number,"updated_at"?: string,"updated_by"?: string | null,"version"?: number,"video_early_join_minutes"?: number,"video_late_leave_minutes"?: number
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
                },"credit_balances": {
                  Row: {
                    "available_amount": number | null,"balance_amount": number,"client_id": string,"currency": string,"organization_id": string
                  }
                  ComputedFields: never
                  Insert: {
                           "available_amount"?: never,"balance_amount"?: number | null,"client_id"?: string | null,"currency"?: string | null,"organization_id"?: string | null
                         }
                        Update: {
                           "available_amount"?: never,"balance_amount"?: number | null,"client_id"?: string | null,"currency"?: string | null,"organization_id"?: string | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "credit_accounts_organization_id_client_id_fkey"
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
"number": number,
"organization_id": string,
"reason": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "credit_entries"
        isOneToOne: true
        isSetofReturn: false
      } },
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
"id": string,
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
"id": string,
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
"id": string,
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
"id": string,
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
"id": string,
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
"id": string,
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
"create_invitation":
{ Args: { "client_id"?: string,"display_name"?: string,"email": string,"expires_in_hours"?: number,"organization_id"?: string,"role"?: Database["public"]['Enums']["member_role"] }; Returns: Json
                           },
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
"number": number,
"organization_id": string,
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
"find_bookable_days":
{ Args: { "from_date": string,"location_id"?: string,"practitioner_id"?: string,"service_id": string,"to_date": string }; Returns: Json
                           },
"find_slots":
{ Args: { "from_date": string,"location_id"?: string,"practitioner_id"?: string,"service_id": string,"to_date": string }; Returns: Json
                           },
"lease_requests":
{ Args: { "class": string,"wanted"?: number }; Returns: Json
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
"id": string,
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
"open_video_room":
{ Args: { "appointment_id": string }; Returns: Json
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
"id": string,
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
"remove_member":
{ Args: { "member_id": string }; Returns: undefined
                           },
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
"id": string,
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
"id": string,
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
"revoke_invitation":
{ Args: { "invitation_id": string }; Returns: undefined
                           },
"search_clients":
{ Args: { "after"?: string,"organization_id"?: string,"page_size"?: number,"query": string }; Returns: Database["public"]['CompositeTypes']["client_search_result"][]
                          SetofOptions: {
        from: "*"
        to: "client_search_result"
        isOneToOne: false
        isSetofReturn: true
      } },
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
"id": string,
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
"verify_organization":
{ Args: { "organization_id"?: string }; Returns: Json
                           }
          }
          Enums: {
            "appointment_status": "pending"|"confirmed"|"in_progress"|"completed"|"cancelled"|"no_show","audit_action": "insert"|"update"|"delete","credit_entry_kind": "top_up"|"adjustment"|"spend"|"refund"|"expiry","late_cancellation_policy": "refuse"|"keep_payment"|"refund","member_role": "owner"|"admin"|"receptionist"|"practitioner","payment_status": "unpaid"|"paid"|"refunded"|"invoiced","room_kind": "room"|"equipment","service_mode": "in_person"|"video"
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
            "appointment_status": ["pending", "confirmed", "in_progress", "completed", "cancelled", "no_show"],"audit_action": ["insert", "update", "delete"],"credit_entry_kind": ["top_up", "adjustment", "spend", "refund", "expiry"],"late_cancellation_policy": ["refuse", "keep_payment", "refund"],"member_role": ["owner", "admin", "receptionist", "practitioner"],"payment_status": ["unpaid", "paid", "refunded", "invoiced"],"room_kind": ["room", "equipment"],"service_mode": ["in_person", "video"]
          }
        }
} as const
