#include "engine/training/recorded_gradient.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <array>
#include <string>

#include "engine/base/log.h"

namespace kiln {
namespace {

constexpr int kPlainPasses = 2;             // over a number of rows, before a recording is worth its cost
constexpr std::size_t kMostRecordings = 4;  // each keeps the memory of a pass

constexpr std::array kParts = {&Example::x_t, &Example::t, &Example::condition, &Example::target, &Example::weight};

}  // namespace

RecordedGradient::~RecordedGradient() {
  try {
    stream_->mark()->wait();
  } catch (const c10::Error&) {  // the device is lost, and so is the work
  }
}

at::Tensor RecordedGradient::accumulate(Network& network, const at::Tensor& gradients, const Objective& objective,
                                        const Example& example, const DropoutPlace& dropout) {
  if (!can_record_) return {};
  Recording& recording = recordings_[{&objective, example.x_t.size(0)}];
  if (recording.passes++ < kPlainPasses) return {};
  stream_->wait_for_caller();
  if (!recording.repeat && !record(recording, network, gradients, objective, example)) return {};
  at::Tensor loss;
  stream_->run([&] {
    const at::NoGradGuard no_grad;
    for (const auto part : kParts) (recording.example.*part).copy_(example.*part);
  });
  for (const auto& [drawn, factors] : recording.dropout.drawn(dropout.seed, dropout.first_row)) stream_->upload(drawn, factors);
  recording.repeat();
  stream_->run([&] { loss = recording.loss.clone(); });
  stream_->caller_waits();
  return loss;
}

bool RecordedGradient::record(Recording& recording, Network& network, const at::Tensor& gradients, const Objective& objective,
                              const Example& example) {
  if (recorded_ == kMostRecordings) return false;
  at::Tensor before;
  try {
    stream_->run([&] {
      const at::NoGradGuard no_grad;
      before = gradients.clone();
      for (const auto part : kParts) recording.example.*part = (example.*part).clone();
      recording.loss = at::zeros({}, example.x_t.options().dtype(at::kDouble));
    });
    const auto pass = [&recording, &network, &objective] {
      const at::AutoGradMode with_gradient(true);
      const DropoutTape::Reading reading(recording.dropout);
      const at::Tensor loss = objective.loss_sum(network, recording.example);
      loss.backward();
      const at::NoGradGuard no_grad;
      recording.loss.copy_(loss);
    };
    recording.repeat = stream_->record(pass, [] {});
    ++recorded_;
  } catch (const c10::Error& error) {
    can_record_ = false;
    log_warn(std::string("the GPU cannot record a training step, and does it one operation after another, which is slower: ") +
             error.what_without_backtrace());
  }
  stream_->run([&] {  // trials have added theirs
    const at::NoGradGuard no_grad;
    if (before.defined()) gradients.copy_(before);
  });
  stream_->caller_waits();
  return can_record_;
}

}  // namespace kiln
