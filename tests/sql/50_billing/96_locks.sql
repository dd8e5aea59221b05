-- Who takes money back holds the invoice with its corrections first. Of the demo data, since a row that this transaction
-- wrote itself is not seen to be locked. What comes of it when several come at once is tested in tests/concurrency.
begin;
select plan(2);

create temporary table corrected as
select n.id as note_id, n.corrects_invoice_id as invoice_id
from public.invoices as n
where n.corrects_invoice_id is not null
order by n.id
limit 1;

-- The rows that the call locks and did not hold before; it is taken back.
create function pg_temp.locked_with(invoice_id uuid) returns uuid[]
language plpgsql as $$
declare
  v_before constant jsonb := (select jsonb_object_agg(i.id, i.xmax::text) from public.invoices as i);
  v_locked uuid[];
begin
  perform private.lock_with_corrections(array[invoice_id]);
  v_locked := array(
    select i.id from public.invoices as i where i.xmax::text <> v_before ->> i.id::text order by i.id
  );
  raise exception using errcode = 'PX999';
exception
  when sqlstate 'PX999' then return v_locked;
end
$$;
select is(
  pg_temp.locked_with(c.invoice_id), array(select unnest(array[c.invoice_id, c.note_id]) as id order by id),
  'an invoice and what corrects it'
)
from corrected as c;
select is(
  pg_temp.locked_with(c.note_id), array(select unnest(array[c.invoice_id, c.note_id]) as id order by id),
  'a correction and what it corrects'
)
from corrected as c;

select * from finish();
rollback;
