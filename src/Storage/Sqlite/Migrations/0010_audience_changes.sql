-- Whoever leaves an audience keeps her row for a week, so that who follows its changes can go on where it stopped.
-- "changed" is the place of the row's last entry or leaving: rising with the transactions. Rows of before have none.
alter table audience_member add column changed integer not null default 0;
-- Microseconds since 1970, UTC; null: she is in it.
alter table audience_member add column left_at integer;

create index audience_member_by_change on audience_member (audience, changed, customer_id) where changed > 0;
create index audience_member_last_change on audience_member (changed);
create index audience_member_left on audience_member (left_at) where left_at is not null;
