-- The log. id = partition * 2^40 + position: one tree, in the order that partitions are read, unique by its nature.
create table event_log (
    id integer primary key,
    message_id text not null,
    anchor text not null,
    -- Microseconds since 1970, UTC.
    occurred_at integer not null,
    payload text not null,
    "partition" integer generated always as (id >> 40) virtual,
    position integer generated always as (id & 0xFFFFFFFFFF) virtual
) strict;

create table log_partition (
    "partition" integer primary key,
    next_position integer not null,
    checkpoint integer not null default 0,
    -- Rows above this are not in a sorted run yet; the index over them is held in memory.
    indexed_to integer not null default 0
) strict;

-- The index over the log, in sorted runs (src/Storage/README.md). state: 0 being written, 1 in use, 2 to be removed.
create table log_run (
    run integer primary key,
    level integer not null,
    state integer not null,
    entries integer not null
) strict;

-- Blocks of entries (hash of message id, id of row), 8 bytes each, little-endian, sorted. id = run * 2^32 + number.
create table log_run_message (
    id integer primary key,
    run integer generated always as (id >> 32) virtual,
    first_hash integer not null,
    entries blob not null
) strict;
create index log_run_message_by_hash on log_run_message (run, first_hash);

-- Blocks of entries (hash of anchor, occurred_at, id of row), 8 bytes each, little-endian, sorted.
create table log_run_anchor (
    id integer primary key,
    run integer generated always as (id >> 32) virtual,
    first_hash integer not null,
    first_time integer not null,
    entries blob not null
) strict;
create index log_run_anchor_by_hash on log_run_anchor (run, first_hash, first_time);

-- A Bloom filter over a run's message hashes, in pieces.
create table log_run_filter (
    id integer primary key,
    run integer generated always as (id >> 32) virtual,
    bits blob not null
) strict;

create table storage_setting (
    name text primary key,
    value any
) strict, without rowid;
insert into storage_setting (name, value) values ('hash_key', randomblob(16));

create table customer (
    key text primary key,
    state text not null,
    version integer not null,
    status text generated always as (state ->> '$.status') virtual,
    moved_to text generated always as (state ->> '$.movedTo') virtual
) strict;

create table identifier (
    key text primary key,
    state text not null,
    version integer not null,
    owner text generated always as (state ->> '$.owner') virtual
) strict;

create table account (
    key text primary key,
    state text not null,
    version integer not null
) strict;

create table intake (
    key text primary key,
    state text not null,
    version integer not null
) strict;

-- Every other kind of grain.
create table grain_state (
    kind text not null,
    key text not null,
    state text not null,
    version integer not null,
    primary key (kind, key)
) strict;

create table decision_log (
    sequence integer primary key,
    id text not null unique,
    kind text not null,
    customer_id text not null,
    other_customer_id text,
    -- Microseconds since 1970, UTC.
    at integer not null,
    payload text not null
) strict;
create index decision_log_by_customer on decision_log (customer_id, at, id);
create index decision_log_by_other_customer on decision_log (other_customer_id, at, id)
where other_customer_id is not null;

create table reminder (
    grain_type text not null,
    grain_key text not null,
    name text not null,
    -- Microseconds since 1970, UTC.
    start_at integer not null,
    -- Ticks of 100 nanoseconds.
    period integer not null,
    version integer not null,
    primary key (grain_type, grain_key, name)
) strict, without rowid;

create table quarantine (
    "partition" integer not null,
    position integer not null,
    reason text not null,
    -- Microseconds since 1970, UTC.
    at integer not null,
    primary key ("partition", position)
) strict, without rowid;

-- One row that the health check writes.
create table storage_probe (
    id integer primary key check (id = 1),
    probed_at integer not null
) strict;
