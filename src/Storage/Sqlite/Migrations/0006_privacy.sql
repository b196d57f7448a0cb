-- Identifiers that must not be taken in again, as keyed hashes; the key is not here. Rows are added and never changed.
create table suppression (
    sequence integer primary key,
    hash text not null,
    -- 1: suppressed, 2: lifted.
    change integer not null,
    -- Microseconds since 1970, UTC.
    at integer not null,
    request_id text not null,
    by text not null
) strict;

-- From here on messages may be removed from the log (src/Storage/Sqlite/Blocks/LogBlockFormat.cs says what is left of one), and a
-- program of before refuses the store, since it could not read what is left.
insert into storage_setting (name, value) values ('removed_form', 'hashes');
