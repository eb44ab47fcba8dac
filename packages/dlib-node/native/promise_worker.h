#pragma once

#include <memory>
#include <utility>

#include <napi.h>

/*!
    WHAT THIS OBJECT REPRESENTS
        One piece of work on a thread of libuv's pool and the promise of its outcome. run() sees only what the
        worker holds, never JavaScript; result() turns the outcome into JavaScript on the main thread. A
        CodedError thrown by run() rejects the promise with an Error that has its code; any other exception
        rejects without a code. The worker owns and ends itself.
!*/
class PromiseWorker : public Napi::AsyncWorker {
public:
    /*!
        requires
            - called on the main thread
        ensures
            - queues a Worker made from arguments and returns its promise
    !*/
    template <typename Worker, typename... Arguments>
    static Napi::Promise start(Napi::Env env, Arguments&&... arguments) {
        auto worker = std::make_unique<Worker>(env, std::forward<Arguments>(arguments)...);
        const Napi::Promise promise = worker->deferred_.Promise();
        worker->Queue();
        worker.release();  // from here on Napi::AsyncWorker deletes it, after OnOK or OnError
        return promise;
    }

protected:
    PromiseWorker(Napi::Env env, const char* name);

    virtual void run() = 0;
    virtual Napi::Value result(Napi::Env env) = 0;

private:
    void Execute() final;
    void OnOK() final;
    void OnError(const Napi::Error& error) final;

    Napi::Promise::Deferred deferred_;
    const char* code_ = nullptr;
};
