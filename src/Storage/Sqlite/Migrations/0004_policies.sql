-- From here on all policies are kept in one form: a row 'policy' for each kind and a row 'policy_text' for each file. The rows
-- 'identity_rules' and 'mastership' of before stay as they are; the policy's grain takes over what they say when it first comes
-- up (grains/Policies/FormerPolicies.cs). This step is there so that a program of before refuses the store: it would go on from
-- those rows, and decide by rules that have been replaced since.
insert into storage_setting (name, value) values ('policy_form', 'one');
