-- On PostgreSQL this step makes the tables in which Orleans keeps its cluster. A grid on SQLite is one process and needs none;
-- the step is here because both databases have the same steps.
select 1;
