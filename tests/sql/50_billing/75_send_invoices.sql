-- Payers entered once, and many invoices sent one by one: who may, what each item becomes.
begin;
select * from no_plan();
select tests.practice('north');
select tests.practice('south');

insert into public.billing_settings (organization_id, legal_name, is_vat_payer)
values (tests.id('north.organization'), 'North s.r.o.', false);

create function pg_temp.invoice(name text, client text default 'north.client') returns void
language sql as $$
  select tests.remember(name, tests.act('reception', format(
    'select (public.create_invoice(%L, lines => %L)).id', tests.id(client),
    '[{"description": "Session", "unit_price_amount": 100000}]'
  ))::uuid)
$$;

create function pg_temp.issue(name text) returns void
language sql as $$
  select tests.act('reception', format('select (public.issue_invoice(%L)).id', tests.id(name)))
$$;

create function pg_temp.store(name text) returns void
language sql as $$
  insert into storage.objects (bucket_id, name)
  select 'documents', private.document_path(i.organization_id, i.id)
  from public.invoices as i where i.id = tests.id(name)
$$;

create function pg_temp.item(operation text, number integer) returns text
language sql as $$
  select concat_ws(' ', i.status, i.code)
  from public.bulk_operation_items as i where i.operation_id = tests.id(operation) and i.number = item.number
$$;

create function pg_temp.send(who text, operation text, number integer) returns text
language sql as $$
  select tests.try(who, format('select public.send_bulk_invoice(%L, %s)', tests.id(operation), number))
$$;

-- Payers --------------------------------------------------------------------------------------------
select tests.gets('owner', $$select public.create_payer('Firm')$$, 'ok 1', 'the owner CAN enter a payer');
select tests.gets('admin', $$select public.create_payer('Firm')$$, 'ok 1', 'an admin CAN');
select tests.gets('reception', $$select public.create_payer('Firm')$$, 'ok 1', 'the reception CAN');
select tests.gets('therapist', $$select public.create_payer('Firm')$$, 'PT403 forbidden', 'a therapist can NOT');
select tests.gets('client', $$select public.create_payer('Firm')$$, 'PT403 forbidden', 'a client can NOT');
select tests.gets('stranger', $$select public.create_payer('Firm')$$, 'PT403 forbidden', 'a stranger can NOT');
select tests.gets('anon', $$select public.create_payer('Firm')$$, '42501', 'nobody can NOT');
select tests.gets(
  'south.owner', format('select public.create_payer(%L, organization_id => %L)', 'Firm', tests.id('north.organization')),
  'PT404 not_found', 'another organization can NOT'
);
select tests.gets('owner', statement, 'PT422 invalid_argument', title)
from (values
  ($$select public.create_payer(null)$$, 'a payer has a name'),
  ($$select public.create_payer('  ')$$, 'a name is not blank'),
  ($$select public.create_payer('Firm', email => 'nobody')$$, 'an address is an address'),
  ($$select public.create_payer('Firm', country => 'cz')$$, 'a country is a code'),
  ($$select public.create_payer('Firm', vat_number => '<b>')$$, 'a number is plain')
) as refused (statement, title);
select tests.remember('firm', tests.act('owner', $$select (public.create_payer(' Firm ', idempotency_key => 'k')).id$$)::uuid);
select is(
  tests.act('owner', $$select (public.create_payer(' Firm ', idempotency_key => 'k')).id$$), tests.id('firm')::text,
  'the same request again gets the first payer'
);
select is((select p.name from public.payers as p where p.id = tests.id('firm')), 'Firm', 'blanks around the name go');

-- Starting ------------------------------------------------------------------------------------------
select pg_temp.invoice('stored');
select pg_temp.invoice('unstored');
select pg_temp.invoice('draft');
select pg_temp.invoice('unreachable', 'north.other');
select pg_temp.issue('stored');
select pg_temp.issue('unstored');
select pg_temp.issue('unreachable');
select pg_temp.store('stored');
select pg_temp.store('unreachable');

