-- The list of leads: a row is written with the lead's state, in its transaction (src/Storage/Ports/GrainStateStore.cs).
create table lead (
    created_at timestamptz not null,
    due_at timestamptz,
    is_open boolean not null,
    lead_id text collate "C" primary key,
    -- Of the state that brought the row: the row goes with that state, and with no other of the same key.
    kind text collate "C" not null,
    customer_id text collate "C" not null,
    stage text collate "C" not null,
    status text collate "C" not null,
    owner_id text collate "C",
    queue text collate "C"
);

-- A page is a walk along one of these, which all have the order of the list: no page is sorted, however many leads there are.
-- No value is empty; a condition keeps an index for the statements that have the condition, too (src/Storage/Leads/LeadPageSql.cs).
create index lead_by_created_at on lead (is_open, created_at desc, lead_id) where lead_id <> '';
create index lead_by_customer_id on lead (customer_id, is_open, created_at desc, lead_id) where customer_id <> '';
create index lead_by_owner_id on lead (owner_id, is_open, created_at desc, lead_id) where owner_id <> '';
create index lead_by_queue on lead (queue, is_open, created_at desc, lead_id) where queue <> '';
create index lead_by_status on lead (status, is_open, created_at desc, lead_id) where status <> '';
create index lead_by_stage on lead (stage, is_open, created_at desc, lead_id) where stage <> '';

-- Those whose time is over are few, and are sorted.
create index lead_by_due_at on lead (is_open, due_at) where due_at is not null;
