#!/bin/sh
# Runs before everything else, as root with no right but to give files away. Draws every secret at the first start, and
# gives each process the files it may read. A later start keeps what was drawn.
set -eu
umask 077

# The users of docker-compose.yml.
facehash=10001 s3=10002 redis=999 grafana=472 prometheus=65534

drawn=/secrets/drawn
mkdir -p "$drawn"
# Each file below has one reader; the folder only leads there.
chmod 0755 /secrets

# once NAME: the value of a secret, 256 bits; drawn where there is none yet. Hex needs no escaping in a URL or a file.
once() {
  if [ ! -s "$drawn/$1" ]; then
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > "$drawn/$1.new"
    # Half a secret, of a disk that is full, would stay for ever.
    [ "$(wc -c < "$drawn/$1.new")" -eq 64 ] || { echo "No secret could be written to the volume 'secrets': is the disk full?" >&2; exit 1; }
    mv "$drawn/$1.new" "$drawn/$1"
  fi
  cat "$drawn/$1"
}

# give NAME USER: what comes in becomes /secrets/NAME, for this user's eyes only; in one step, as somebody may be reading it.
give() {
  cat > "/secrets/$1.new"
  chmod 0400 "/secrets/$1.new"
  chown "$2:$2" "/secrets/$1.new"
  mv "/secrets/$1.new" "/secrets/$1"
}

redis_password=$(once redis-password)
s3_root_password=$(once s3-root-password)
s3_password=$(once s3-password)
admin_token=$(once admin-token)
grafana_password=$(once grafana-password)

# Files and not arguments: whoever may list the processes of the machine reads their arguments.
echo "requirepass $redis_password" | give redis.conf $redis
echo "redis://:$redis_password@redis:6379" | give redis-url $facehash
echo facehash-root | give s3-root-user $s3
echo "$s3_root_password" | give s3-root-password $s3
printf 'facehash\n%s\n' "$s3_password" | give s3-user $s3
echo "s3://facehash:$s3_password@s3:9000/facehash" | give storage-url $facehash
echo "$admin_token" | give admin-token $facehash
echo "$grafana_password" | give grafana-password $grafana

# A new volume belongs to root, and nothing after this runs as root.
for owned in objects:$s3 redis:$redis spool:$facehash notes:$facehash prometheus:$prometheus grafana:$grafana; do
  [ ! -d "/volumes/${owned%:*}" ] || chown "${owned#*:}:${owned#*:}" "/volumes/${owned%:*}"
done
