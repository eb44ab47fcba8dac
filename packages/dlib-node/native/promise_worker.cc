#include "promise_worker.h"

#include "coded_error.h"

PromiseWorker::PromiseWorker(Napi::Env env, const char* name)
    : Napi::AsyncWorker(env, name), deferred_(Napi::Promise::Deferred::New(env)) {}

void PromiseWorker::Execute() {
    try {
        run();
    } catch (const CodedError& error) {
        code_ = error.code();
        SetError(error.what());
    }  // other exceptions are taken by Napi::AsyncWorker
}

void PromiseWorker::OnOK() { deferred_.Resolve(result(Env())); }

void PromiseWorker::OnError(const Napi::Error& error) {
    if (code_ != nullptr) error.Value().Set("code", code_);
    deferred_.Reject(error.Value());
}
