-- The words of people's names: a customer's rows are written with its state, in its transaction (src/Storage/Ports/GrainStateStore.cs).
create table customer_name (
    word text not null,
    customer_id text not null,
    -- The fields that have the word, as flags (src/Rules/Profiles/Names/NameFields.cs).
    fields integer not null,
    primary key (word, customer_id)
) strict, without rowid;

-- A search goes along the key. Its other words, and what a write looks for, are the customer's.
create index customer_name_by_customer on customer_name (customer_id, word, fields);

-- The customers that are there already are listed by a job: a row says that it is owed, and by which way of making words.
create table customer_name_backfill (version integer primary key) strict;
insert into customer_name_backfill (version) select 1 where exists (select 1 from customer);
