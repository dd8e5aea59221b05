-- Who may join which topic. Realtime asks once per join and token, as the caller: it looks for rows of
-- its own with the topic, and tries to insert some.

create policy read_own_topics on realtime.messages
  for select to authenticated
  using (
    topic = (select realtime.topic())
    and (
      (
        extension in ('broadcast', 'presence')
        and topic = any ((select private.current_calendar_topics())::text[])
      )
      or (extension = 'broadcast' and topic = (select private.user_topic((select auth.uid()))))
    )
  );

-- The desk shows who is there. Nobody broadcasts: events come from the database, so that they are true.
create policy insert_presence_at_the_desk on realtime.messages
  for insert to authenticated
  with check (
    topic = (select realtime.topic())
    and extension = 'presence'
    and topic = any ((select private.current_calendar_topics())::text[])
  );
