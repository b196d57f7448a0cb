-- Blocks are SQLite's (its step of this number says why); here a message is a row as before. Both databases have the same
-- steps, so that one number says which programs may open a store.
select 1;
