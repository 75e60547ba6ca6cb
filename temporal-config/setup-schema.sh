#!/bin/sh
# Makes Temporal's two databases and brings their schemas to this temporal-sql-tool's version. Safe to run again; run it
# with the new tool before every upgrade of the server. Connects as SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD say.
set -eu

export SQL_PLUGIN="${SQL_PLUGIN:-postgres12_pgx}"
sql_tool="${TEMPORAL_SQL_TOOL:-temporal-sql-tool}"

# NAME SCHEMA: the schemas lie within the tool, so that they can't be another version's.
bring_up_to_date() {
  echo "setting up database $1"
  "$sql_tool" --database "$1" create-database
  "$sql_tool" --database "$1" setup-schema --version 0.0
  "$sql_tool" --database "$1" update-schema --schema-name "$2"
}

bring_up_to_date "${TEMPORAL_DATABASE:-temporal}" postgresql/v12/temporal
bring_up_to_date "${TEMPORAL_VISIBILITY_DATABASE:-temporal_visibility}" postgresql/v12/visibility
