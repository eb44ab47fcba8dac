"""What schemathesis has to know beside the document: what a photo is, and which key it must not saw off."""

import json
import os
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

PHOTO = Path(os.environ["FUZZ_PHOTO"]).read_bytes()
OWN_KEY = os.environ["FUZZ_KEY_ID"]

# A drawn face, or bytes that are no image.
FILES = st.one_of(st.just(PHOTO), st.binary(max_size=64))
schemathesis.openapi.format("binary", FILES)
schemathesis.openapi.media_type("image/*", FILES)

# Webhooks go to a name that never resolves (RFC 2606), not to strangers.
schemathesis.openapi.format("uri", st.from_regex(r"\Ahttps://[a-z]{1,9}\.invalid/[a-z]{0,9}\Z"))


@schemathesis.hook
def filter_case(context, case):
    """Not the key that the requests are made with: revoked, it would end the test. Not headers that HTTP lets anybody add."""
    if "x-schemathesis-unknown-property" in (case.headers or {}):
        return False
    return case.method == "GET" or (case.path_parameters or {}).get("id") != OWN_KEY


@schemathesis.hook
def before_call(context, case, kwargs):
    """A form's lists are one text, with commas or as JSON, as the document's `encoding` says; schemathesis would repeat the field."""
    if case.media_type == "multipart/form-data" and isinstance(case.body, dict):
        events = case.body.get("webhook_events")
        if isinstance(events, list):
            case.body["webhook_events"] = ",".join(map(str, events))
        labels = case.body.get("labels")
        if isinstance(labels, list):
            case.body["labels"] = json.dumps(labels)
