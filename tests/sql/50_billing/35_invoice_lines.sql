-- Lines of drafts, written many at a time, by hand: over several drafts, beside an issued invoice, from one
-- to another. What is refused changes nothing; what passes is computed, and each session stands on one invoice.
begin;
select * from no_plan();
select tests.practice('north');
insert into public.billing_settings (organization_id, is_vat_payer, prices_include_tax)
values (tests.id('organization'), true, true);

-- Five sessions: two on one draft, one on the next, one on an issued invoice, one on none.
create function pg_temp.past(name text, days integer) returns void
language plpgsql as $$
declare
  v_id uuid;
begin
  insert into public.appointments (
    organization_id, location_id, client_id, practitioner_id, service_id, during, status, price_amount
  )
  values (
    tests.id('organization'), tests.id('location'), tests.id('client'), tests.id('therapist'), tests.id('talk'),
    tstzrange(tests.at(-days, '10:00'), tests.at(-days, '11:00')), 'completed', 1000
  )
  returning id into v_id;
  perform tests.remember(name, v_id);
end
$$;
select pg_temp.past(t.name, t.days)
from (values ('first', 10), ('second', 9), ('third', 8), ('fourth', 7), ('free', 6)) as t (name, days);

create function pg_temp.draft(name text, sessions text[]) returns void
language plpgsql as $$
begin
  perform tests.remember(name, tests.act('owner', format(
    $q$ select (public.create_invoice(tests.id('client'), %L, '[{"description": "Book", "unit_price_amount": 121, "tax_rate": 21}]')).id $q$,
    array(select tests.id(s.name) from unnest(sessions) as s (name))
  ))::uuid);
end
$$;
select pg_temp.draft('one', '{first,second}');
select pg_temp.draft('two', '{third}');
select pg_temp.draft('issued', '{fourth}');
select tests.act('owner', $$ select public.issue_invoice(tests.id('issued')) $$);

create function pg_temp.line(invoice text, place integer, price integer default 100, session text default null)
returns text
language sql as $$
  select format(
    '(%L::uuid, %L::uuid, %s, ''x'', %s, %L::uuid)', tests.id('organization'), tests.id(invoice), place, price,
    case when session is not null then tests.id(session) end
  )
$$;
create function pg_temp.insert_lines(variadic lines text[]) returns text
language sql as $$
  select 'insert into public.invoice_lines (organization_id, invoice_id, position, description, unit_price_amount, appointment_id) values '
    || array_to_string(lines, ', ')
$$;
-- Everything that lines decide, in one text.
create function pg_temp.books() returns text
language sql as $$
  select concat_ws(
    E'\n',
    (select string_agg(i.*::text, E'\n' order by i.id) from public.invoices as i where i.organization_id = tests.id('organization')),
    (select string_agg(l.*::text, E'\n' order by l.id) from public.invoice_lines as l where l.organization_id = tests.id('organization')),
    (
      select string_agg(concat_ws(' ', a.id, a.invoice_id, a.payment_status), E'\n' order by a.id)
      from public.appointments as a
      where a.organization_id = tests.id('organization')
    )
  )
$$;
-- What a writer does and what it comes to: the totals of both drafts, then whose session is on which.
create function pg_temp.after(who text, statement text) returns text
language plpgsql as $$
declare
  v_text text;
begin
  begin
    perform tests.be(who);
    execute statement;
    perform tests.operator();
    set constraints all immediate;
    select string_agg(i.total_amount::text, ' ' order by array_position(array[tests.id('one'), tests.id('two')], i.id))
    into v_text
    from public.invoices as i
    where i.id in (tests.id('one'), tests.id('two'));
    select concat_ws(' | ', v_text, string_agg(case a.invoice_id when tests.id('one') then '1' when tests.id('two') then '2' else '-' end, '' order by a.starts_at))
    into v_text
    from public.appointments as a
    where a.id in (tests.id('first'), tests.id('second'), tests.id('third'), tests.id('free'));
    v_text := concat_ws(' | ', v_text, (select string_agg(v.invariant, ' ') from private.violations(tests.id('organization')) as v));
    raise exception using errcode = 'PX999', message = v_text;
  exception when sqlstate 'PX999' then
    return sqlerrm;
  end;
end
$$;
select is(pg_temp.after('operator', 'select 1'), '2121 1121 | 112-', 'two drafts and a session that is on none');

