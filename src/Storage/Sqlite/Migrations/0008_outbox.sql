-- What waits for destinations: a row is written with the state that causes it, in its transaction (src/Storage/Ports/Outbox.cs).
create table outbox (
    destination text not null,
    -- The customer whom it is about.
    subject text not null,
    -- Rising within the subject: the order in which it is sent.
    sequence integer not null,
    effect_id text not null,
    kind text not null,
    name text not null,
    cause text not null,
    other text,
    -- Of an erasure the identifiers to be deleted, a JSON array.
    detail text,
    -- Microseconds since 1970, UTC.
    at integer not null,
    primary key (destination, subject, sequence)
) strict, without rowid;
create unique index outbox_by_effect on outbox (destination, effect_id);
create index outbox_by_at on outbox (destination, at);

-- Of each customer how a destination stands with it: what is due, who has taken it, and whether it was ever sent anything.
create table outbox_subject (
    destination text not null,
    subject text not null,
    last_sequence integer not null,
    -- When its first row may be taken; null: none waits. Of one that is taken: when the lease ends.
    due_at integer,
    lease text,
    taken integer,
    tries integer not null default 0,
    tried_at integer,
    has_gap integer not null default 0,
    -- When the destination was first sent something of the customer; null: it has nothing.
    sent_at integer,
    primary key (destination, subject)
) strict, without rowid;
create index outbox_subject_by_due_at on outbox_subject (destination, due_at) where due_at is not null;

-- What became of rows.
create table delivery (
    id integer primary key autoincrement,
    destination text not null,
    subject text not null,
    effect_id text not null,
    kind text not null,
    name text not null,
    cause text not null,
    other text,
    detail text,
    at integer not null,
    -- 1: sent, 2: withheld, 3: given up.
    outcome integer not null,
    reason text not null,
    status integer not null,
    tries integer not null,
    done_at integer not null,
    note text
) strict;
create unique index delivery_by_effect on delivery (destination, effect_id);
create index delivery_by_id on delivery (destination, id);
create index delivery_by_outcome on delivery (destination, outcome, id);
create index delivery_by_subject on delivery (destination, subject, id);
