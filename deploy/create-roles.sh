#!/bin/sh
# Makes the databases of the product and the sandbox, and a role for each who connects, so that nobody needs the superuser. The image
# of PostgreSQL runs it once, when its volume is made. The role that the product runs as is made by the migration.
set -eu

known=known-to-everybody

# NAME PASSWORD: it becomes part of an address, and must be nobody else's.
check_password() {
  case "$2" in
    '' | *[!A-Za-z0-9_-]*)
      echo "$1 must consist of letters, digits, - and _" >&2
      exit 1
      ;;
    "$known")
      [ "${ALLOW_KNOWN_SECRETS:-false}" = true ] && return
      echo "$1 is known to everybody. Make secrets of your own with: ./deploy/create-secrets.sh >> .env" >&2
      echo "Or set ALLOW_KNOWN_SECRETS=true where nobody else can reach this system." >&2
      exit 1
      ;;
  esac
}

check_password POSTGRES_PASSWORD "$POSTGRES_PASSWORD"
check_password MIGRATION_PASSWORD "$MIGRATION_PASSWORD"
check_password SANDBOX_PASSWORD "$SANDBOX_PASSWORD"
check_password TEMPORAL_PASSWORD "$TEMPORAL_PASSWORD"

psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<END
-- Makes its two databases itself.
create role temporal login createdb password '$TEMPORAL_PASSWORD';
-- Makes the tables, and the role that the product runs as.
create role orders_migration login createrole password '$MIGRATION_PASSWORD';
create role sandbox login password '$SANDBOX_PASSWORD';
create database orders owner orders_migration;
create database sandbox owner sandbox;
revoke all on database orders from public;
revoke all on database sandbox from public;
END
