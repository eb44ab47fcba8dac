#pragma once

#include <memory>

#include <napi.h>

#include "flat_forest.h"

/*!
    WHAT THIS FILE REPRESENTS
        How JavaScript holds a forest: an opaque value around a shared pointer. close() drops that pointer; a
        prediction under way has its own, so the memory goes when the last of them ends. A handle that is
        garbage-collected is closed by that.
    THREAD SAFETY
        Main thread only.
!*/
using ForestPointer = std::shared_ptr<const FlatForest>;

Napi::Value wrap_forest(Napi::Env env, ForestPointer forest);

/*!
    requires
        - handle was made by wrap_forest()
    ensures
        - returns its forest
    throws
        - Napi::Error with code CLOSED when it was closed
!*/
ForestPointer unwrap_forest(const Napi::Value& handle);

/// close(handle): idempotent.
void close_forest(const Napi::CallbackInfo& info);

/// points(handle) → number of landmarks of a shape
Napi::Value forest_points(const Napi::CallbackInfo& info);
