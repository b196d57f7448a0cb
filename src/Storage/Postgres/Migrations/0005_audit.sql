-- The audit log (src/Rules/Audit): canonical records in chains of hashes. What is looked for is read from the record itself, so
-- that there is no second place to keep true.
create table audit (
    number bigint generated always as identity primary key,
    seq bigint not null,
    chain integer not null,
    -- True: the record of a decision. It is no part of what is proven, and only spares decisions the index below.
    of_decision boolean not null,
    hash bytea not null,
    -- json, not jsonb: the text must come back byte for byte.
    record json not null
);
create index audit_by_chain on audit (chain, number);

-- A decision's record is written with the decision, which has a unique id of its own; only other records are looked for by id.
create unique index audit_by_id on audit ((record ->> 'id') collate "C")
where not of_decision;

-- The end of each chain. Who adds to a chain locks its row until the commit.
create table audit_head (
    chain integer primary key,
    size bigint not null,
    hash bytea not null
) with (fillfactor = 50);
insert into audit_head (chain, size, hash)
select chain, 0, decode(repeat('00', 32), 'hex') from generate_series(0, 15) as chain;

-- The next hash of a chain (src/Rules/Audit/AuditChain.cs); the first bytes are 'customer360 audit 1' and a line feed.
create function audit_next(link bytea, head bytea, place bytea, record bytea) returns bytea
language plpgsql immutable parallel safe
as $$
begin
    return sha256('\x637573746f6d657233363020617564697420310a'::bytea || place || coalesce(link, head) || record);
end
$$;

create aggregate audit_link (head bytea, place bytea, record bytea) (sfunc = audit_next, stype = bytea);

-- The key of hashes that stand for identifiers, where no setting gives another. Four random UUIDs have more than 256 random bits.
create table audit_key (
    id integer primary key check (id = 1),
    key bytea not null
);
insert into audit_key (id, key)
select 1, sha256(convert_to(string_agg(gen_random_uuid()::text, ''), 'UTF8')) from generate_series(1, 4);
