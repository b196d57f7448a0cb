-- Identifiers that must not be taken in again, as keyed hashes; the key is not here. Rows are added and never changed.
create table suppression (
    sequence bigint primary key,
    hash text collate "C" not null,
    -- 1: suppressed, 2: lifted.
    change smallint not null,
    at timestamptz not null,
    request_id text not null,
    by text not null
);

-- What is left of a message that was removed from the log: its place, and a salted hash of its id, so that a repeat is still
-- recognised.
create table log_removed (
    partition integer not null,
    position bigint not null,
    message_hash bytea not null,
    primary key (partition, message_hash)
);

-- Made with the database, so that nobody outside can look for an id by its hash.
create table storage_setting (
    name text primary key,
    value text not null
);
insert into storage_setting (name, value)
values ('removed_salt', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
