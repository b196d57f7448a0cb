-- The members of audiences: a customer's rows are written with its state, in its transaction (src/Storage/Ports/GrainStateStore.cs).
create table audience_member (
    since timestamptz not null,
    is_held_out boolean not null,
    audience text collate "C" not null,
    customer_id text collate "C" not null,
    primary key (audience, customer_id)
);

-- A page is a walk along the key. A write looks for what its customer has.
create index audience_member_by_customer on audience_member (customer_id, audience);