-- What passes ----------------------------------------------------------------------------------------
select is(pg_temp.after(t.who, t.statement), t.expected, t.who || ': ' || t.title)
from (
  select w.who, s.*
  from (values ('operator'), ('service')) as w (who)
  cross join (
    values
      (pg_temp.insert_lines(pg_temp.line('one', 8), pg_temp.line('two', 8), pg_temp.line('one', 9)),
        '2321 1221 | 112-', 'lines of two drafts at once'),
      (pg_temp.insert_lines(pg_temp.line('two', 8), pg_temp.line('one', 9, 1000, 'free')),
        '3121 1221 | 1121', 'one of them with a session'),
      ($$ update public.invoice_lines set unit_price_amount = 242, net_amount = 5, tax_amount = 0, gross_amount = 5 where unit_price_amount = 121 and invoice_id <> tests.id('issued') $$,
        '2242 1242 | 112-', 'prices of two drafts, and amounts that nobody writes'),
      ($$ delete from public.invoice_lines where invoice_id in (tests.id('one'), tests.id('two')) and appointment_id is null $$,
        '2000 1000 | 112-', 'lines of two drafts go'),
      ($$ delete from public.invoice_lines where appointment_id in (tests.id('first'), tests.id('third')) $$,
        '1121 121 | -1--', 'and with them their sessions'),
      ($$ delete from public.invoice_lines where invoice_id in (tests.id('one'), tests.id('two')) $$,
        '0 0 | ----', 'all of them'),
      ($$ update public.invoice_lines set appointment_id = case appointment_id when tests.id('first') then tests.id('second') else tests.id('first') end
          where invoice_id = tests.id('one') and appointment_id is not null $$,
        '2121 1121 | 112-', 'two lines change their sessions'),
      ($$ update public.invoice_lines set appointment_id = case when appointment_id is null then tests.id('third') end, unit_price_amount = 1000
          where invoice_id in (tests.id('one'), tests.id('two')) and coalesce(appointment_id, tests.id('third')) = tests.id('third')
            and (invoice_id = tests.id('one')) = (appointment_id is null) $$,
        '3000 1121 | 111-', 'a session leaves one draft for the other'),
      ($$ update public.invoice_lines set description = 'x' where false $$, '2121 1121 | 112-', 'nothing at all'),
      ($$ update public.invoices set prices_include_tax = false where id in (tests.id('one'), tests.id('two')) $$,
        '2146 1146 | 112-', 'prices of two drafts are without tax')
  ) as s (statement, expected, title)
) as t;

-- What does not ----------------------------------------------------------------------------------------
create temporary table books as select pg_temp.books() as text;
create function pg_temp.refused(who text, statement text) returns text
language plpgsql as $$
begin
  return concat_ws(' ', tests.try(who, statement), case when pg_temp.books() <> (select b.text from pg_temp.books as b) then 'and changed' end);
end
$$;
select is(pg_temp.refused(t.who, t.statement), 'PT409 invalid_state', t.who || ' can NOT ' || t.title)
from (
  select w.who, s.*
  from (values ('operator'), ('service')) as w (who)
  cross join (
    values
      (pg_temp.insert_lines(pg_temp.line('one', 8), pg_temp.line('issued', 8)), 'add lines to a draft and an issued invoice'),
      (pg_temp.insert_lines(pg_temp.line('one', 8, 100, 'free'), pg_temp.line('issued', 8)), 'nor with a session'),
      ($$ update public.invoice_lines set unit_price_amount = 5 where organization_id = tests.id('organization') $$, 'change lines of both'),
      ($$ update public.invoice_lines set net_amount = net_amount where organization_id = tests.id('organization') $$, 'write lines of both as they are'),
      ($$ delete from public.invoice_lines where organization_id = tests.id('organization') $$, 'delete lines of both'),
      ($$ update public.invoice_lines set appointment_id = null where organization_id = tests.id('organization') $$, 'let the sessions of both go'),
      ($$ update public.invoice_lines set invoice_id = tests.id('two'), position = position + 10 where invoice_id = tests.id('one') $$, 'move lines to another draft'),
      ($$ update public.invoice_lines set invoice_id = tests.id('issued'), position = 9 where invoice_id = tests.id('one') and position = 1 $$, 'move a line to an issued invoice'),
      ($$ update public.invoice_lines set invoice_id = tests.id('one'), position = 9 where invoice_id = tests.id('issued') and position = 1 $$, 'move a line of an issued invoice to a draft'),
      ($$ update public.invoice_lines set invoice_id = case invoice_id when tests.id('one') then tests.id('two') else tests.id('one') end, position = position + 10
          where invoice_id in (tests.id('one'), tests.id('two')) $$, 'let two drafts change their lines'),
      (pg_temp.insert_lines(pg_temp.line('one', 8, 100, 'free'), pg_temp.line('one', 9, 100, 'free')), 'charge a session twice'),
      (pg_temp.insert_lines(pg_temp.line('one', 8, 100, 'free'), pg_temp.line('two', 8, 100, 'free')), 'charge a session on two drafts'),
      (pg_temp.insert_lines(pg_temp.line('one', 8, 100, 'first')), 'charge a session again on its own draft'),
      (pg_temp.insert_lines(pg_temp.line('two', 8, 100, 'first')), 'charge a session of another draft'),
      (pg_temp.insert_lines(pg_temp.line('two', 8, 100, 'fourth')), 'charge a session of an issued invoice'),
      ($$ update public.invoice_lines set appointment_id = tests.id('first') where invoice_id = tests.id('one') $$, 'put one session on every line'),
      ($$ update public.invoice_lines set appointment_id = tests.id('third') where invoice_id = tests.id('one') and position = 1 $$, 'take a session from another draft'),
      ($$ update public.invoices set prices_include_tax = false, issued_at = now() where id = tests.id('one') $$, 'issue a draft with other prices')
  ) as s (statement, title)
) as t;
select is(
  tests.error_detail('operator', pg_temp.insert_lines(pg_temp.line('two', 7, 100, 'free'), pg_temp.line('two', 8, 100, 'first'))),
  format('Appointment %s is on an invoice already.', tests.id('first')), 'the session that is taken is named'
);

