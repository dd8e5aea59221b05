"""The embedded Supabase-compatible stack: what `make dev` needs and the product never imports."""
