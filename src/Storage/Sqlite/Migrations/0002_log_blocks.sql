-- The log is kept in blocks from here on: in a table for each partition, made with it (Tables/PartitionTable.cs). What is left
-- of the rows of before is moved when the store is opened (Tables/RowLog.cs). This step is there so that a program of before
-- refuses the store: it would find an empty log, and take every repeat for new.
insert into storage_setting (name, value) values ('log_form', 'blocks');
