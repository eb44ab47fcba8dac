# What tests/compose/run drives: docker compose where a docker engine runs, else podman by podman-compose. Sourced.
project=${PROJECT:-facehash-test}

if docker info > /dev/null 2>&1 && docker compose version > /dev/null 2>&1; then
  engine=docker
  compose() { docker compose -p "$project" "${files[@]}" "$@"; }
  build_image() { docker build -q "$@"; }
else
  engine=podman
  # Debian's podman-compose 1.0 knows neither conditions nor limits.
  tools=${XDG_CACHE_HOME:-$HOME/.cache}/facehash/podman-compose
  [ -x "$tools/bin/podman-compose" ] || { python3 -m venv "$tools" && "$tools/bin/pip" -q install 'podman-compose==1.6.0'; } || exit 1
  # Without systemd podman says at every start that it cannot run health checks by itself; `is_healthy` runs them.
  compose() {
    "$tools/bin/podman-compose" -p "$project" "${files[@]}" "$@" \
      2> >(grep -v -e systemd -e syslog -e 'Ignored .* condition check' >&2)
  }
  build_image() { buildah bud --format docker --layers --isolation chroot --network host -q "$@"; }
fi

# down [-v]. podman-compose forgets the containers that --scale has added, and with them their networks and volumes.
down() {
  local id
  [ "$engine" = docker ] || for id in $(containers worker); do podman rm -f -t 150 "$id" > /dev/null; done
  compose down --remove-orphans "$@"
}

files=(-f docker-compose.yml ${EXTRA:+-f "$EXTRA"})

# containers [SERVICE]: the ids of the project's containers, those that have ended included.
containers() {
  "$engine" ps -aq --filter "label=com.docker.compose.project=$project" ${1:+--filter "label=com.docker.compose.service=$1"}
}

running() {
  "$engine" ps -q --filter "label=com.docker.compose.project=$project" ${1:+--filter "label=com.docker.compose.service=$1"}
}

# inspect ID FORMAT
inspect() { "$engine" inspect --format "$2" "$1" 2> /dev/null; }

is_healthy() {
  if [ "$engine" = docker ]; then [ "$(inspect "$1" '{{.State.Health.Status}}')" = healthy ]
  else podman healthcheck run "$1" > /dev/null 2>&1; fi
}

# all_healthy SERVICE...: each has a container, and every one is healthy.
all_healthy() {
  local service id
  for service in "$@"; do
    [ -n "$(running "$service")" ] || return 1
    for id in $(running "$service"); do is_healthy "$id" || return 1; done
  done
}

# within SECONDS COMMAND...: tries until it succeeds.
within() {
  local deadline=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $deadline ] || return 1; sleep 1; done
}

# inside SERVICE COMMAND...: in the first running container of a service.
inside() { local id; id=$(running "$1" | head -n 1); shift; "$engine" exec "$id" "$@"; }

# one_shot_ended SERVICE: it has run and ended with 0.
one_shot_ended() { [ "$(inspect "$(containers "$1" | head -n 1)" '{{.State.Status}} {{.State.ExitCode}}')" = 'exited 0' ]; }

# restart_one ID: as an operator does it; a worker is given longest. podman start also starts what has ended and is depended on, and
# refuses where one of these has ended before another has begun: so it is tried again.
restart_one() {
  "$engine" stop -t 150 "$1" > /dev/null 2>&1 && within 30 "$engine" start "$1" > /dev/null 2>&1 && within 90 is_healthy "$1"
}