select tests.gets(who, format('select public.start_sending_invoices(%L, organization_id => %L)',
  array[tests.id('stored')], tests.id('north.organization')), expected, who || ' starts sending: ' || expected)
from (values
  ('owner', 'ok 1'), ('admin', 'ok 1'), ('reception', 'ok 1'), ('therapist', 'PT403 forbidden'),
  ('client', 'PT403 forbidden'), ('south.owner', 'PT404 not_found'), ('anon', '42501')
) as people (who, expected);
select tests.gets('owner', format('select public.start_sending_invoices(%L)', ids), 'PT422 invalid_argument', title)
from (values
  ('{}', 'an operation has an invoice'), (null, 'an operation has invoices'),
  ('{NULL}', 'an invoice has an identifier'),
  ((select array_agg(gen_random_uuid())::text from generate_series(1, 1001)), 'an operation has 1000 at most')
) as refused (ids, title);

select tests.remember('work', tests.act('reception', format(
  'select (public.start_sending_invoices(%L, idempotency_key => %L)).id',
  array[
    tests.id('stored'), tests.id('unstored'), tests.id('draft'), tests.id('unreachable'), tests.id('south.client'),
    tests.id('stored')
  ], 'bulk'
))::uuid);
select is(
  (select concat_ws(' ', o.kind, o.status, o.total_count) from public.bulk_operations as o where o.id = tests.id('work')),
  'send_invoices running 5', 'each invoice is one item'
);

-- Sending -------------------------------------------------------------------------------------------
select is(pg_temp.send('therapist', 'work', 1), 'PT404 not_found', 'a therapist can NOT send an item');
select is(pg_temp.send('client', 'work', 1), 'PT404 not_found', 'a client can NOT send an item');
select is(pg_temp.send('south.owner', 'work', 1), 'PT404 not_found', 'another organization can NOT send an item');
select is(pg_temp.send('owner', 'work', 6), 'PT404 not_found', 'there is no item beyond the last');

select tests.act('owner', format('select public.send_bulk_invoice(%L, %s)', tests.id('work'), n))
from generate_series(1, 4) as n;
select is(pg_temp.item('work', 1), 'done', 'an invoice with its document is sent');
select is(pg_temp.item('work', 2), 'failed invalid_state', 'one without its document is not');
select is(pg_temp.item('work', 3), 'failed invalid_state', 'a draft is not');
select is(pg_temp.item('work', 4), 'failed invalid_state', 'one without an address is not');
select tests.act('owner', format('select public.send_bulk_invoice(%L, 1)', tests.id('work')));
select is(
  (select count(*) from public.messages as m where m.subject_id = tests.id('stored')), 1::bigint,
  'an item that is done is not sent again'
);
select tests.act('owner', format('select public.send_bulk_invoice(%L, 5)', tests.id('work')));
select is(pg_temp.item('work', 5), 'failed not_found', 'what is no invoice of the organization is none');
select is(
  (
    select concat_ws(' ', o.status, o.done_count, o.failed_count, o.skipped_count)
    from public.bulk_operations as o where o.id = tests.id('work')
  ), 'completed 1 4 0', 'the last item completes the operation'
);

select tests.remember('again', tests.act('reception', format(
  'select (public.start_sending_invoices(%L)).id', array[tests.id('stored'), tests.id('unstored')]
))::uuid);
select tests.act('owner', format('select public.send_bulk_invoice(%L, 1)', tests.id('again')));
select is(pg_temp.item('again', 1), 'skipped', 'what was sent before is skipped');
select tests.act('owner', format('select public.cancel_bulk_operation(%L)', tests.id('again')));
select is(pg_temp.send('owner', 'again', 2), 'PT409 invalid_state', 'a cancelled operation sends nothing');

select tests.remember('anew', tests.act('reception', format(
  'select (public.start_sending_invoices(%L, resend => true)).id', array[tests.id('stored')]
))::uuid);
select tests.act('owner', format('select public.send_bulk_invoice(%L, 1)', tests.id('anew')));
select is(pg_temp.item('anew', 1), 'done', 'it is sent again when that is what was asked');

select * from finish();
rollback;
