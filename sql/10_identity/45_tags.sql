-- Tags: a practice's own words for sorting its clients. Staff only: a word such as "addiction" says
-- more about a person than their name does.

create table public.tags (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete restrict,
  name text not null,
  colour text not null default '#5b7fa4',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, id),
  constraint tags_name_is_given check (length(name) between 1 and 50 and name = btrim(name)),
  constraint tags_colour_is_hex check (colour ~ '^#[0-9a-f]{6}$')
);

comment on table public.tags is 'The words by which a practice sorts its clients. Staff only: clients never see them.';
comment on column public.tags.name is 'Unique in the organization, whatever the case.';

create unique index tags_name_is_unique on public.tags (organization_id, lower(name));

create trigger tags_set_updated_at before update on public.tags
  for each row execute function private.tg__set_updated_at();

create table public.client_tags (
  organization_id uuid not null,
  client_id uuid not null,
  tag_id uuid not null,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  primary key (client_id, tag_id),
  foreign key (organization_id, client_id) references public.clients (organization_id, id) on delete cascade,
  foreign key (organization_id, tag_id) references public.tags (organization_id, id) on delete cascade
);

comment on table public.client_tags is 'Which client carries which tag, and who put it there. Staff only.';

create index client_tags_client_idx on public.client_tags (organization_id, client_id);
create index client_tags_tag_idx on public.client_tags (organization_id, tag_id);
