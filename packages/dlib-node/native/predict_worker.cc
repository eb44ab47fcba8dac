#include "predict_worker.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "forest_handle.h"
#include "promise_worker.h"

namespace {

class PredictWorker : public PromiseWorker {
public:
    PredictWorker(Napi::Env env, ForestPointer forest, Napi::Uint8Array pixels, std::uint32_t width,
                  std::uint32_t height, std::vector<Box> boxes)
        : PromiseWorker(env, "dlib-node:predict"),
          forest_(std::move(forest)),
          pixels_(Napi::Persistent(pixels)),
          image_{pixels.Data(), width, height},
          boxes_(std::move(boxes)) {}

private:
    void run() override { landmarks_ = forest_->predict(image_, boxes_); }

    Napi::Value result(Napi::Env env) override {
        auto array = Napi::Float32Array::New(env, landmarks_.size());
        std::copy(landmarks_.begin(), landmarks_.end(), array.Data());
        return array;
    }

    const ForestPointer forest_;
    const Napi::Reference<Napi::Uint8Array> pixels_;  // only keeps the memory of image_ alive
    const ImageView image_;
    const std::vector<Box> boxes_;
    std::vector<float> landmarks_;
};

std::vector<Box> boxes_from(const Napi::Float64Array& numbers) {
    std::vector<Box> boxes;
    boxes.reserve(numbers.ElementLength() / 4);
    for (std::size_t i = 0; i + 4 <= numbers.ElementLength(); i += 4) {
        boxes.push_back({numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3]});
    }
    return boxes;
}

}  // namespace

Napi::Value predict(const Napi::CallbackInfo& info) {
    return PromiseWorker::start<PredictWorker>(
        info.Env(), unwrap_forest(info[0]), info[1].As<Napi::Uint8Array>(), info[2].As<Napi::Number>().Uint32Value(),
        info[3].As<Napi::Number>().Uint32Value(), boxes_from(info[4].As<Napi::Float64Array>()));
}
