#include "engine/inference/recorded_denoiser.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <map>
#include <utility>
#include <vector>

#include "engine/base/log.h"
#include "engine/inference/device_network.h"

namespace kiln {
namespace {

constexpr int kPlainEvaluations = 3;        // of a number of sprites, before a recording is worth its cost
constexpr std::size_t kMostRecordings = 8;  // each keeps the memory of an evaluation

class RecordedDenoiser : public Denoiser {
 public:
  RecordedDenoiser(const Model& model, const DenoiserOptions& options, std::unique_ptr<DeviceStream> stream)
      : stream_(std::move(stream)),
        network_(device_network(model, options.device, options.bf16)),
        steps_(model.diffusion.schedule.length),
        tiling_(options.tiling) {}
  ~RecordedDenoiser() override {
    try {
      stream_->mark()->wait();
    } catch (const c10::Error&) {  // the device is lost, and so is the work
    }
  }
  RecordedDenoiser(const RecordedDenoiser&) = delete;
  RecordedDenoiser& operator=(const RecordedDenoiser&) = delete;

  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) override {
    timesteps_ = timesteps;
    condition_ = condition.to(stream_->device());
    both_ = at::cat({condition_, negative.to(stream_->device())});
  }

  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    const at::NoGradGuard no_grad;
    const TilingScope tiling(tiling_);
    const at::Tensor input = guided ? at::cat({x, x}) : x, condition = guided ? both_ : condition_;
    const double t = timesteps_[static_cast<std::size_t>(step)] / steps_;
    const auto plainly = [&] { return network_->forward(input, at::full({input.size(0)}, t, input.options()), condition); };
    Recording& recording = recordings_[input.size(0)];
    if (recording.evaluations++ < kPlainEvaluations || !can_record_) return plainly();
    stream_->wait_for_caller();
    if (!recording.repeat && !record(recording, input, condition)) return plainly();
    at::Tensor output;
    stream_->run([&] {
      recording.x.copy_(input);
      recording.t.fill_(t);
      recording.condition.copy_(condition);
    });
    recording.repeat();
    stream_->run([&] { output = recording.output.clone(); });
    stream_->caller_waits();
    return output;
  }

 private:
  struct Recording {
    int evaluations = 0;
    at::Tensor x, t, condition, output;  // where it reads and writes
    std::function<void()> repeat;
  };

  bool record(Recording& recording, const at::Tensor& input, const at::Tensor& condition) {
    if (recorded_ == kMostRecordings) return false;
    try {
      stream_->run([&] {
        recording.x = input.clone();
        recording.t = at::zeros({input.size(0)}, input.options());
        recording.condition = condition.clone();
      });
      recording.repeat = stream_->record(
          [this, &recording] { recording.output = network_->forward(recording.x, recording.t, recording.condition); }, [] {});
      ++recorded_;
    } catch (const c10::OutOfMemoryError&) {
      throw;
    } catch (const c10::Error& error) {
      can_record_ = false;
      log_warn(std::string("the GPU cannot record an evaluation, and does it one operation after another, which is slower: ") +
               error.what_without_backtrace());
    }
    return can_record_;
  }

  std::unique_ptr<DeviceStream> stream_;
  std::shared_ptr<Network> network_;
  double steps_;
  Tiling tiling_;
  bool can_record_ = true;
  std::size_t recorded_ = 0;
  std::map<std::int64_t, Recording> recordings_;  // by the number of sprites
  std::vector<double> timesteps_;
  at::Tensor condition_, both_;  // [B, K], [2B, K]
};

}  // namespace

std::unique_ptr<Denoiser> make_recorded_denoiser(const Model& model, const DenoiserOptions& options,
                                                 const MakeStream& make_stream) {
  auto stream = make_stream(options.device);
  return stream ? std::make_unique<RecordedDenoiser>(model, options, std::move(stream)) : nullptr;
}

}  // namespace kiln
