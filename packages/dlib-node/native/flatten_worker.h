#pragma once

#include <napi.h>

/// flatten(datPath, flatModelPath) → promise of undefined; rejects with MODEL_UNREADABLE or MODEL_UNWRITABLE.
Napi::Value flatten(const Napi::CallbackInfo& info);
