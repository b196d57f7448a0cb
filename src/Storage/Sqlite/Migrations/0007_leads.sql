-- The list of leads: a row is written with the lead's state, in its transaction (src/Storage/Ports/GrainStateStore.cs).
create table lead (
    lead_id text primary key,
    -- Of the state that brought the row: the row goes with that state, and with no other of the same key.
    kind text not null,
    customer_id text not null,
    stage text not null,
    status text not null,
    owner_id text,
    queue text,
    -- Microseconds since 1970, UTC.
    created_at integer not null,
    due_at integer,
    is_open integer not null
) strict, without rowid;

-- A page is a walk along one of these, which all have the order of the list: no page is sorted, however many leads there are.
create index lead_by_created_at on lead (is_open, created_at desc, lead_id);
create index lead_by_customer_id on lead (customer_id, is_open, created_at desc, lead_id);
create index lead_by_owner_id on lead (owner_id, is_open, created_at desc, lead_id) where owner_id is not null;
create index lead_by_queue on lead (queue, is_open, created_at desc, lead_id) where queue is not null;
create index lead_by_status on lead (status, is_open, created_at desc, lead_id);
create index lead_by_stage on lead (stage, is_open, created_at desc, lead_id);

-- Those whose time is over are few, and are sorted.
create index lead_by_due_at on lead (is_open, due_at) where due_at is not null;
