-- What the page shows, and the case register. Run once as the server's own account: runuser -u postgres -- psql -f deploy/postgresql.sql
-- The service comes in over the local socket by its account (peer), so there is no password.
create role samkorning login;
create database samkorning_page owner samkorning encoding 'UTF8' template template0;
revoke all on database samkorning_page from public;
create database samkorning_cases owner samkorning encoding 'UTF8' template template0;
revoke all on database samkorning_cases from public;
