#include "flatten_worker.h"

#include <string>
#include <utility>

#include "flatten_model.h"
#include "promise_worker.h"

namespace {

class FlattenWorker : public PromiseWorker {
public:
    FlattenWorker(Napi::Env env, std::string dat_path, std::string flat_path)
        : PromiseWorker(env, "dlib-node:flatten"), dat_path_(std::move(dat_path)), flat_path_(std::move(flat_path)) {}

private:
    void run() override { flatten_model(dat_path_, flat_path_); }
    Napi::Value result(Napi::Env env) override { return env.Undefined(); }

    const std::string dat_path_;
    const std::string flat_path_;
};

}  // namespace

Napi::Value flatten(const Napi::CallbackInfo& info) {
    return PromiseWorker::start<FlattenWorker>(info.Env(), info[0].As<Napi::String>().Utf8Value(),
                                               info[1].As<Napi::String>().Utf8Value());
}
