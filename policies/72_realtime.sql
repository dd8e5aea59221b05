-- Who may join which topic. Realtime asks once per join and token, as the caller: it looks for a row of
-- its own with the topic and the extension, and tries to insert one.

create policy read_own_topics on realtime.messages
  for select to authenticated
  using (
    (
      extension in ('broadcast', 'presence')
      and (select realtime.topic()) = any ((select private.current_calendar_topics())::text[])
    )
    or (extension = 'broadcast' and (select realtime.topic()) = (select private.user_topic((select auth.uid()))))
  );

-- The desk shows who is there. Nobody broadcasts: events come from the database, so that they are true.
create policy insert_presence_at_the_desk on realtime.messages
  for insert to authenticated
  with check (
    extension = 'presence'
    and (select realtime.topic()) = any ((select private.current_calendar_topics())::text[])
  );
