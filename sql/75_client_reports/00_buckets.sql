-- The private buckets of Storage. Rows are not schema, so a migration cannot carry them: the seed makes
-- them, and the scheduler sees to it that they are there.

create function private.ensure_buckets()
returns bigint
language sql
security definer -- definer because nobody is granted the buckets
set search_path = ''
as $$
  with made as (
    insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
    values
      (
        'client-reports', 'client-reports', false, 26214400,
        array[
          'application/pdf', 'image/png', 'image/jpeg', 'text/plain', 'application/vnd.oasis.opendocument.text',
          'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
        ]
      ),
      ('documents', 'documents', false, 10485760, array['application/pdf', 'image/png', 'image/jpeg'])
    on conflict do nothing
    returning 1
  )
  select count(*) from made
$$;

comment on function private.ensure_buckets() is
  'Makes the buckets that are missing: client-reports, and documents for invoices and logos. Returns how many. Run '
  'by the seed and by the scheduler; safe to repeat.';

grant execute on function private.ensure_buckets() to service_role;