-- Once per statement -----------------------------------------------------------------------------------
create function pg_temp.writes(invoice text) returns bigint
language sql as $$
  select count(*) from public.audit_entries as e
  where e.table_name = 'invoices' and e.record_id = tests.id(invoice) and e.action = 'update'
$$;
create temporary table before as select pg_temp.writes('one') as count;
insert into public.invoice_lines (organization_id, invoice_id, position, description, unit_price_amount)
select tests.id('organization'), tests.id('one'), 10 + n, 'x', 1 from generate_series(1, 50) as n;
select is(pg_temp.writes('one') - (select b.count from before as b), 1::bigint, 'fifty lines write their invoice once');
select tests.remember('many', tests.act('owner', $$
  select (public.create_invoice(tests.id('client'), lines => (
    select jsonb_agg(jsonb_build_object('description', 'Line ' || n, 'unit_price_amount', n, 'tax_rate', 21)) from generate_series(1, 60) as n
  ))).id
$$)::uuid);
select is(pg_temp.writes('many'), 1::bigint, 'so does a draft of sixty');
select results_eq(
  $$ select l.position, l.description from public.invoice_lines as l where l.invoice_id = tests.id('many') order by l.position $$,
  $$ select n, 'Line ' || n from generate_series(1, 60) as n $$, 'whose lines keep their order'
);
select tests.act('owner', $$ select public.update_invoice(tests.id('many'), '[{"description": "y", "unit_price_amount": 100, "tax_rate": 21}]', prices_include_tax => false) $$);
select is((select i.total_amount from public.invoices as i where i.id = tests.id('many')), 121::bigint, 'new lines are computed as the changed draft says');

-- The first line that is not acceptable is the one that is told ----------------------------------------
create function pg_temp.lines(changes jsonb) returns jsonb
language sql as $$
  select jsonb_agg(coalesce(changes -> n::text, jsonb_build_object('description', 'x', 'unit_price_amount', 1)) order by n)
  from generate_series(1, 9) as n
$$;
select is(
  tests.error_detail('owner', format('select public.create_invoice(tests.id(''client''), lines => %L)', pg_temp.lines(t.changes))), t.expected, t.expected
)
from (
  values
    ('{"4": {"description": "", "unit_price_amount": 1}, "7": {"description": "x"}}'::jsonb, 'Line 4 is not acceptable.'),
    ('{"9": {"description": "x", "unit_price_amount": 1, "quantity": 0}}', 'Line 9 is not acceptable.'),
    ('{"5": {"description": "x", "unit_price_amount": 1, "performed_on": "2026-02-30"}, "6": 1}', 'Line 5 is not acceptable.'),
    ('{"2": {"description": "x", "unit_price_amount": "much"}, "1": {"description": "x", "unit_price_amount": 1, "tax_category": "none"}}', 'Line 1 is not acceptable.'),
    ('{"3": {"description": "x", "unit_price_amount": "much"}, "8": 5}', 'unit_price_amount of a line is a plain number.'),
    ('{"2": {"description": "x", "unit_price_amount": 1000000000000, "quantity": 1000000}}', 'Line 2 is not acceptable.')
) as t (changes, expected);
select is(
  tests.error_detail('owner', $$ select public.update_invoice(tests.id('many'), '[{"description": "x", "unit_price_amount": 1}, {"unit_price_amount": 1}]') $$),
  'Line 2 is not acceptable.', 'also of a draft that is changed'
);
select is((select i.total_amount from public.invoices as i where i.id = tests.id('many')), 121::bigint, 'which keeps its lines');
select is_empty($$ select * from private.violations(tests.id('organization')) $$, 'every invariant holds');
select * from finish();
rollback;
