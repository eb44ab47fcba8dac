#include <napi.h>

#include "flatten_worker.h"
#include "forest_handle.h"
#include "open_worker.h"
#include "predict_worker.h"

namespace {

Napi::Object register_exports(Napi::Env env, Napi::Object exports) {
    exports.Set("open", Napi::Function::New(env, open_forest, "open"));
    exports.Set("points", Napi::Function::New(env, forest_points, "points"));
    exports.Set("predict", Napi::Function::New(env, predict, "predict"));
    exports.Set("close", Napi::Function::New(env, close_forest, "close"));
    exports.Set("flatten", Napi::Function::New(env, flatten, "flatten"));
    return exports;
}

}  // namespace

NODE_API_MODULE(dlib_node, register_exports)
