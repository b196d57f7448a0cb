-- The audit log (src/Rules/Audit): canonical records in chains of hashes. What is looked for is read from the record itself, so
-- that there is no second place to keep true.
create table audit (
    number integer primary key,
    chain integer not null,
    seq integer not null,
    hash blob not null,
    -- 1: the record of a decision. It is no part of what is proven, and only spares decisions the index below.
    of_decision integer not null,
    record text not null
) strict;
create index audit_by_chain on audit (chain);

-- A decision's record is written with the decision, which has a unique id of its own; only other records are looked for by id.
create unique index audit_by_id on audit (record ->> '$.id') where of_decision = 0;
