#include "open_worker.h"

#include <string>
#include <utility>

#include "forest_handle.h"
#include "promise_worker.h"

namespace {

class OpenWorker : public PromiseWorker {
public:
    OpenWorker(Napi::Env env, std::string path) : PromiseWorker(env, "dlib-node:open"), path_(std::move(path)) {}

private:
    void run() override { forest_ = std::make_shared<const FlatForest>(path_); }
    Napi::Value result(Napi::Env env) override { return wrap_forest(env, std::move(forest_)); }

    const std::string path_;
    ForestPointer forest_;
};

}  // namespace

Napi::Value open_forest(const Napi::CallbackInfo& info) {
    return PromiseWorker::start<OpenWorker>(info.Env(), info[0].As<Napi::String>().Utf8Value());
}
