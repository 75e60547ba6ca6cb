#!/bin/sh
# Gives the Temporal at TEMPORAL_ADDRESS the namespace that orders run in, with its search attributes. Safe to run again:
# what is there stays, what is missing is added, and the retention becomes what TEMPORAL_RETENTION says.
set -eu

temporal="${TEMPORAL_CLI:-temporal}"
namespace="${TEMPORAL_NAMESPACE:-default}"
# How long a finished order's history stays readable in the Web UI; the order itself stays in PostgreSQL.
retention="${TEMPORAL_RETENTION:-30d}"

# What the workflows set: the names are case-sensitive, and a type can't be changed later.
search_attributes='
OrderStatus Keyword
OrderNumber Keyword
CustomerId Keyword
SagaStep Keyword
NeedsAttention Bool
OrderTotal Int
'

# Something that was just made takes a server some seconds to know everywhere.
attempts=60

retry() {
  left=$attempts
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
      echo "gave up after $attempts attempts: $*" >&2
      "$@"
      return 1
    fi
    sleep 1
  done
}

attribute_type() {
  "$temporal" operator search-attribute list --namespace "$namespace" | awk -v name="$1" '$1 == name { print $2 }'
}

add_attribute() {
  found=$(attribute_type "$1")
  if [ -z "$found" ]; then
    "$temporal" operator search-attribute create --namespace "$namespace" --name "$1" --type "$2"
  elif [ "$found" != "$2" ]; then
    echo "search attribute $1 of namespace $namespace is of type $found and must be $2" >&2
    return 1
  fi
}

retry "$temporal" operator cluster health

if "$temporal" operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
  "$temporal" operator namespace update --namespace "$namespace" --retention "$retention"
else
  "$temporal" operator namespace create --namespace "$namespace" --retention "$retention"
fi
retry "$temporal" operator search-attribute list --namespace "$namespace"

query=''
while read -r name type; do
  [ -n "$name" ] || continue
  add_attribute "$name" "$type"
  query="${query:+$query AND }$name IS NULL"
done <<END
$search_attributes
END

# An attribute may be listed before it can be used; workflows that come too early would fail.
retry "$temporal" workflow count --namespace "$namespace" --query "$query"
echo "namespace $namespace is ready"
