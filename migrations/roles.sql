-- The four roles of commsbridge. Run once per cluster by a superuser (docs/running.md); safe to run again.
-- Passwords are set by whoever runs the cluster: ALTER ROLE commsbridge_app PASSWORD '...'.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'commsbridge_owner') THEN
    CREATE ROLE commsbridge_owner LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'commsbridge_ingest') THEN
    CREATE ROLE commsbridge_ingest NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'commsbridge_app') THEN
    CREATE ROLE commsbridge_app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS IN ROLE commsbridge_ingest;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'commsbridge_carrier') THEN
    CREATE ROLE commsbridge_carrier LOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END
$$;
