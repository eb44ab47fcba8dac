#pragma once

#include <napi.h>

/// open(flatModelPath) → promise of a forest handle (forest_handle.h); rejects with MODEL_UNREADABLE.
Napi::Value open_forest(const Napi::CallbackInfo& info);
