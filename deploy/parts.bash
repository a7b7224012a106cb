# What backup, restore and upgrade share; read by them. Settings come from backup.conf, or from the environment.
set -euo pipefail
umask 077
settings=${SAMKORNING_BACKUP_CONF:-/etc/samkorning/backup.conf}
if [ -f "$settings" ]; then set -a; . "$settings"; set +a; fi
: "${SAMKORNING_HOME:?}" "${KEYSTORE:?}" "${DATABASES:?}" "${BACKUPS:?}" "${KEYSTORE_BACKUPS:?}" "${SAMKORNING:?}" "${ACCOUNT:?}"

refuse() { echo "$1" >&2; exit 1; }

ends=()
at_end() { ends=("$1" "${ends[@]}"); }
trap 'for each in "${ends[@]}"; do eval "$each"; done' EXIT

# A program as the service's account.
as_service() {
    if [ "$(id -un)" = "$ACCOUNT" ]; then (cd / && env "$@"); return; fi
    (cd / && setpriv --reuid "$ACCOUNT" --regid "$ACCOUNT" --init-groups --reset-env env "$@")
}

# A copy of the passphrase that the service's account may read, in memory, until the script ends.
lend_passphrase() {
    lent=$(mktemp -d -p /dev/shm)
    at_end 'rm -rf "$lent"'
    cp "${SAMKORNING_PASSPHRASE_FILE:-/etc/samkorning/passphrase}" "$lent/passphrase"
    chown -R "$ACCOUNT:" "$lent"
}

samkorning() {
    as_service SAMKORNING_HOME="$SAMKORNING_HOME" SAMKORNING_PASSPHRASE_FILE="$lent/passphrase" "$SAMKORNING" "$@"
}

# What writes in the home rests; the pages go on showing what is there.
rest() { for unit in ${UNITS:-}; do systemctl stop "$unit"; done; }
go_on() { for unit in ${UNITS:-}; do systemctl start "$unit"; done; }
