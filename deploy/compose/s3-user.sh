#!/bin/sh
# Makes the bucket and the user that gateway and workers have: it may read and write this bucket and nothing else. Made
# again at every start, which changes nothing.
set -eu
MC_HOST_s3="http://$(cat /secrets/s3-root-user):$(cat /secrets/s3-root-password)@s3:9000"
export MC_HOST_s3

# The server starts beside this, and its port answers before it can write. A minute is far more than it needs.
tries=0
until mcli --quiet mb --ignore-existing s3/facehash; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || exit 1
  sleep 1
done

cat > /tmp/policy.json <<'POLICY'
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": ["arn:aws:s3:::facehash"] },
    { "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": ["arn:aws:s3:::facehash/*"] }
  ]
}
POLICY
mcli --quiet admin policy create s3 facehash /tmp/policy.json
# Name and secret by stdin, a line each.
mcli --quiet admin user add s3 < /secrets/s3-user
# Refused where it is attached already, which is told by what the user has.
mcli --quiet admin policy attach s3 facehash --user facehash || mcli --quiet admin user info s3 facehash | grep -q 'PolicyName: facehash$'
