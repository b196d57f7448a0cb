-- Whoever leaves an audience keeps her row for a week, so that who follows its changes can go on where it stopped.
-- "changed" is the id of the transaction of the row's last entry or leaving. Rows of before have none.
alter table audience_member add column changed bigint not null default 0;
-- Null: she is in it.
alter table audience_member add column left_at timestamptz;

create index audience_member_by_change on audience_member (audience, changed, customer_id) where changed > 0;
create index audience_member_left on audience_member (left_at) where left_at is not null;
