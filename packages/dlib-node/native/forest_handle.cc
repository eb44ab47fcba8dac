#include "forest_handle.h"

#include <utility>

namespace {

using Handle = Napi::External<ForestPointer>;

ForestPointer& held_by(const Napi::Value& handle) { return *handle.As<Handle>().Data(); }

}  // namespace

Napi::Value wrap_forest(Napi::Env env, ForestPointer forest) {
    auto held = std::make_unique<ForestPointer>(std::move(forest));
    const Handle handle = Handle::New(env, held.get(), [](Napi::Env, ForestPointer* pointer) {
        const std::unique_ptr<ForestPointer> ended(pointer);
    });
    held.release();  // the finaliser above owns it now
    return handle;
}

ForestPointer unwrap_forest(const Napi::Value& handle) {
    ForestPointer forest = held_by(handle);
    if (!forest) {
        const Napi::Error error = Napi::Error::New(handle.Env(), "the landmark predictor is closed; open another");
        error.Value().Set("code", "CLOSED");
        throw error;
    }
    return forest;
}

void close_forest(const Napi::CallbackInfo& info) { held_by(info[0]).reset(); }

Napi::Value forest_points(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), unwrap_forest(info[0])->points());
}
