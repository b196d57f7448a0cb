-- The columns of fixed width come first: no padding between them.
create table event_log (
    position bigint not null,
    occurred_at timestamptz not null,
    partition integer not null,
    message_id text collate "C" not null,
    anchor text collate "C" not null,
    -- json, not jsonb: the text must come back byte for byte.
    payload json not null,
    primary key (partition, position),
    constraint event_log_message unique (partition, message_id)
);

-- All that orders a timeline, so a page is chosen from the index alone.
create index event_log_by_anchor on event_log (anchor, occurred_at, partition, position);

create table log_partition (
    partition integer primary key,
    next_position bigint not null,
    checkpoint bigint not null default 0
) with (fillfactor = 50);

-- States are rewritten all the time: room on the page keeps the new version beside the old one, without index work.
create table customer (
    key text collate "C" primary key,
    state json not null,
    version bigint not null,
    status text generated always as (state ->> 'status') stored,
    moved_to text generated always as (state ->> 'movedTo') stored
) with (fillfactor = 80);

create table identifier (
    key text collate "C" primary key,
    state json not null,
    version bigint not null,
    owner text generated always as (state ->> 'owner') stored
) with (fillfactor = 80);

create table account (
    key text collate "C" primary key,
    state json not null,
    version bigint not null
) with (fillfactor = 80);

create table intake (
    key text collate "C" primary key,
    state json not null,
    version bigint not null
) with (fillfactor = 50);

-- Every other kind of grain.
create table grain_state (
    kind text collate "C" not null,
    key text collate "C" not null,
    state json not null,
    version bigint not null,
    primary key (kind, key)
) with (fillfactor = 80);

create table decision_log (
    id text collate "C" primary key,
    kind text collate "C" not null,
    customer_id text collate "C" not null,
    other_customer_id text collate "C",
    at timestamptz not null,
    payload json not null
);
create index decision_log_by_customer on decision_log (customer_id, at, id);
create index decision_log_by_other_customer on decision_log (other_customer_id, at, id)
where other_customer_id is not null;

create table reminder (
    grain_type text collate "C" not null,
    grain_key text collate "C" not null,
    name text collate "C" not null,
    start_at timestamptz not null,
    -- Ticks of 100 nanoseconds: an interval would lose the finest part.
    period bigint not null,
    version bigint not null,
    primary key (grain_type, grain_key, name)
);

create table quarantine (
    partition integer not null,
    position bigint not null,
    reason text not null,
    at timestamptz not null,
    primary key (partition, position)
);

-- One row that the health check writes.
create table storage_probe (
    id integer primary key check (id = 1),
    probed_at timestamptz not null
);
