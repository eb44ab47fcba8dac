#pragma once

#include <napi.h>

/*!
    predict(handle, pixels: Uint8Array, width, height, boxes: Float64Array) → promise of a Float32Array

    requires
        - pixels has width × height elements; boxes holds left, top, width, height of each box (validated in
          src/landmark-predictor.ts)
        - until the promise settles, the buffer of pixels is neither transferred nor resized. Writing to it is
          safe, but then the landmarks are those of a mixture.
    ensures
        - the promise's value has boxes × points × 2 numbers (FlatForest::predict)
        - pixels is never written to, and is kept alive until the promise settles
    throws
        - Napi::Error with code CLOSED
!*/
Napi::Value predict(const Napi::CallbackInfo& info);
