-- What waits for destinations: a row is written with the state that causes it, in its transaction (src/Storage/Ports/Outbox.cs).
create table outbox (
    sequence bigint not null,
    at timestamptz not null,
    destination text collate "C" not null,
    -- The customer whom it is about. The sequence rises within it: the order in which it is sent.
    subject text collate "C" not null,
    effect_id text collate "C" not null,
    kind text collate "C" not null,
    name text collate "C" not null,
    cause text collate "C" not null,
    other text collate "C",
    -- Of an erasure the identifiers to be deleted, a JSON array.
    detail text,
    primary key (destination, subject, sequence)
);
create unique index outbox_by_effect on outbox (destination, effect_id);
create index outbox_by_at on outbox (destination, at);

-- Of each customer how a destination stands with it: what is due, who has taken it, and whether it was ever sent anything.
create table outbox_subject (
    last_sequence bigint not null,
    -- When its first row may be taken; null: none waits. Of one that is taken: when the lease ends.
    due_at timestamptz,
    tried_at timestamptz,
    -- When the destination was first sent something of the customer; null: it has nothing.
    sent_at timestamptz,
    taken bigint,
    tries integer not null default 0,
    has_gap boolean not null default false,
    destination text collate "C" not null,
    subject text collate "C" not null,
    lease text,
    primary key (destination, subject)
);
create index outbox_subject_by_due_at on outbox_subject (destination, due_at) where due_at is not null;

-- What became of rows.
create table delivery (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    done_at timestamptz not null,
    -- 1: sent, 2: withheld, 3: given up.
    outcome integer not null,
    status integer not null,
    tries integer not null,
    destination text collate "C" not null,
    subject text collate "C" not null,
    effect_id text collate "C" not null,
    kind text collate "C" not null,
    name text collate "C" not null,
    cause text collate "C" not null,
    other text collate "C",
    detail text,
    reason text collate "C" not null,
    note text
);
create unique index delivery_by_effect on delivery (destination, effect_id);
create index delivery_by_id on delivery (destination, id);
create index delivery_by_outcome on delivery (destination, outcome, id);
create index delivery_by_subject on delivery (destination, subject, id);
