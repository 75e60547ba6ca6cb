#!/bin/sh
# Prints the secrets of an installation, each of its own, for .env:
#   (umask 077; ./deploy/create-secrets.sh >> .env)
set -eu

random() {
  head -c "$1" /dev/urandom
}

password() {
  random 24 | od -An -v -tx1 | tr -d ' \n'
}

cat <<END
JWT_SECRET=$(random 32 | base64)
PAYMENT_WEBHOOK_SECRET=whsec_$(random 32 | base64)
INVENTORY_WEBHOOK_SECRET=whsec_$(random 32 | base64)
SHIPPING_WEBHOOK_SECRET=whsec_$(random 32 | base64)
POSTGRES_PASSWORD=$(password)
MIGRATION_PASSWORD=$(password)
DATABASE_PASSWORD=$(password)
SANDBOX_PASSWORD=$(password)
TEMPORAL_PASSWORD=$(password)
END
